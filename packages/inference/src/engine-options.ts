import { join } from 'node:path';
import { cacheDir } from '@lucie/ledger';
import { checkOption } from './check-option.ts';
import { idleCores } from './models/idle-cores.ts';

export interface EngineOptions {
  /** Threads that decode. Default: idle physical cores, at least 1. */
  threads?: number;
  /** Tokens per sequence, prompt and answer together. Default: what the model was trained for, at most 4,096. */
  contextSize?: number;
  /** Generations at the same time; more wait in line. Default 4. */
  sequences?: number;
  /** Generations in line at most. Default 1,000. */
  maxWaiting?: number;
  /**
   * Tokens that the memory holds, of all sequences and kept prefixes together; shared ones count once. At least
   * `contextSize`. Default: `contextSize` for each sequence, four times at most.
   */
  cacheTokens?: number;
  /** Where warmed prefixes are kept over restarts; `false` keeps them in memory only. Default `.lucie/prefixes`. */
  prefixDir?: string | false;
  /** Bytes below `prefixDir` at most, of all models; the least recently used prefixes go first. Default 4 GB. */
  prefixBytes?: number;
  /** False loads without a trial in a child process: for a file that this process has just written. Default true. */
  trial?: boolean;
}

/** Options with their defaults. */
export type EngineSettings = Required<Omit<EngineOptions, 'trial'>>;

const DEFAULT_CONTEXT = 4096;
const DEFAULT_SEQUENCES = 4;
const DEFAULT_WAITING = 1000;
const DEFAULT_PREFIX_BYTES = 4e9;
const FULL_CONTEXTS = 4;
/** `LLAMA_MAX_SEQ` less one for our own use. */
const MAX_SEQUENCES = 255;
const MAX_TOKENS = 1 << 24;

/** @throws LucieError `OPTION_INVALID` */
export function checkEngineOptions(opts: EngineOptions): void {
  check('threads', opts.threads, { least: 1, most: 512 });
  check('contextSize', opts.contextSize, { least: 1, most: MAX_TOKENS });
  check('sequences', opts.sequences, { least: 1, most: MAX_SEQUENCES });
  check('maxWaiting', opts.maxWaiting, { least: 1, most: 1 << 20 });
  check('prefixBytes', opts.prefixBytes, { least: 0, most: Number.MAX_SAFE_INTEGER });
  check('cacheTokens', opts.cacheTokens, { least: opts.contextSize ?? 1, most: MAX_TOKENS });
}

/**
 * @param trained - tokens that the model was trained for
 * @throws LucieError `OPTION_INVALID`
 */
export async function engineSettings(opts: EngineOptions, trained: number): Promise<EngineSettings> {
  const contextSize = opts.contextSize ?? Math.min(trained, DEFAULT_CONTEXT, opts.cacheTokens ?? Infinity);
  const sequences = opts.sequences ?? DEFAULT_SEQUENCES;
  return {
    threads: opts.threads ?? (await idleCores()),
    contextSize,
    sequences,
    maxWaiting: opts.maxWaiting ?? DEFAULT_WAITING,
    cacheTokens: opts.cacheTokens ?? contextSize * Math.min(sequences, FULL_CONTEXTS),
    prefixDir: opts.prefixDir ?? join(cacheDir, 'prefixes'),
    prefixBytes: opts.prefixBytes ?? DEFAULT_PREFIX_BYTES,
  };
}

function check(name: string, value: number | undefined, range: { least: number; most: number }): void {
  if (value === undefined) return;
  const fits = Number.isInteger(value) && value >= range.least && value <= range.most;
  checkOption(name, value, fits, `a whole number from ${range.least} to ${range.most}`);
}
