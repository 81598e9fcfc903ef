import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSquad, type QuestionSet, readSquad } from '@lucie/evaluation';
import { LucieError } from '@lucie/ledger';
import { type AttackSet, isBipia, readBipia } from './read-attacks.ts';

/** Other people's data: each file by itself. */
export interface OtherData {
  sets: QuestionSet[];
  attacks: AttackSet[];
  /** Files that hold neither. */
  ignored: string[];
}

/**
 * Reads every `*.json` of a folder that has SQuAD's shape or BIPIA's, in the order of names.
 * @throws LucieError `DATA_MISSING` for a folder with neither
 */
export async function readData(dir: string): Promise<OtherData> {
  const data: OtherData = { sets: [], attacks: [], ignored: [] };
  const names = await readdir(dir).catch(() => [] as string[]);
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const path = join(dir, name);
    const value = await readJson(path);
    if (isSquad(value)) data.sets.push(await readSquad(path));
    else if (isBipia(value)) data.attacks.push(await readBipia(path));
    else data.ignored.push(name);
  }
  if (data.sets.length + data.attacks.length > 0) return data;
  throw new LucieError({
    code: 'DATA_MISSING',
    found: `${dir} without questions or attacks`,
    expected:
      "*.json in SQuAD's shape (data[].paragraphs[].qas[]) or in BIPIA's (kinds of attack, texts each)",
    todo: 'give a folder that holds such a file',
  });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
