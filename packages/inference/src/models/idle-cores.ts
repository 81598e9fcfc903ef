import { readFileSync } from 'node:fs';
import { availableParallelism, type CpuInfo, cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** Physical cores that this process may use: hyper-threads of one core count once. */
export function physicalCores(): number {
  const logical = availableParallelism();
  const topology = '/sys/devices/system/cpu';
  const cores = new Set<string>();
  try {
    for (let cpu = 0; cpu < cpus().length; cpu++) {
      const of = (name: string) => readFileSync(`${topology}/cpu${cpu}/topology/${name}`, 'utf8').trim();
      cores.add(`${of('physical_package_id')}/${of('core_id')}`);
    }
  } catch {
    // No topology (a container that hides it): take every logical processor for a core.
    return logical;
  }
  return Math.max(1, Math.min(logical, cores.size));
}

/**
 * Cores that nobody but this process is using now, at least 1: its models decode in turn, each with all of them. llama.cpp's threads wait for each other in spin loops: one thread
 * more than there are idle cores makes it 10 to 100 times slower, one less costs only that core.
 */
export async function idleCores(sampleMs = 100): Promise<number> {
  const [before, began, cpu] = [cpus(), performance.now(), process.cpuUsage()];
  await wait(sampleMs);
  const after = cpus();
  const { user, system } = process.cpuUsage(cpu);
  const own = (user + system) / 1000 / (performance.now() - began);
  return coresToUse(physicalCores(), idleOf(before, after, own), after.length);
}

/**
 * @param own - logical processors that this process kept busy
 * @returns sum over logical processors of the share of time that nobody else used
 */
export function idleOf(before: readonly CpuInfo[], after: readonly CpuInfo[], own: number): number {
  let idle = 0;
  for (const [i, { times }] of after.entries()) {
    const past = before[i]?.times;
    if (!past) continue;
    const total = Object.values(times).reduce((a, b) => a + b) - Object.values(past).reduce((a, b) => a + b);
    if (total > 0) idle += (times.idle - past.idle) / total;
  }
  return Math.min(after.length, idle + own);
}

/** @param idle - sum over logical processors of the share of time they were idle */
export function coresToUse(physical: number, idle: number, logical: number): number {
  // A core that is idle three quarters of the time counts as idle: this process itself makes some noise.
  return Math.max(1, Math.floor(physical * Math.min(1, idle / logical) + 0.25));
}
