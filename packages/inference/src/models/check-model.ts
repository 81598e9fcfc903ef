import { LucieError } from '@lucie/ledger';
import type { GgufHeader } from '../gguf/gguf-file.ts';

/** llama.cpp's `LLAMA_MAX_LAYERS`. */
const MAX_LAYERS = 512;

/**
 * Checks what llama.cpp takes for granted and answers with `abort()`, which would end this process: sizes that are
 * zero or do not divide, tokens that occur twice, tensors that contradict the sizes. Everything else llama.cpp
 * refuses by itself.
 * @param opts.tokens - `given` for a model whose tokens are made elsewhere: its file must say that it has no vocabulary,
 * and how many tokens there are
 * @throws LucieError `MODEL_INVALID`
 */
export function checkModel(
  header: GgufHeader,
  path: string,
  { tokens: whose = 'own' }: { tokens?: 'own' | 'given' } = {},
): void {
  const { metadata } = header;
  const demand = (holds: boolean, found: string, expected: string) => {
    if (holds) return;
    throw new LucieError({
      code: 'MODEL_INVALID',
      found: `${found} in ${path}`,
      expected,
      todo: 'fetch or build this file again',
    });
  };
  const architecture = metadata.get('general.architecture');
  demand(typeof architecture === 'string', 'no general.architecture', 'the name of an architecture');
  const size = (name: string, least: number, most: number, fallback?: number): number => {
    const value = metadata.get(`${architecture}.${name}`) ?? fallback;
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    demand(fits, `${architecture}.${name} ${String(value)}`, `a whole number from ${least} to ${most}`);
    return value as number;
  };
  size('block_count', 1, MAX_LAYERS);
  size('context_length', 1, 2 ** 31 - 1);
  const width = size('embedding_length', 1, 2 ** 24);
  for (const name of ['layer_norm_rms_epsilon', 'layer_norm_epsilon']) {
    const value = metadata.get(`${architecture}.attention.${name}`) ?? 0;
    demand(typeof value === 'number' && value >= 0 && value < 1, `${name} ${String(value)}`, '0 to 1');
  }
  const embedding = header.tensors.find(({ name }) => name === 'token_embd.weight');
  if (whose === 'given') {
    demand(!hasVocabulary(header), 'a vocabulary', 'tokenizer.ggml.model no_vocab');
    const count = size('vocab_size', 1, 2 ** 24);
    demand(
      String(embedding?.shape) === `${width},${count}`,
      `token_embd.weight of shape [${embedding?.shape}]`,
      `[${width},${count}]`,
    );
    return;
  }
  const tokens = metadata.get('tokenizer.ggml.tokens');
  const isText = Array.isArray(tokens) && tokens.every((token) => typeof token === 'string');
  demand(isText, 'no list of tokens', 'tokenizer.ggml.tokens');
  // llama.cpp reads them as C strings, and gives empty ones names of their own.
  const names = (tokens as string[]).map((token) => token.split('\0', 1)[0]!).filter((name) => name !== '');
  const count = (tokens as string[]).length;
  demand(
    new Set(names).size === names.length && count > 0,
    `a token twice among ${count}`,
    'every token once',
  );
  const types = metadata.get('tokenizer.ggml.token_type');
  demand(
    types === undefined || (Array.isArray(types) && types.length === count),
    'token types',
    `${count} of them`,
  );
  if (architecture !== 'llama') return;

  const heads = size('attention.head_count', 1, 2 ** 16);
  const groups = size('attention.head_count_kv', 1, heads, heads);
  demand(heads % groups === 0, `${heads} heads with ${groups} key-value heads`, 'a divisor');
  const keys = size('attention.key_length', 1, 2 ** 16, width / heads);
  const values = size('attention.value_length', 1, 2 ** 16, width / heads);
  const rotated = size('rope.dimension_count', 2, keys, keys);
  demand(rotated % 2 === 0, `${rotated} rotated dimensions`, 'an even number');
  demand(embedding !== undefined, 'no token_embd.weight', 'the embedding of the tokens');
  demand(
    String(embedding?.shape) === `${width},${count}`,
    `token_embd.weight of shape [${embedding?.shape}]`,
    `[${width},${count}]`,
  );
  demand(keys * heads <= 2 ** 24 && values * heads <= 2 ** 24, `heads of width ${keys}`, 'a sensible width');
  size('expert_count', 0, 512, 0);
}

/** False for a file whose tokens are made elsewhere: llama.cpp ends the process when it is asked about one of them. */
export function hasVocabulary({ metadata }: GgufHeader): boolean {
  return metadata.get('tokenizer.ggml.model') !== 'no_vocab';
}

/**
 * A model with learned positions (GPT-2, BERT) has as many as its file holds; llama.cpp ends the process beyond them.
 * @throws LucieError `OPTION_INVALID`
 */
export function checkPositions(header: GgufHeader, contextSize: number): void {
  const positions = header.tensors.find(({ name }) => name === 'position_embd.weight')?.shape[1];
  if (positions === undefined || contextSize <= positions) return;
  throw new LucieError({
    code: 'OPTION_INVALID',
    found: `contextSize ${contextSize}`,
    expected: `at most ${positions}: the model has learned no more positions`,
    todo: 'give contextSize another value, or leave it out',
    exitCode: 2,
  });
}
