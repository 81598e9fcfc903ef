import { join } from 'node:path';
import { cacheDir } from '@lucie/ledger';

/** Where a server keeps its own things (keys): below systemd its StateDirectory, else beside the rest of LUCIE. */
export const DEFAULT_STATE: string = process.env.STATE_DIRECTORY ?? join(cacheDir, 'server');
