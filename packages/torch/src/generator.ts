import { type GeneratorHandle, native } from './native.ts';

/** A stream of random numbers for operators that draw: the same seed gives the same numbers. */
export class Generator {
  /** For the dispatcher of this package only. */
  readonly handle: GeneratorHandle;

  constructor(seed: number | bigint) {
    this.handle = native().makeGenerator(seed);
  }
}
