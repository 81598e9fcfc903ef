import { type Energy, EnergyMeter } from '@lucie/ledger';

/** Energy from step to step: what the machine used between them, when nobody was served, belongs to no answer. */
export class StepEnergy {
  #meter = new EnergyMeter();
  #joules = 0;

  /** Since the last call. */
  delta(): Energy {
    const { joules, method } = this.#meter.read();
    const since = joules - this.#joules;
    this.#joules = joules;
    return { joules: since, method };
  }
}
