import { isLucieError, LucieError } from '@lucie/ledger';
import { z } from 'zod';
import type { Embedder } from '../embedder.ts';
import { type Prefixes, withoutPrefixes } from './prefixes.ts';
import { rememberQuestions } from './remember-questions.ts';
import { unitVector } from './unit-vector.ts';

/** A server with OpenAI's `/v1/embeddings`. What is asked and what the documents say go there. */
export interface ApiEmbedderOptions {
  /** With or without `/embeddings` at its end, e.g. `http://localhost:8080/v1`. */
  url: string;
  model: string;
  key?: string;
  prefixes?: Prefixes;
  /** Of one request; default 30,000. */
  timeoutMs?: number;
}

/** Texts of one request. */
const TOGETHER = 32;

const answerShape = z.object({
  data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()) })),
});

/**
 * An embedder behind an address. One text is sent at once, to learn how long its vectors are.
 * @throws LucieError `EMBEDDER_ADDRESS`, `EMBEDDER_UNREACHABLE` (also after `timeoutMs`), `EMBEDDER_REFUSED` (with the
 * status), `EMBEDDER_ANSWER` (not the shape, the count or the dimension); the signal's reason. The key is in none of them.
 */
export async function apiEmbedder(opts: ApiEmbedderOptions): Promise<Embedder> {
  const address = addressOf(opts.url);
  const prefixes = opts.prefixes ?? withoutPrefixes;
  const ask = async (texts: readonly string[], signal?: AbortSignal): Promise<number[][]> => {
    signal?.throwIfAborted();
    const body = await post(address, { texts, opts, ...(signal && { signal }) });
    const answer = answerShape.safeParse(body);
    if (!answer.success || answer.data.data.length !== texts.length) throw strange(address, 'another shape');
    const byIndex = new Map(answer.data.data.map(({ index, embedding }) => [index, embedding]));
    return texts.map((_, i) => {
      const vector = byIndex.get(i);
      if (!vector) throw strange(address, `no vector ${i}`);
      return vector;
    });
  };
  const [probe] = await ask([`${prefixes.question}a`]);
  const vectorShape = { dimension: probe!.length, from: address.origin };
  unitVector(probe!, vectorShape);
  const embed = async (texts: readonly string[], signal?: AbortSignal) => {
    const vectors: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += TOGETHER) {
      for (const vector of await ask(texts.slice(start, start + TOGETHER), signal))
        vectors.push(unitVector(vector, vectorShape));
    }
    return vectors;
  };
  return rememberQuestions({
    name: `api ${address.origin}${address.pathname} ${JSON.stringify([opts.model, prefixes.question, prefixes.passage])} ${probe!.length}`,
    dimension: probe!.length,
    embedQuestion: async (text, signal) => (await embed([prefixes.question + text], signal))[0]!,
    embedPassages: (texts, signal) =>
      embed(
        texts.map((text) => prefixes.passage + text),
        signal,
      ),
  });
}

function addressOf(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol) || address.username || address.password) {
    throw new LucieError({
      code: 'EMBEDDER_ADDRESS',
      found: 'an address of an embedder that is none (or with a name and password in it)',
      expected: 'one like https://example.org/v1',
      todo: 'correct it; a key is given apart',
      exitCode: 2,
    });
  }
  address.pathname = `${address.pathname.replace(/\/+$/, '').replace(/\/embeddings$/, '')}/embeddings`;
  return address;
}

async function post(
  address: URL,
  { texts, opts, signal }: { texts: readonly string[]; opts: ApiEmbedderOptions; signal?: AbortSignal },
): Promise<unknown> {
  const timeout = AbortSignal.timeout(opts.timeoutMs ?? 30_000);
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(opts.key && { authorization: `Bearer ${opts.key}` }),
      },
      body: JSON.stringify({ model: opts.model, input: texts, encoding_format: 'float' }),
      // What pupils ask goes to the address that was named and to no other.
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new LucieError({
        code: 'EMBEDDER_REFUSED',
        found: `an answer of status ${response.status} from ${address.origin}`,
        expected: `vectors of the model ${opts.model}`,
        todo:
          response.status === 401 || response.status === 403 ? 'check the key' : 'check address and model',
      });
    }
    return await response.json();
  } catch (cause) {
    signal?.throwIfAborted();
    if (isLucieError(cause)) throw cause;
    if (cause instanceof SyntaxError) throw strange(address, 'no JSON');
    throw new LucieError({
      code: 'EMBEDDER_UNREACHABLE',
      found: timeout.aborted ? 'no answer in time' : 'no connection',
      expected: `an embedder at ${address.origin}`,
      todo: 'check that it runs and can be reached from here',
      cause,
    });
  }
}

function strange(address: URL, found: string): LucieError {
  return new LucieError({
    code: 'EMBEDDER_ANSWER',
    found: `${found} from ${address.origin}`,
    expected: "what OpenAI's /v1/embeddings answers: one vector per text",
    todo: 'check address and model',
  });
}
