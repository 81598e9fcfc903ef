import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Removes all but the `count` files of a folder that were written or touched last. */
export function keepNewest(dir: string, count: number): void {
  const names = readdirSync(dir);
  if (names.length <= count) return;
  const times = new Map(
    names.map((name) => [name, statSync(join(dir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0]),
  );
  for (const name of names.sort((a, b) => times.get(b)! - times.get(a)!).slice(count)) {
    rmSync(join(dir, name), { force: true });
  }
}
