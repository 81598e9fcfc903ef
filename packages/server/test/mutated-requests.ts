import { Random } from '@lucie/ledger';
import { expect } from 'vitest';

/** Requests that are in order, by path: what is damaged below. */
const WHOLE: [path: string, body: object][] = [
  [
    '/v1/chat/completions',
    {
      model: 'nano',
      messages: [
        { role: 'system', content: 'sois bref' },
        { role: 'user', content: [{ type: 'text', text: 'bonjour' }] },
      ],
      temperature: 0.5,
      top_p: 0.9,
      top_k: 5,
      min_p: 0.1,
      max_tokens: 8,
      seed: 3,
      stop: ['fin'],
      n: 2,
      logprobs: true,
      top_logprobs: 2,
      logit_bias: { 3: -5 },
      frequency_penalty: 0.5,
      presence_penalty: -0.5,
      repetition_penalty: 1.1,
      room: 'salle',
      person: 'p',
      deterministic: false,
      stream: false,
      stream_options: { include_usage: true },
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'x', strict: true, schema: { type: 'object', properties: { a: {} } } },
      },
    },
  ],
  ['/v1/chat/completions', { model: 'nano', messages: [{ role: 'user', content: 'bonjour' }], stream: true }],
  ['/v1/completions', { model: 'nano', prompt: 'il était', max_tokens: 4, stream: true, logprobs: 1 }],
  ['/v1/embeddings', { model: 'nano', input: ['il', 'était'], encoding_format: 'base64', dimensions: 3 }],
  ['/v1/embeddings', { model: 'nano', input: [[0], [1]] }],
  ['/v1/tokenize', { model: 'nano', prompt: 'il était', return_token_strs: true }],
  ['/v1/tokenize', { model: 'nano', messages: [{ role: 'user', content: 'il était' }] }],
  ['/v1/detokenize', { model: 'nano', tokens: [0, 1, 2] }],
  ['/v1/warm', { model: 'nano', text: 'il était', name: 'cours' }],
];

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
      at[['__proto__', 'tools', 'echo', 'logit_bias', 'n', 'grammar', 'input', 'x'][random.below(8)]!] =
        structuredClone(ODD[random.below(ODD.length)]);
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

/**
 * Sends `count` requests with one to three places changed, every third with damaged bytes, to every route in turn, and
 * demands an answer or a reasoned refusal each time.
 */
export async function sendMutated(
  send: (path: string, body: string | Uint8Array<ArrayBuffer>) => Promise<Response>,
  count: number,
  seed: number,
  requests = WHOLE,
): Promise<Map<number, number>> {
  const random = new Random(seed, 'requests');
  const statuses = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const [path, whole] = requests[random.below(requests.length)]!;
    const body = structuredClone(whole) as Json;
    for (let changes = 1 + random.below(3); changes > 0; changes--) mutate(random, body);
    const text = JSON.stringify(body);
    const response = await send(path, i % 3 === 0 ? damage(random, text) : text);
    const answer = await response.text();
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    expect(response.status, `${path} ${text} ${answer}`).toBeLessThan(500);
    if (response.status >= 400) {
      const { error } = JSON.parse(answer);
      expect(error, text).toMatchObject({
        type: 'invalid_request_error',
        code: expect.stringMatching(/^[a-z_]+$/),
      });
      expect(error.message.length, text).toBeGreaterThan(20);
    } else expect(answer, text).not.toContain('server_error');
  }
  return statuses;
}
