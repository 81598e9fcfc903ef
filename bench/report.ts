import { cpus, totalmem } from 'node:os';
import type { BenchTable } from './tables.ts';

/** One comparison of ours with a peer. */
export interface BenchResult {
  name: string;
  unit: string;
  /** Medians over the alternations. */
  ours: number;
  peer: number;
  peerName: string;
  peerVersion: string;
  peerCommand: string;
  /** ours ÷ peer: the median of the alternations' ratios. */
  ratio: number;
  /** What the ratio should reach, when it should reach something. */
  bar?: number;
  better: 'higher' | 'lower';
  /** Alternations; of a paired bootstrap, questions. */
  runs: number;
  /**
   * The ratio's interval: the lowest and the highest alternation's when there are few, else the middle 90 %; where
   * questions are what varies, the middle 95 % of a paired bootstrap over them.
   */
  low: number;
  high: number;
  /** Of the difference between ours and the peer, where it has been tested (two-sided). */
  p?: number;
  /** What `p` must stay below for the bar to be met, where the difference has to be beyond doubt. */
  barP?: number;
}

/** What a bench ends with: `--json` prints it as the last line. */
export interface BenchReport {
  bench: string;
  machine: { cpu: string; cores: number; memoryGiB: number; node: string };
  results: BenchResult[];
  /** What else was measured, for people. */
  tables?: BenchTable[];
  /** What was left out, and why. */
  notes?: string[];
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Medians and the ratio with its interval from values taken in turn: ours[i] and peer[i] belong together. */
export function compare(
  ours: readonly number[],
  peer: readonly number[],
): Pick<BenchResult, 'ours' | 'peer' | 'ratio' | 'runs' | 'low' | 'high'> {
  if (ours.length !== peer.length || ours.length === 0)
    throw new RangeError(`${ours.length} and ${peer.length} runs`);
  const ratios = ours.map((value, i) => value / peer[i]!).sort((a, b) => a - b);
  const cut = Math.floor(ratios.length * 0.05);
  return {
    ours: median(ours),
    peer: median(peer),
    ratio: median(ratios),
    runs: ours.length,
    low: ratios[cut]!,
    high: ratios[ratios.length - 1 - cut]!,
  };
}

export function machine(): BenchReport['machine'] {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}
