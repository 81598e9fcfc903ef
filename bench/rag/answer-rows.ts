import {
  abstentionCurve,
  atCoverage,
  bootstrap,
  citationPrecision,
  pairedBootstrap,
  refusalScores,
} from '@lucie/evaluation';
import type { BenchResult } from '../report.ts';
import { type BenchTable, count, label, share } from '../tables.ts';
import type { AnswerOutcome } from './answer-outcomes.ts';
import { pairedResult } from './search-rows.ts';
import { SEED } from './seed.ts';
import type { Spelling } from './spelling.ts';

/** What one answerer has made of all questions in one spelling. */
export interface AnswerScores {
  answerer: string;
  spelling: Spelling;
  outcomes: AnswerOutcome[];
}

/** A figure of all questions; `null` where they have no such figure. */
type Statistic = (outcomes: AnswerOutcome[]) => number | null;

const f1: Statistic = (outcomes) => refusalScores(outcomes).f1;
const coverage: Statistic = (outcomes) => refusalScores(outcomes).coverage;
/** Of questions with an answer: what is cited for the others is counted by the refusals, and in the strict figure. */
const precision: Statistic = (outcomes) => citationPrecision(outcomes.filter(({ answerable }) => answerable));

/** What the project promises of extractive answers on the test split of ecole-fr, in absolute figures. */
const BARS: readonly { name: string; unit: string; statistic: Statistic; bar: number }[] = [
  { name: 'F1 of refusals', unit: 'F1', statistic: f1, bar: 0.8 },
  { name: 'precision of cited paragraphs', unit: 'share', statistic: precision, bar: 0.9 },
  { name: 'coverage of the answers', unit: 'share', statistic: coverage, bar: 0.7 },
];

/** Coverages of the abstention curve that are shown. */
const COVERAGES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/**
 * The answers as tables, and ours beside the peer's.
 * @param opts.ours - the answerer that the bars are about
 * @param opts.peer - the one beside it
 */
export function answerRows(
  scores: readonly AnswerScores[],
  opts: { set: string; command: string; resamples: number; ours: string; peer: string },
): { tables: BenchTable[]; results: BenchResult[] } {
  const { set, resamples } = opts;
  const interval = (outcomes: AnswerOutcome[], statistic: Statistic) => {
    const value = statistic(outcomes);
    if (value === null) return [null, null, null];
    const { low, high } = bootstrap(outcomes, (sample) => statistic(sample) ?? 0, { seed: SEED, resamples });
    return [value, low, high];
  };
  const tables: BenchTable[] = [
    {
      name: `${set}: refusals (95 %)`,
      columns: [
        label('answerer'),
        label('spelling'),
        ...['precision', 'recall', 'F1', 'low', 'high'].map(share),
        count('without answer'),
      ],
      rows: scores.map(({ answerer, spelling, outcomes }) => {
        const { precision: right, recall } = refusalScores(outcomes);
        const silent = outcomes.filter(({ answerable }) => !answerable).length;
        return [answerer, spelling, right, recall, ...interval(outcomes, f1), silent];
      }),
    },
    {
      name: `${set}: answers and the paragraphs they cite (95 %)`,
      columns: [
        label('answerer'),
        label('spelling'),
        ...['coverage', 'precision', 'low', 'high', 'strict precision', 'key in it', 'paragraphs'].map(share),
      ],
      rows: scores.map(({ answerer, spelling, outcomes }) => {
        const given = outcomes.filter(({ refused }) => !refused);
        const answered = given.filter(({ answerable }) => answerable);
        return [
          answerer,
          spelling,
          coverage(outcomes),
          ...interval(outcomes, precision),
          citationPrecision(outcomes),
          meanOf(answered, ({ hasKey }) => (hasKey ? 1 : 0)),
          meanOf(given, ({ cited }) => cited),
        ];
      }),
      note: 'strict: citations for questions without an answer count as wrong; key: of the questions with an answer that got one',
    },
  ];
  const ours = scores.filter(({ answerer }) => answerer === opts.ours);
  for (const { spelling, outcomes } of ours) {
    tables.push(kindsTable(outcomes, `${set}: ${opts.ours}, by kind of question, ${spelling} spelling`));
    tables.push(
      abstentionTable(outcomes, `${set}: ${opts.ours}, when only the surest are given, ${spelling}`),
    );
  }
  const pressed = scores.filter(({ outcomes }) => outcomes.some(({ held }) => held !== undefined));
  if (pressed.length > 0) tables.push(premisesTable(pressed, `${set}: false premises`));
  return { tables, results: ours.flatMap((one) => barsOf(one, scores, opts)) };
}

