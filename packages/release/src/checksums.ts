import { join } from 'node:path';
import { listFiles, sha256File, writeFileAtomic } from '@lucie/ledger';

/** Files of a stage folder that belong to the run and not to the release. */
const NOT_RELEASED = /^(SHA256SUMS|manifest\.json|attempt\.json|log\/.*|.*\.tmp)$/;

/** Writes `SHA256SUMS` for every released file of a folder, as `sha256sum -c` reads it. */
export async function writeChecksums(dir: string): Promise<void> {
  const lines: string[] = [];
  for (const name of await listFiles(dir)) {
    if (!NOT_RELEASED.test(name)) lines.push(`${await sha256File(join(dir, name))}  ${name}\n`);
  }
  await writeFileAtomic(join(dir, 'SHA256SUMS'), lines.join(''));
}
