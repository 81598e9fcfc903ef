import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Energy, EnergyMeter } from '@lucie/ledger';

/** One stretch of training: what it did and what it took. A line of `log/speed.jsonl`. */
interface Stretch {
  /** Last step of the stretch. */
  step: number;
  tokens: number;
  flops: number;
  seconds: number;
  joules: number;
  energy_method: Energy['method'];
  tokens_per_second: number;
  mfu: number;
}

/** Sums over all stretches, those of earlier attempts at the stage included. */
export interface SpeedFacts {
  tokens_per_second: number;
  /** Model FLOPs utilisation, 0 to 1. */
  mfu: number;
  matmul_gflops: number;
  seconds: number;
  joules: number;
  energy_method: Energy['method'];
}

/** The clock's side of training: kept apart from `metrics.jsonl`, which must not depend on it. */
export class SpeedLog {
  readonly #path: string;
  readonly #peak: number;
  readonly #meter = new EnergyMeter();
  #joules = 0;
  #began = performance.now();
  #tokens = 0;
  #flops = 0;
  #last?: Stretch;

  /** @param peak - FLOP/s that utilisation is measured against */
  constructor(path: string, peak: number) {
    this.#path = path;
    this.#peak = peak;
  }

  add(tokens: number, flops: number): void {
    this.#tokens += tokens;
    this.#flops += flops;
  }

  /** `9,800 tokens/s · MFU 54 %`, of the last stretch or what there is of the first. */
  note(): string {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = this.#last?.tokens_per_second ?? this.#tokens / seconds;
    const mfu = this.#last?.mfu ?? this.#flops / seconds / this.#peak;
    const watts = this.#last ? this.#last.joules / this.#last.seconds : undefined;
    const measured = this.#last?.energy_method === 'rapl' ? '' : ' (estimate)';
    const power = watts === undefined ? '' : ` · ${watts.toFixed(0)} W${measured}`;
    return `${Math.round(rate).toLocaleString('en')} tokens/s · MFU ${(100 * mfu).toFixed(0)} %${power}`;
  }

  /** Ends a stretch: writes its line and begins the next. */
  async flush(step: number): Promise<void> {
    if (this.#tokens === 0) return;
    const now = performance.now();
    const energy = this.#meter.read();
    const seconds = (now - this.#began) / 1000;
    this.#last = {
      step,
      tokens: this.#tokens,
      flops: this.#flops,
      seconds,
      joules: energy.joules - this.#joules,
      energy_method: energy.method,
      tokens_per_second: this.#tokens / seconds,
      mfu: this.#flops / seconds / this.#peak,
    };
    this.#joules = energy.joules;
    this.#began = now;
    this.#tokens = 0;
    this.#flops = 0;
    await mkdir(dirname(this.#path), { recursive: true });
    await appendFile(this.#path, `${JSON.stringify(this.#last)}\n`);
  }

  async facts(): Promise<SpeedFacts> {
    const stretches = await readStretches(this.#path);
    const sum = (field: 'tokens' | 'flops' | 'seconds' | 'joules') =>
      stretches.reduce((total, stretch) => total + stretch[field], 0);
    const seconds = sum('seconds');
    return {
      tokens_per_second: Math.round(sum('tokens') / seconds),
      mfu: Number((sum('flops') / seconds / this.#peak).toFixed(4)),
      matmul_gflops: Number((this.#peak / 1e9).toFixed(1)),
      seconds: Number(seconds.toFixed(1)),
      joules: Math.round(sum('joules')),
      energy_method: stretches.at(-1)?.energy_method ?? 'estimate',
    };
  }
}

/** A line that a kill cut short counts for nothing. */
async function readStretches(path: string): Promise<Stretch[]> {
  if (!existsSync(path)) return [];
  return (await readFile(path, 'utf8')).split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Stretch];
    } catch {
      return [];
    }
  });
}
