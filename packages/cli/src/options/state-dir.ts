import { join } from 'node:path';
import { cacheDir } from '@lucie/ledger';

/** Where a server keeps its own things (keys), unless `--state` says otherwise: `LUCIE_CACHE` moves it too. */
export const DEFAULT_STATE: string = join(cacheDir, 'server');
