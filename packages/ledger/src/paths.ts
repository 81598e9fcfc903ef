import { join, resolve } from 'node:path';

/** Root of the checkout this code runs from. */
export const projectRoot: string = resolve(import.meta.dirname, '../../..');

/** Everything that set-up fetches or compiles: libtorch, the addon, data packages. Never committed. */
export const cacheDir: string = process.env.LUCIE_CACHE ?? join(projectRoot, '.lucie');

/** Where recipes leave their stages, one folder per recipe. */
export const runsDir: string = process.env.LUCIE_RUNS ?? join(projectRoot, 'runs');
