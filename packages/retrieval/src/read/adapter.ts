import { isLucieError, writeFileAtomic } from '@lucie/ledger';
import {
  encodeSafetensors,
  fromFloat32,
  readSafetensors,
  readSafetensorsHeader,
  type SafetensorsEntry,
  toFloat32,
} from '@lucie/model';
import { z } from 'zod';
import { broken } from './reader-error.ts';

/** What the reader says about a pair: `answers`, `contradicts`. */
export const OUTPUTS = 2;

/** One low-rank change of a matrix: W + (alpha/rank)·B·A. */
export interface LoraPair {
  /** [rank, in], row-major */
  A: Float32Array;
  /** [out, rank], row-major */
  B: Float32Array;
}

/** A LoRA adapter (Hu et al., "LoRA", 2021) with the head that reads the mean vector. */
export interface Adapter extends AdapterFacts {
  /** By Hugging Face's name of the module: `encoder.layer.0.attention.self.query`. */
  pairs: ReadonlyMap<string, LoraPair>;
  classifier: {
    /** [2, hidden], row-major: answers, contradicts */
    weight: Float32Array;
    /** [2] */
    bias: Float32Array;
  };
}

/** What the file says about how it was made. */
export interface AdapterFacts {
  rank: number;
  alpha: number;
  /** SHA-256 of the packed file it was trained on. */
  base: string;
  /** SHA-256 of the training data, by name. */
  data: Record<string, string>;
  seed: number;
}

/** PEFT's names: `base_model.model.` in front, `.lora_A.weight` behind. */
const PREFIX = 'base_model.model.';

const numeral = z.string().transform(Number).pipe(z.number().positive());
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const metadataShape = z.object({
  rank: numeral.pipe(z.int().max(256)),
  alpha: numeral,
  base: digest,
  data: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(z.record(z.string(), digest)),
  seed: z.string().transform(Number).pipe(z.int()),
});

/**
 * The bytes of an adapter as safetensors; equal adapters make equal files.
 * @param dtype - of the matrices; the head stays float32
 */
export function encodeAdapter(adapter: Adapter, dtype: 'F32' | 'F16' | 'BF16' = 'F32'): Uint8Array {
  const { rank, alpha, base, data, seed } = adapter;
  const tensors = new Map<string, SafetensorsEntry>();
  for (const [module, { A, B }] of adapter.pairs) {
    tensors.set(`${PREFIX}${module}.lora_A.weight`, fromFloat32(A, [rank, A.length / rank], dtype));
    tensors.set(`${PREFIX}${module}.lora_B.weight`, fromFloat32(B, [B.length / rank, rank], dtype));
  }
  const { weight, bias } = adapter.classifier;
  tensors.set('classifier.weight', fromFloat32(weight, [OUTPUTS, weight.length / OUTPUTS]));
  tensors.set('classifier.bias', fromFloat32(bias, [OUTPUTS]));
  const sorted = Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
  const facts = { rank: `${rank}`, alpha: `${alpha}`, base, data: JSON.stringify(sorted), seed: `${seed}` };
  return encodeSafetensors(tensors, { format: 'pt', ...facts });
}

/** Writes an adapter atomically. */
export function writeAdapter(path: string, adapter: Adapter, dtype?: 'F32' | 'F16' | 'BF16'): Promise<void> {
  return writeFileAtomic(path, encodeAdapter(adapter, dtype));
}

/** @throws LucieError `READER_BROKEN` for what is no adapter; whether it fits a base shows when they are merged */
export async function readAdapter(path: string): Promise<Adapter> {
  const { metadata, entries } = await readEntries(path);
  const facts = parseFacts(path, metadata);
  const pairs = new Map<string, LoraPair>();
  const take = (name: string, fits: (shape: number[]) => boolean): Float32Array => {
    const entry = entries.get(name);
    if (!entry) throw broken(path, `no ${name}`);
    if (!fits(entry.shape)) throw broken(path, `${name} of shape [${entry.shape}]`);
    const values = floats(path, name, entry);
    entries.delete(name);
    return values;
  };
  const weight = take('classifier.weight', (shape) => shape.length === 2 && shape[0] === OUTPUTS);
  const bias = take('classifier.bias', (shape) => shape.length === 1 && shape[0] === OUTPUTS);
  for (const name of [...entries.keys()].sort()) {
    const module = /^base_model\.model\.(.+)\.lora_[AB]\.weight$/.exec(name)?.[1];
    if (module === undefined) throw broken(path, `a tensor ${name}`);
    if (pairs.has(module)) continue;
    const of = (letter: string) => `${PREFIX}${module}.lora_${letter}.weight`;
    pairs.set(module, {
      A: take(of('A'), (shape) => shape.length === 2 && shape[0] === facts.rank),
      B: take(of('B'), (shape) => shape.length === 2 && shape[1] === facts.rank),
    });
  }
  return { ...facts, pairs, classifier: { weight, bias } };
}

async function readEntries(path: string) {
  try {
    const { metadata } = await readSafetensorsHeader(path);
    return { metadata, entries: await readSafetensors(path) };
  } catch (cause) {
    throw broken(path, isLucieError(cause) ? cause.code : (cause as Error).message, cause);
  }
}

function parseFacts(path: string, metadata: Record<string, string>): AdapterFacts {
  try {
    return metadataShape.parse(metadata);
  } catch (cause) {
    throw broken(path, 'no rank, alpha, base, data and seed in its metadata', cause);
  }
}

function floats(path: string, name: string, entry: SafetensorsEntry): Float32Array {
  if (!/^(F32|F16|BF16)$/.test(entry.dtype)) throw broken(path, `${name} of type ${entry.dtype}`);
  const values = toFloat32(entry);
  if (!values.every(Number.isFinite)) throw broken(path, `values in ${name} that are no numbers`);
  return values;
}
