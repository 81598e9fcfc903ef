import { expect, it } from 'vitest';
import { sendMutated } from './mutated-requests.ts';
import { HI, post, start } from './requests.ts';
import { ScriptedModel } from './scripted-model.ts';

it('400 mutated requests to every route: an answer or a reasoned refusal, never a failure', async () => {
  const { server } = start(new ScriptedModel({ contextSize: 6000 }));
  const statuses = await sendMutated(
    async (path, body) =>
      server.app.request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
    400,
    20,
  );
  // Both sides were met, so that the loop means something.
  expect(statuses.get(200)).toBeGreaterThan(40);
  expect(statuses.get(400)).toBeGreaterThan(100);
  const after = await (await post(server, '/v1/chat/completions', { model: 'nano', messages: HI })).json();
  expect(after.choices[0].message.content).toBe('Vous avez dit : bonjour à tous');
});
