import type { GgufHeader } from '../gguf/gguf-file.ts';
import { ALONE_BATCH, BATCH, KEPT_SEQUENCES, TILE } from '../scheduler/sizes.ts';
import { isEncoder } from './load-model.ts';

/** Bytes that a model will take, by what for. */
export interface MemoryNeed {
  weights: number;
  /** Keys and values of the tokens that everybody's memory holds. */
  cells: number;
  /** Intermediate results, logits, the vocabulary. */
  work: number;
  /** The contexts for embeddings and for deterministic answers, which are made when first asked for. */
  aside: number;
  total: number;
}

/** llama.cpp makes so many cells at a time. */
const CELLS_TOGETHER = 256;
/** Packed for a processor's own kernels weights grow: by 11 % for Q8_0 under AMX, the worst seen (2026-11-22). */
const PACKING = 1.12;
/** For what the graph of an architecture has besides. */
const MARGIN = 1.1;
/** Text, score, lookup of one token in llama.cpp's tables, and this package's own: 240 bytes with Gemma's 262,144. */
const BYTES_PER_TOKEN = 256;

/**
 * Estimates what a model needs from the head of its file, rather too much than too little: exact for the cells,
 * compared with llama.cpp's own account for the rest.
 * @param opts.contextSize - tokens of one generation, or of a text that is embedded
 * @param opts.cacheTokens - cells of the shared memory
 * @param opts.sequences - generations at the same time
 */
export function memoryNeed(
  header: GgufHeader,
  opts: { contextSize: number; cacheTokens: number; sequences: number },
): MemoryNeed {
  const { metadata, tensors } = header;
  const architecture = String(metadata.get('general.architecture'));
  const size = (name: string, fallback: number): number => {
    const value = metadata.get(`${architecture}.${name}`);
    return typeof value === 'number' ? value : fallback;
  };
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  const embedding = tensors.find(({ name }) => name === 'token_embd.weight');
  // Where the output shares the embedding's weights, llama.cpp packs a second copy of them.
  const tied = tensors.some(({ name }) => name === 'output.weight') ? 0 : (embedding?.bytes ?? 0);
  const weights = Math.ceil(PACKING * (bytes + tied));

  const width = size('embedding_length', embedding?.shape[0] ?? 0);
  const layers = size('block_count', 0);
  const heads = size('attention.head_count', 1);
  const perHead = size('attention.key_length', width / heads) + size('attention.value_length', width / heads);
  // f16; a list gives each layer its own number of heads.
  const groups = metadata.get(`${architecture}.attention.head_count_kv`);
  const keyHeads = Array.isArray(groups)
    ? groups.reduce<number>((sum, count) => sum + Number(count), 0)
    : layers * (typeof groups === 'number' ? groups : heads);
  const encodes = isEncoder(header);
  const cellsOf = (tokens: number) =>
    encodes ? 0 : Math.ceil(2 * Math.ceil(tokens / CELLS_TOGETHER) * CELLS_TOGETHER * keyHeads * perHead);
  const cells = cellsOf(opts.cacheTokens + TILE);

  const vocabulary = embedding?.shape[1] ?? 0;
  const inner = size('feed_forward_length', 4 * width);
  // Logits stand once in the graph and once in what it gives; masks are f16, padded to 64 rows more.
  const workOf = (context: { tokens: number; step: number; rows: number }): number =>
    Math.ceil(
      MARGIN *
        (2 * 4 * context.rows * vocabulary +
          4 * context.step * (6 * width + 3 * inner) +
          2 * (context.step + 32) * context.tokens),
    );
  const rows = opts.sequences + KEPT_SEQUENCES;
  const work =
    workOf({ tokens: opts.cacheTokens + TILE, step: BATCH, rows }) +
    Math.ceil(MARGIN * BYTES_PER_TOKEN * vocabulary);
  // An encoder reads a text in one step, and writes nothing.
  const tokens = opts.contextSize;
  const aside = encodes
    ? workOf({ tokens, step: tokens, rows: 0 })
    : 2 * cellsOf(tokens) +
      workOf({ tokens, step: ALONE_BATCH, rows: 1 }) +
      workOf({ tokens, step: Math.min(tokens, BATCH), rows: 0 });
  return { weights, cells, work, aside, total: weights + cells + work + aside };
}
