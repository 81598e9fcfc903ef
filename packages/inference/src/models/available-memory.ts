import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';

/** Bytes that this process can still take without swapping: what the kernel has, or what the control group leaves. */
export function availableMemory(): number {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text('/proc/meminfo') ?? '')?.[1];
  const machine = kibibytes === undefined ? freemem() : Number(kibibytes) * 1024;
  return Math.min(machine, groupLeaves());
}

/** What the control groups of this process still give, the tightest one counting; infinite where there is no limit. */
function groupLeaves(): number {
  const path = /^0::(\/.*)$/m.exec(text('/proc/self/cgroup') ?? '')?.[1];
  let least = Number.POSITIVE_INFINITY;
  const folders = path === undefined ? [] : path.split('/').filter((part) => part !== '');
  for (let depth = folders.length; depth >= 0; depth--) {
    const dir = ['/sys/fs/cgroup', ...folders.slice(0, depth)].join('/');
    const limit = Number(text(`${dir}/memory.max`) ?? Number.NaN);
    const used = Number(text(`${dir}/memory.current`) ?? Number.NaN);
    if (Number.isNaN(limit - used)) continue;
    // Cached file pages count as used, and are given back on demand.
    const cached = Number(/^inactive_file (\d+)$/m.exec(text(`${dir}/memory.stat`) ?? '')?.[1] ?? 0);
    least = Math.min(least, Math.max(0, limit - used + cached));
  }
  return least;
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
