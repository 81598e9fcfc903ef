import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJson } from '@lucie/ledger';

/**
 * Does a stage's work and notes its facts before the checkpoints go, so that a kill after the last step, while the
 * runner still hashes files, does not cost the whole training again.
 * @param key - hash of what the work is a function of
 */
export async function finishOnce<Facts extends object>(
  dir: string,
  key: string,
  work: () => Promise<Facts>,
): Promise<Facts> {
  const note = join(dir, 'log', 'finished.json');
  if (existsSync(note)) {
    const kept = JSON.parse(await readFile(note, 'utf8')) as { key: string; facts: Facts };
    if (kept.key === key) {
      await rm(join(dir, 'checkpoints'), { recursive: true, force: true });
      return kept.facts;
    }
  }
  const facts = await work();
  await writeJson(note, { key, facts });
  await rm(join(dir, 'checkpoints'), { recursive: true, force: true });
  return facts;
}
