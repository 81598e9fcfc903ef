import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Energy {
  joules: number;
  /** `rapl` was measured by the processor; `estimate` is `wattsPerCore` × busy core seconds. */
  method: 'rapl' | 'estimate';
}

/**
 * Watts assumed for one busy core where the machine does not tell: a server processor of 2021–2024 draws 250–350 W for
 * 30–60 cores at full load, memory included.
 */
export const WATTS_PER_BUSY_CORE = 8;

interface Counter {
  path: string;
  range: number;
  last: number;
}

/**
 * Measures energy from its creation on. Reads the processor's own counters (`/sys/class/powercap`, all packages) where
 * they may be read, else estimates from this process's CPU time.
 */
export class EnergyMeter {
  #counters: Counter[];
  #microjoules = 0;
  #cpu = process.cpuUsage();

  constructor(powercap = '/sys/class/powercap') {
    this.#counters = findCounters(powercap);
  }

  /** Energy since creation. Call it at least every few minutes: the counters wrap around. */
  read(): Energy {
    if (this.#counters.length > 0) {
      for (const counter of this.#counters) {
        const now = Number(readFileSync(counter.path, 'utf8'));
        this.#microjoules += now >= counter.last ? now - counter.last : now + counter.range - counter.last;
        counter.last = now;
      }
      return { joules: this.#microjoules / 1e6, method: 'rapl' };
    }
    const used = process.cpuUsage(this.#cpu);
    return { joules: ((used.user + used.system) / 1e6) * WATTS_PER_BUSY_CORE, method: 'estimate' };
  }
}

function findCounters(powercap: string): Counter[] {
  try {
    return readdirSync(powercap)
      .filter((name) => /^intel-rapl:\d+$/.test(name))
      .map((name) => {
        const path = join(powercap, name, 'energy_uj');
        return {
          path,
          range: Number(readFileSync(join(powercap, name, 'max_energy_range_uj'), 'utf8')),
          last: Number(readFileSync(path, 'utf8')),
        };
      });
  } catch {
    // Unreadable counters (no RAPL, or only for root) mean an estimate, which `method` then says.
    return [];
  }
}

/** The energy of several stages together: measured only when every one was. */
export function totalEnergy(stages: readonly { energy: Energy }[]): Energy {
  return {
    joules: stages.reduce((sum, stage) => sum + stage.energy.joules, 0),
    method:
      stages.length > 0 && stages.every((stage) => stage.energy.method === 'rapl') ? 'rapl' : 'estimate',
  };
}