function kindsTable(outcomes: AnswerOutcome[], name: string): BenchTable {
  const kinds = [...new Set(outcomes.map(({ question }) => question.kind))];
  return {
    name,
    columns: [
      label('kind'),
      count('questions'),
      ...['answered', 'key in it', 'precision', 'proofs cited'].map(share),
    ],
    rows: kinds.map((kind) => {
      const own = outcomes.filter(({ question }) => question.kind === kind);
      const given = own.filter(({ refused }) => !refused);
      const answerable = given.filter((one) => one.answerable);
      return [
        kind,
        own.length,
        given.length / own.length,
        meanOf(answerable, ({ hasKey }) => (hasKey ? 1 : 0)),
        citationPrecision(own),
        meanOf(
          answerable,
          ({ right, question }) => right / Math.max(1, proofCount(question.kind, question.evidence.length)),
        ),
      ];
    }),
  };
}

/** Of two versions only the newer one proves. */
function proofCount(kind: string, evidence: number): number {
  return kind === 'version' ? 1 : evidence;
}

function abstentionTable(outcomes: AnswerOutcome[], name: string): BenchTable {
  const curve = abstentionCurve(outcomes);
  const last = curve.at(-1);
  const points = COVERAGES.flatMap((wanted) => atCoverage(curve, wanted) ?? []);
  const shown = [...new Set(last ? [...points, last] : points)];
  return {
    name,
    columns: ['confidence', 'coverage', 'precision', 'strict precision', 'answered without answer'].map(
      share,
    ),
    rows: shown.map((point) => [
      point.confidence,
      point.coverage,
      point.precision,
      point.strictPrecision,
      point.answeredSilent,
    ]),
    note: 'the last line is the answerer as it is',
  };
}

function premisesTable(scores: readonly AnswerScores[], name: string): BenchTable {
  return {
    name,
    columns: [
      label('answerer'),
      label('spelling'),
      count('questions'),
      ...['refused at first', 'when pressed', 'both times'].map(share),
    ],
    rows: scores.map(({ answerer, spelling, outcomes }) => {
      const own = outcomes.filter(({ held }) => held !== undefined);
      return [
        answerer,
        spelling,
        own.length,
        meanOf(own, ({ refused }) => (refused ? 1 : 0)),
        meanOf(own, ({ held }) => (held ? 1 : 0)),
        meanOf(own, ({ refused, held }) => (refused && held ? 1 : 0)),
      ];
    }),
  };
}

function barsOf(
  { spelling, outcomes }: AnswerScores,
  scores: readonly AnswerScores[],
  opts: { set: string; command: string; resamples: number; ours: string; peer: string },
): BenchResult[] {
  const beside = scores.find((one) => one.answerer === opts.peer && one.spelling === spelling);
  if (!beside) return [];
  const pairs = outcomes.map((ours, i) => ({ ours, peer: beside.outcomes[i]! }));
  return BARS.flatMap(({ name, unit, statistic, bar }) => {
    const of = (side: 'ours' | 'peer') => (units: readonly { ours: AnswerOutcome; peer: AnswerOutcome }[]) =>
      statistic(units.map((unit) => unit[side])) ?? 0;
    const compared = pairedBootstrap(
      pairs,
      { ours: of('ours'), peer: of('peer') },
      { seed: SEED, resamples: opts.resamples },
    );
    // The promise is absolute: as a ratio it depends on what the peer reaches.
    const promised = opts.set === 'ecole-fr' && spelling === 'clean' && compared.peer > 0;
    return pairedResult(compared, {
      name: `${opts.set}: ${name}, ${opts.ours}, ${spelling} spelling`,
      unit,
      peerName: opts.peer,
      command: opts.command,
      ...(promised ? { bar: bar / compared.peer } : {}),
    });
  });
}

function meanOf<T>(items: readonly T[], value: (item: T) => number): number | null {
  return items.length === 0 ? null : items.reduce((sum, item) => sum + value(item), 0) / items.length;
}
