import { LucieError } from '@lucie/ledger';
import type { HubFile } from '../hub-file.ts';
import type { HubRepo } from '../hub-repo.ts';

/** The server gives something else than what the hub lists. */
export function otherFile(repo: HubRepo, opts: { file: HubFile; found: string }): LucieError {
  return new LucieError({
    code: 'HUB_FILE_DAMAGED',
    found: `${opts.file.path} of ${repo.name}, which ${opts.found}`,
    expected: `the file of ${opts.file.size} bytes that the hub lists for this commit`,
    todo: 'call again; if it stays so, do not trust this server',
  });
}
