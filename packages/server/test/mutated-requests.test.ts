import { Random } from '@lucie/ledger';
import { expect, it } from 'vitest';
import { createServer } from '../src/create-server.ts';
import { ScriptedModel, served } from './scripted-model.ts';

const CHAT = {
  model: 'nano',
  messages: [
    { role: 'system', content: 'sois bref' },
    { role: 'user', content: [{ type: 'text', text: 'bonjour' }] },
  ],
  temperature: 0.5,
  top_p: 0.9,
  max_tokens: 8,
  seed: 3,
  stop: ['fin'],
  n: 1,
  stream: false,
  stream_options: { include_usage: true },
};
const COMPLETION = { model: 'nano', prompt: 'il était', max_tokens: 4, stream: true };

/** Values that a careless or hostile client might put in a field's place. */
const ODD: unknown[] = [
  null,
  true,
  '',
  'nano',
  '\u0000',
  '\ud800',
  'é'.repeat(5000),
  0,
  -1,
  1e308,
  2 ** 53,
  -0.5,
  [],
  {},
  [[]],
  [null],
  [1, 2],
  { toString: 1 },
  { length: -1 },
  { constructor: { prototype: {} } },
  ['a'.repeat(3000)],
];

type Json = Record<string | number, unknown>;

/** Changes one place somewhere inside: replaces, removes, repeats or adds. */
function mutate(random: Random, root: Json): void {
  let at: Json = root;
  for (;;) {
    const keys = Object.keys(at);
    const key = keys.length > 0 ? keys[random.below(keys.length)]! : 'added';
    const inner = at[key];
    if (inner !== null && typeof inner === 'object' && random.below(2) === 0) {
      at = inner as Json;
      continue;
    }
    const what = random.below(4);
    if (what === 0) delete at[key];
    else if (what === 1)
      at[['__proto__', 'tools', 'echo', 'logit_bias', 'x'][random.below(5)]!] = structuredClone(
        ODD[random.below(ODD.length)],
      );
    else if (what === 2 && Array.isArray(at)) at.push(...structuredClone(at));
    else at[key] = structuredClone(ODD[random.below(ODD.length)]);
    return;
  }
}

/** Damages bytes, as a broken client or network might. */
function damage(random: Random, text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Buffer.from(text));
  const kept = random.below(3) === 0 ? random.below(bytes.length) : bytes.length;
  for (let i = random.below(4); i > 0 && kept > 0; i--) bytes[random.below(kept)] = random.below(256);
  return bytes.slice(0, kept);
}

it('300 mutated requests: an answer or a reasoned refusal, never a failure', async () => {
  const random = new Random(20, 'requests');
  const { app } = createServer({ models: [served(new ScriptedModel({ contextSize: 6000 }))] });
  const statuses = new Map<number, number>();
  for (let i = 0; i < 300; i++) {
    const chat = random.below(3) > 0;
    const body = structuredClone(chat ? CHAT : COMPLETION) as Json;
    for (let count = 1 + random.below(3); count > 0; count--) mutate(random, body);
    const text = JSON.stringify(body);
    const response = await app.request(chat ? '/v1/chat/completions' : '/v1/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: i % 3 === 0 ? damage(random, text) : text,
    });
    const answer = await response.text();
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    expect(response.status, text).toBeLessThan(500);
    if (response.status >= 400) {
      const { error } = JSON.parse(answer);
      expect(error, text).toMatchObject({
        type: 'invalid_request_error',
        code: expect.stringMatching(/^[a-z_]+$/),
      });
      expect(error.message.length, text).toBeGreaterThan(20);
    } else expect(answer, text).not.toContain('server_error');
  }
  // Both sides were met, so that the loop means something.
  expect(statuses.get(200)).toBeGreaterThan(30);
  expect(statuses.get(400)).toBeGreaterThan(100);
  expect((await app.request('/health')).status).toBe(200);
});
