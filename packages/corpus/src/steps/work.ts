import { join } from 'node:path';
import { hashJson, LucieError } from '@lucie/ledger';
import { filesHold, type Marker, readMarker } from './marker.ts';
import type { Finished, Step, Unit } from './step.ts';

/** A step with its units and the key of each. */
export interface PlannedStep {
  step: Step;
  units: { unit: Unit; key: string; dir: string }[];
}

/**
 * The folder in which the steps of a corpus leave their units, and what of it is finished. Keys follow from markers:
 * a unit whose inputs have changed has another key and is made again, all others stand.
 */
export class Work implements Finished {
  readonly root: string;
  #steps = new Map<string, { units: string[]; digests: Map<string, string> }>();
  /** Folders whose files this process has made, or has compared with their marker. */
  #checked = new Set<string>();

  constructor(root: string) {
    this.root = root;
  }

  units(step: string): string[] {
    return this.#complete(step).units;
  }

  dir(step: string, unit: string): string {
    return join(this.root, step, unit);
  }

  /** The units of a step whose predecessors are all complete. */
  async plan(step: Step): Promise<PlannedStep> {
    const units = await step.units(this);
    return {
      step,
      units: units.map((unit) => ({
        unit,
        dir: this.dir(step.name, unit.name),
        key: hashJson({
          step: step.name,
          version: step.version,
          options: step.options,
          unit: unit.name,
          key: unit.key ?? null,
          reads: unit.reads.map((read) => [read, this.#digest(read)]),
        }),
      })),
    };
  }

  /** The markers of a planned step's units, undefined for those still to be made. */
  markers({ units }: PlannedStep): Promise<(Marker | undefined)[]> {
    return Promise.all(
      units.map(async ({ dir, key }) => {
        const marker = await readMarker(dir);
        return marker?.key === key ? marker : undefined;
      }),
    );
  }

  /**
   * Notes that a step is complete.
   * @returns the names of the units that are not there yet; empty when it is complete
   */
  async complete(planned: PlannedStep): Promise<string[]> {
    const markers = await this.markers(planned);
    const missing = planned.units.filter((_, i) => !markers[i]).map(({ unit }) => unit.name);
    if (missing.length === 0) {
      this.#steps.set(planned.step.name, {
        units: planned.units.map(({ unit }) => unit.name),
        digests: new Map(planned.units.map(({ unit }, i) => [unit.name, markers[i]!.digest])),
      });
    }
    return missing;
  }

  /** Whether a unit's files are still what its marker says; asked once per process. */
  async holds(dir: string, marker: Marker | undefined): Promise<boolean> {
    if (!marker) return false;
    if (!this.#checked.has(dir) && !(await filesHold(dir, marker))) return false;
    this.#checked.add(dir);
    return true;
  }

  /** This process has just made the unit. */
  made(dir: string): void {
    this.#checked.add(dir);
  }

  /**
   * Compares what units are going to read with its markers: another process made it, perhaps on another machine.
   * @throws LucieError `UNIT_DAMAGED`
   */
  async checkInputs(units: readonly Unit[]): Promise<void> {
    for (const read of new Set(units.flatMap(({ reads }) => reads))) {
      const [step, unit] = read.split('/') as [string, string | undefined];
      for (const name of unit === undefined ? this.units(step) : [unit]) {
        const dir = this.dir(step, name);
        if (await this.holds(dir, await readMarker(dir))) continue;
        throw new LucieError({
          code: 'UNIT_DAMAGED',
          found: `files of ${dir} that are no longer those of its marker`,
          expected: 'what the step left when it was done',
          todo: `call --step ${step} again: it makes that unit anew`,
        });
      }
    }
  }

  #complete(step: string): { units: string[]; digests: Map<string, string> } {
    const found = this.#steps.get(step);
    if (found) return found;
    throw new LucieError({
      code: 'STEP_INCOMPLETE',
      found: `the step ${step} of ${this.root}, which is not complete`,
      expected: 'every unit of the steps before',
      todo: `run it first: every shard of --step ${step}`,
    });
  }

  #digest(read: string): string {
    const [step, unit] = read.split('/') as [string, string | undefined];
    const { digests } = this.#complete(step);
    if (unit === undefined) return hashJson([...digests]);
    const digest = digests.get(unit);
    if (digest === undefined) throw new Error(`no unit ${unit} in step ${step}`);
    return digest;
  }
}
