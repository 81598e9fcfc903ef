import type { Generation } from '../generation.ts';
import type { Context, Step } from '../native/context.ts';

/**
 * Lets up to `sequences` generations share one context, in turn: each decode takes one token of every sequence that
 * is generating, and the rest of the batch goes in equal parts to prompts still being read. Others wait in line.
 */
export class Scheduler {
  #context: Context;
  #waiting: Generation[] = [];
  #slots: (Generation | undefined)[];
  #running: Promise<void> | undefined;

  constructor(context: Context, sequences: number) {
    this.#context = context;
    this.#slots = Array.from({ length: sequences }, () => undefined);
  }

  /** Generations being worked on, and those in line. */
  get load(): { active: number; waiting: number } {
    return { active: this.#slots.filter(Boolean).length, waiting: this.#waiting.length };
  }

  add(generation: Generation): void {
    this.#waiting.push(generation);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Cancels everything and waits for the decode under way. */
  async close(): Promise<void> {
    for (const generation of [...this.#waiting, ...this.#slots]) generation?.cancel();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#admit()) {
      const steps = this.#plan();
      try {
        const logits = await this.#context.decode(steps);
        for (const step of steps) this.#slots[step.sequence]!.decoded++;
        for (const [i, values] of logits) this.#slots[steps[i]!.sequence]!.accept(values);
      } catch (error) {
        // A failed decode leaves the memory of every sequence in it uncertain.
        for (const { sequence } of steps) this.#slots[sequence]!.fail(error);
      }
    }
  }

  /** Frees the slots of finished generations, fills them in order of arrival; false when there is nothing to do. */
  #admit(): boolean {
    this.#waiting = this.#waiting.filter((generation) => !generation.finished);
    for (const [slot, generation] of this.#slots.entries()) {
      if (generation && !generation.finished) continue;
      if (generation) this.#context.forget(slot);
      this.#slots[slot] = this.#waiting.shift();
    }
    return this.#slots.some(Boolean);
  }

  #plan(): Step[] {
    const steps: Step[] = [];
    const active = [...this.#slots.entries()].filter((entry): entry is [number, Generation] => !!entry[1]);
    const reading = active.filter(([, { tokens, decoded }]) => tokens.length - decoded > 1);
    for (const entry of active) if (!reading.includes(entry)) add(steps, entry, 1);
    for (const [i, entry] of reading.entries()) {
      add(steps, entry, Math.ceil((this.#context.batchSize - steps.length) / (reading.length - i)));
    }
    return steps;
  }
}

function add(steps: Step[], [sequence, { tokens, decoded }]: [number, Generation], room: number): void {
  const end = Math.min(tokens.length, decoded + room);
  for (let position = decoded; position < end; position++) {
    steps.push({ token: tokens[position]!, position, sequence, logits: position === tokens.length - 1 });
  }
}
