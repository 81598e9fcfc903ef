import { LucieError } from '@lucie/ledger';
import { licences, type Use, uses } from '../licences.ts';
import { wholeTokens } from '../mix/estimate-tokens.ts';
import { languageGroup } from '../mix/language-group.ts';
import { ratio } from './composition.ts';
import type { Cell, CorpusReport } from './corpus-report.ts';

/** What a corpus has to be like; everything that is named must hold. */
export interface Wish {
  /** Every licence allows each of these. */
  uses?: readonly Use[];
  /** Sources that are left out. */
  without?: readonly string[];
  /** Only these languages. */
  languages?: readonly string[];
  /** Only documents known to be of this year or later, and of this year or earlier. */
  sinceYear?: number;
  untilYear?: number;
}

export interface Measure {
  documents: number;
  bytes: number;
  /** Estimated, each document seen once. */
  tokens: number;
  /** Tokens × the epochs that the source has today: an estimate of what is trained on. */
  trainedTokens: number;
}

export interface Change {
  name: string;
  before: Measure;
  after: Measure;
  /** Part of all that is trained on, before and after. */
  shareBefore: number;
  shareAfter: number;
}

export interface WhatIf {
  wish: Wish;
  /** Training documents. */
  before: Measure;
  after: Measure;
  heldOutBefore: number;
  heldOutAfter: number;
  /** In the order of the corpus. */
  sources: Change[];
  /** Most trained on first. */
  languages: Change[];
  /** What falls away, by reason: the source's name, the licence, the language, or `before 2015`, `after 2020`, `unknown`; a document that falls for several counts for the first. */
  fallen: { reason: 'source' | 'licence' | 'language' | 'year'; what: string; lost: Measure }[];
}

/**
 * What would be left of a corpus, by the sums of its report: nothing is built. A source keeps its epochs. Duplicates
 * stay as they were decided: a text whose survivor falls may have a twin that would stay in a corpus built anew.
 * @throws LucieError `WISH_UNKNOWN` for a source or language that the corpus does not hold, `WISH_IMPOSSIBLE` for years
 * that end before they begin
 */
export function whatIf(report: CorpusReport, wish: Wish): WhatIf {
  refuseUnknown(report, wish);
  refuseImpossible(wish);
  const epochs = new Map(report.mix.sources.map((source) => [source.source, source.epochs]));
  const measure = (cells: readonly Cell[]): Measure => {
    const sum = { documents: 0, bytes: 0, tokens: 0, trainedTokens: 0 };
    for (const cell of cells) {
      sum.documents += cell.documents;
      sum.bytes += cell.bytes;
      sum.tokens += cell.tokens;
      sum.trainedTokens += cell.tokens * (epochs.get(cell.source) ?? 1);
    }
    return {
      ...sum,
      tokens: wholeTokens(sum.tokens),
      trainedTokens: wholeTokens(sum.trainedTokens),
    };
  };
  const judged = report.composition.map((cell) => ({ cell, reason: reasonAgainst(cell, wish) }));
  const train = judged.filter(({ cell }) => !cell.heldOut);
  const stays = train.filter(({ reason }) => !reason);
  const before = measure(train.map(({ cell }) => cell));
  const after = measure(stays.map(({ cell }) => cell));
  const change = (name: string, belongs: (cell: Cell) => boolean): Change => {
    const own = train.filter(({ cell }) => belongs(cell));
    const [had, has] = [own, own.filter(({ reason }) => !reason)].map((all) =>
      measure(all.map(({ cell }) => cell)),
    );
    return {
      name,
      before: had!,
      after: has!,
      shareBefore: ratio(had!.trainedTokens, before.trainedTokens),
      shareAfter: ratio(has!.trainedTokens, after.trainedTokens),
    };
  };
  const heldOut = judged.filter(({ cell }) => cell.heldOut);
  const count = (all: typeof judged) => all.reduce((sum, { cell }) => sum + cell.documents, 0);
  const languages = [...new Set(train.map(({ cell }) => languageGroup(cell.language)))];
  const reasons = Map.groupBy(
    train.filter(({ reason }) => reason),
    ({ reason }) => `${reason!.reason} ${reason!.what}`,
  );
  return {
    wish,
    before,
    after,
    heldOutBefore: count(heldOut),
    heldOutAfter: count(heldOut.filter(({ reason }) => !reason)),
    sources: report.sources.map(({ source }) => change(source, (cell) => cell.source === source)),
    languages: languages
      .map((language) => change(language, (cell) => languageGroup(cell.language) === language))
      .sort((a, b) => b.before.trainedTokens - a.before.trainedTokens || (a.name < b.name ? -1 : 1)),
    fallen: [...reasons.values()]
      .map((own) => ({ ...own[0]!.reason!, lost: measure(own.map(({ cell }) => cell)) }))
      .sort((a, b) => b.lost.bytes - a.lost.bytes || (a.what < b.what ? -1 : 1)),
  };
}

/** Why documents do not fit the wish, or undefined where they do. */
function reasonAgainst(
  cell: Cell,
  { uses: wanted = [], without = [], languages, sinceYear, untilYear }: Wish,
): { reason: WhatIf['fallen'][number]['reason']; what: string } | undefined {
  if (without.includes(cell.source)) return { reason: 'source', what: cell.source };
  const licence = licences[cell.licence];
  if (wanted.some((use) => !licence || !uses[use](licence))) return { reason: 'licence', what: cell.licence };
  if (languages && !languages.includes(cell.language) && !languages.includes(languageGroup(cell.language)))
    return { reason: 'language', what: cell.language };
  if (sinceYear === undefined && untilYear === undefined) return undefined;
  // Who asks for texts of certain years has to know their year.
  const year = cell.year === '' ? Number.NaN : Number(cell.year);
  if (Number.isNaN(year)) return { reason: 'year', what: 'unknown' };
  if (year < (sinceYear ?? -Infinity)) return { reason: 'year', what: `before ${sinceYear}` };
  return year > (untilYear ?? Infinity) ? { reason: 'year', what: `after ${untilYear}` } : undefined;
}

function refuseImpossible({ sinceYear, untilYear }: Wish): void {
  if (sinceYear === undefined || untilYear === undefined || sinceYear <= untilYear) return;
  throw new LucieError({
    code: 'WISH_IMPOSSIBLE',
    found: `years from ${sinceYear} to ${untilYear}`,
    expected: 'a first year that is not after the last',
    todo: 'exchange the years, or name one of them',
    exitCode: 2,
  });
}

function refuseUnknown(report: CorpusReport, { without = [], languages = [] }: Wish): void {
  const sources = [
    ...report.sources.map(({ source }) => source),
    ...report.absent.map(({ source }) => source),
  ];
  const spoken = report.composition.flatMap(({ language }) => [language, languageGroup(language)]);
  const check = (kind: string, names: readonly string[], known: readonly string[]) => {
    const name = names.find((one) => !known.includes(one));
    if (name === undefined) return;
    throw new LucieError({
      code: 'WISH_UNKNOWN',
      found: `the ${kind} ${name}, which this corpus does not hold`,
      expected: `one of ${[...new Set(known)].sort().join(', ')}`,
      todo: 'correct the name',
      exitCode: 2,
    });
  };
  check('source', without, sources);
  check('language', languages, spoken);
}
