import { join } from 'node:path';
import { LucieError } from '@lucie/ledger';
import { addOptOut } from './list.ts';
import { type CorpusVersion, modelsThatSaw, type TracedModel } from './models-that-saw.ts';
import { type OptOut, optOutShape } from './options.ts';

/** Where a recipe's opt-outs stand, below the folder of runs. */
export function optOutsPath(runsDir: string, recipe: string): string {
  return join(runsDir, recipe, 'opt-outs.jsonl');
}

/** What became of a wish not to be trained on. */
export interface OptOutResult {
  optOut: OptOut;
  /** Where it is noted; `written` is false when it stood there already, and in a dry run. */
  file: string;
  written: boolean;
  /** The recipe's present corpus; absent where none has been made. */
  present?: CorpusVersion;
  /** Other versions and other recipes' corpora with matching documents. */
  others: CorpusVersion[];
  models: TracedModel[];
  unknown: TracedModel[];
}

/**
 * Notes that a document, a site, an author or an address is not to be trained on, and finds what that touches. The
 * next version of the corpus leaves it out.
 * @throws LucieError `OPT_OUT_INVALID` (exit code 2), `OPT_OUTS_INVALID`, `MANIFEST_EDITED`
 */
export async function optOutOf(
  wish: unknown,
  opts: { runsDir: string; recipe: string; dryRun: boolean },
): Promise<OptOutResult> {
  const optOut = parseOptOut(wish);
  const { corpora, models, unknown } = await modelsThatSaw(opts.runsDir, optOut);
  const present = corpora.find(({ folder }) => folder === `${opts.recipe}/01-corpus`);
  const others = corpora.filter(
    (corpus) =>
      corpus !== present && corpus.matches.training.documents + corpus.matches.heldOut.documents > 0,
  );
  const file = optOutsPath(opts.runsDir, opts.recipe);
  const written = opts.dryRun ? false : await addOptOut(file, optOut);
  return { optOut, file, written, ...(present ? { present } : {}), others, models, unknown };
}

function parseOptOut(wish: unknown): OptOut {
  const parsed = optOutShape.safeParse(wish);
  if (parsed.success) return parsed.data;
  const given = Object.entries(wish as object).filter(([name]) => name !== 'since' && name !== 'reason');
  throw new LucieError({
    code: 'OPT_OUT_INVALID',
    found:
      given.length === 0
        ? 'nothing to leave out'
        : given.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(' and '),
    expected: 'one document id, domain (example.fr, not fr), author or http address',
    todo: 'name one with --id, --domain, --author or --url',
    exitCode: 2,
  });
}
