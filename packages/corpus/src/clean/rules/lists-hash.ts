import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashJson, sha256 } from '@lucie/ledger';
import type { RulesOptions } from './rules-shape.ts';

/** Hash of the files that the rules read, so that another list is another corpus; empty where they read none. */
export function listsHash({ blocklists, badWords }: RulesOptions): string {
  const folders = blocklists ? blocklists.map(({ folder }) => folder) : [];
  const files = badWords ? Object.values(badWords.files).flat() : [];
  if (folders.length + files.length === 0) return '';
  return hashJson([...folders.flatMap(filesBelow), ...files].map(hashOf));
}

/** A list that is not there has no hash: the rule that reads it says so, with a better word. */
function hashOf(path: string): string {
  try {
    return sha256(readFileSync(path));
  } catch {
    return '';
  }
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}
