import type { silentLogger } from '@lucie/ledger';
import type { Context } from 'hono';
import type { AnswerFigures } from '../operate/answer-figures.ts';
import type { ActiveGenerations } from './active-generations.ts';
import type { ModelList } from './model-list.ts';

/** What the routes share. */
export interface RouteTools {
  models: ModelList;
  active: ActiveGenerations;
  /** Told names, sizes and times; never what people write. */
  log: typeof silentLogger;
  /** @throws ApiError 403 when this request may not ask this model */
  requireModel: (context: Context, model: string) => void;
  /** Told of every answer at its end, once, however it ended. */
  answered: (context: Context, figures: AnswerFigures) => void;
}
