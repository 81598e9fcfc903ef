import { expect, it } from 'vitest';
import { post, start } from './requests.ts';
import { ScriptedModel } from './scripted-model.ts';

const path = '/v1/warm';

it('a course is read in advance, as --warm does', async () => {
  const { server, model } = start(new ScriptedModel({ contextSize: 8 }));
  const ask = async () =>
    (await post(server, path, { model: 'nano', text: 'Le cours.', name: 'cm2' })).json();
  expect(await ask()).toEqual({
    model: 'nano',
    tokens: 2,
    reused: 0,
    kept: true,
    stored: false,
    as: 'system',
  });
  expect(model.warmed).toEqual([{ text: 'Le cours.', name: 'cm2' }]);
  expect((await ask()).reused).toBe(2);
});

it('the beginning of a conversation is read in advance, up to where the next question begins', async () => {
  const { server, model } = start();
  const messages = [
    { role: 'system', content: 'Le cours.' },
    { role: 'assistant', content: 'Oui' },
  ];
  expect(await (await post(server, path, { model: 'nano', messages })).json()).toMatchObject({
    tokens: 3,
    as: 'messages',
  });
  expect(model.warmed).toEqual([{ text: 'Le cours. Oui' }]);
});

it.each([
  ['nothing', {}],
  ['a text and messages', { text: 'un', messages: [{ role: 'user', content: 'deux' }] }],
  ['an empty text', { text: '' }],
])('%s is refused', async (_, body) => {
  const response = await post(start().server, path, { model: 'nano', ...body });
  expect(response.status).toBe(400);
  expect((await response.json()).error).toMatchObject({ param: 'text', code: 'invalid_value' });
});
