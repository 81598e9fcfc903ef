import { readdirSync } from 'node:fs';

/** Names of the shards in a folder, in order. */
export function shardNames(dir: string): string[] {
  return readdirSync(dir)
    .filter((file) => file.endsWith('.idx'))
    .map((file) => file.slice(0, -'.idx'.length))
    .sort();
}
