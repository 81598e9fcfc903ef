import { type Energy, EnergyMeter } from '@lucie/ledger';

/** What a turn has taken so far: the machine's energy, and milliseconds. */
export interface Used {
  energy: Energy;
  ms: number;
}
type Kind = 'step' | 'aside';

/**
 * Whose turn it is at the processor. Two decodes at once would be more threads than idle cores, which makes both many
 * times slower. Steps of answers being written, and everything else (embeddings, verification), each go in the order of
 * asking; while both are in line each kind has half of the time.
 */
export class Turns {
  #lines: Record<Kind, (() => void)[]> = { step: [], aside: [] };
  #busy = false;
  #meter: EnergyMeter | undefined;
  /** Milliseconds that steps have had less than the others, while both were in line. */
  #owed = 0;
  #now: () => number;

  /** @param now - a clock, in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @param work - is called when its turn has come, with what tells what the turn has taken until then */
  async take<T>(work: (used: () => Used) => Promise<T>, kind: Kind = 'aside'): Promise<T> {
    if (this.#busy) {
      await new Promise<void>((resolve) => {
        this.#lines[kind].push(resolve);
      });
    }
    this.#busy = true;
    this.#meter ??= new EnergyMeter();
    const began = this.#now();
    const before = this.#meter.read();
    const used = (): Used => {
      const { joules, method } = this.#meter!.read();
      return { energy: { joules: joules - before.joules, method }, ms: this.#now() - began };
    };
    try {
      return await work(used);
    } finally {
      this.#pass(kind, this.#now() - began);
    }
  }

  #pass(from: Kind, ms: number): void {
    const { step, aside } = this.#lines;
    if (from === 'aside') this.#owed = Math.max(0, this.#owed) + ms;
    else this.#owed = aside.length > 0 ? this.#owed - ms : 0;
    // Whoever takes step after step asks again in a moment.
    if (aside.length > 0 && step.length === 0 && this.#owed > 0) setImmediate(() => this.#next());
    else this.#next();
  }

  #next(): void {
    const { step, aside } = this.#lines;
    if (step.length === 0) this.#owed = 0;
    const next = this.#owed > 0 || aside.length === 0 ? step.shift() : aside.shift();
    if (next) next();
    else this.#busy = false;
  }
}

/** The processor is one for all models of this process. */
export const processTurns = new Turns();
