import type { silentLogger } from '@lucie/ledger';
import type { ActiveGenerations } from './active-generations.ts';
import type { ModelList } from './model-list.ts';

/** What the routes share. */
export interface RouteTools {
  models: ModelList;
  active: ActiveGenerations;
  /** Told names, sizes and times; never what people write. */
  log: typeof silentLogger;
}
