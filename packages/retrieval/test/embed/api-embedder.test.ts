import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { apiEmbedder, e5Prefixes } from '../../src/index.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
});

interface Asked {
  path: string;
  key: string | undefined;
  model: string;
  input: string[];
}

/** A server whose answers `answer` makes; what it was asked is kept. */
async function serve(
  answer: (asked: Asked, response: ServerResponse, count: number) => unknown,
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one = { ...(JSON.parse(body) as Asked), path: request.url!, key: request.headers.authorization };
    asked.push(one);
    const value = answer(one, response, asked.length);
    if (value !== undefined) response.end(JSON.stringify(value));
  });
  await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

/** Three numbers that tell texts apart, of a length other than 1. */
const vectorOf = (text: string) => [text.length, text.codePointAt(0)!, 3];
const embeddings = ({ input }: Asked) => ({
  // Turned round: what counts is `index`.
  data: input.map((text, index) => ({ index, embedding: vectorOf(text) })).reverse(),
});
const unit = (vector: number[]) => vector.map((value) => Math.fround(value / Math.hypot(...vector)));
const model = 'modele-e5';

test('unit vectors of questions and passages, with their prefixes, in their order, the key in the header', async () => {
  const { url, asked } = await serve(embeddings);
  const embedder = await apiEmbedder({ url: `${url}/`, model, key: 'secret', prefixes: e5Prefixes });
  expect(embedder.dimension).toBe(3);
  const texts = Array.from({ length: 70 }, (_, i) => 'a'.repeat(i + 1));
  const vectors = await embedder.embedPassages(texts);
  for (const [i, vector] of vectors.entries()) {
    const expected = unit(vectorOf(`passage: ${texts[i]}`));
    for (const [j, value] of expected.entries()) expect(vector[j]).toBeCloseTo(value, 6);
  }
  const question = await embedder.embedQuestion('où ?');
  expect(question[0]).toBeCloseTo(unit(vectorOf('query: où ?'))[0]!, 6);
  expect(asked.map(({ input }) => input.length)).toEqual([1, 32, 32, 6, 1]);
  expect(new Set(asked.map(({ path }) => path))).toEqual(new Set(['/v1/embeddings']));
  expect(new Set(asked.map(({ key, model }) => `${key} ${model}`))).toEqual(
    new Set([`Bearer secret ${model}`]),
  );
});

test('a question is asked once; other models, prefixes and servers have other names', async () => {
  const { url, asked } = await serve(embeddings);
  const embedder = await apiEmbedder({ url, model });
  await embedder.embedQuestion('deux fois');
  await embedder.embedQuestion('deux fois');
  expect(asked).toHaveLength(2);
  const others = [
    embedder,
    await apiEmbedder({ url, model: 'autre' }),
    await apiEmbedder({ url, model, prefixes: e5Prefixes }),
    await apiEmbedder({ url: url.replace('127.0.0.1', 'localhost'), model }),
  ];
  expect(new Set(others.map(({ name }) => name)).size).toBe(4);
  expect((await apiEmbedder({ url, model, key: 'a' })).name).toBe(embedder.name);
});

test.each([
  [
    'another dimension',
    ({ input }: Asked) => ({ data: input.map((_, index) => ({ index, embedding: [1, 2] })) }),
  ],
  ['too few', () => ({ data: [] })],
  ['an index twice', ({ input }: Asked) => ({ data: input.map(() => ({ index: 0, embedding: [1, 2, 3] })) })],
  ['zeros', ({ input }: Asked) => ({ data: input.map((_, index) => ({ index, embedding: [0, 0, 0] })) })],
  ['another shape', () => ({ vectors: [] })],
])('%s: EMBEDDER_ANSWER', async (_, answer) => {
  const { url } = await serve((asked, _response, count) => (count === 1 ? embeddings(asked) : answer(asked)));
  const embedder = await apiEmbedder({ url, model });
  await expect(embedder.embedPassages(['un', 'deux'])).rejects.toMatchObject({ code: 'EMBEDDER_ANSWER' });
});

test('what is no JSON: EMBEDDER_ANSWER', async () => {
  const { url } = await serve((_, response) => void response.end('<html>'));
  await expect(apiEmbedder({ url, model })).rejects.toMatchObject({ code: 'EMBEDDER_ANSWER' });
});

test('a refusal: EMBEDDER_REFUSED with the status and without the key', async () => {
  const { url } = await serve((_, response) => void response.writeHead(401).end('{}'));
  const error = await apiEmbedder({ url, model, key: 'tres-secret' }).catch((error: Error) => error);
  expect(error).toMatchObject({ code: 'EMBEDDER_REFUSED', message: expect.stringContaining('401') });
  expect(String(error)).not.toContain('tres-secret');
});

test('questions do not follow a redirection', async () => {
  const { url, asked } = await serve(
    (_, response) => void response.writeHead(307, { location: '/v2' }).end(),
  );
  await expect(apiEmbedder({ url, model })).rejects.toMatchObject({ code: 'EMBEDDER_UNREACHABLE' });
  expect(asked).toHaveLength(1);
});

test('nobody there, or no answer in time: EMBEDDER_UNREACHABLE', async () => {
  const { url } = await serve(() => undefined);
  await expect(apiEmbedder({ url, model, timeoutMs: 50 })).rejects.toMatchObject({
    code: 'EMBEDDER_UNREACHABLE',
    message: expect.stringContaining('in time'),
  });
  await expect(apiEmbedder({ url: 'http://127.0.0.1:1', model })).rejects.toMatchObject({
    code: 'EMBEDDER_UNREACHABLE',
  });
});

test('an aborted call ends with the reason of its signal', async () => {
  const { url } = await serve((asked, _response, count) => (count === 1 ? embeddings(asked) : undefined));
  const embedder = await apiEmbedder({ url, model });
  const stop = new AbortController();
  const waiting = embedder.embedQuestion('jamais', stop.signal);
  setTimeout(() => stop.abort(new Error('parti')), 20);
  await expect(waiting).rejects.toThrow('parti');
});

test.each(['', 'ftp://a/v1', 'http://qui:quoi@a/v1'])('the address %j: EMBEDDER_ADDRESS', async (url) => {
  await expect(apiEmbedder({ url, model })).rejects.toMatchObject({ code: 'EMBEDDER_ADDRESS' });
});
