import type { Superseded } from '../citation.ts';
import type { Hit } from '../passage.ts';
import type { Reader, Reading } from '../read/reader.ts';
import { writeOutPhone } from '../words/phone-spelling.ts';
import { respell } from '../words/respell.ts';
import type { QuestionWord } from '../words/understand-question.ts';
import { type ExpectedAnswer, expectedAnswer } from './answer-type.ts';
import { type Candidate, candidatesOf } from './candidate.ts';
import type { Documents } from './cite.ts';
import { type Asked, type Turn, understand } from './follow-up.ts';
import { asksAboutOrders, findHostile } from './hostile.ts';
import { type QuestionTerm, questionTerms, understandByHits } from './question-terms.ts';
import { readHits } from './read-hits.ts';
import { type Scored, scoreCandidates } from './score-candidates.ts';
import { asksForOld, supersededAmong } from './versions.ts';

/** What an answer needs of a room; `understand` corrects spelling and knows rarity by the whole room instead of the hits. */
export interface Searchable extends Documents {
  understand?(question: string): readonly QuestionWord[];
  search(question: string, opts?: { limit?: number; signal?: AbortSignal }): Promise<Hit[]>;
}

/** Everything that was found for a question, before it is decided whether that answers it. */
export interface Evidence {
  asked: Asked;
  /** Without documents that are replaced. */
  hits: readonly Hit[];
  terms: readonly QuestionTerm[];
  expected: ExpectedAnswer;
  scored: readonly Scored[];
  /** What a reader says of the first hits, where there is one. */
  readings?: ReadonlyMap<Hit, Reading>;
  superseded: readonly Superseded[];
}

/** As many passages as rarity can be told from. */
export const HITS = 40;

/** Searches, leaves out what is replaced and what gives orders, reads what is left where there is a reader, and scores what may be quoted. */
export async function findEvidence(
  room: Searchable,
  question: string,
  opts: {
    history?: readonly Turn[];
    signal?: AbortSignal;
    reader?: Reader | undefined;
    trusting?: boolean;
  } = {},
): Promise<Evidence> {
  const asked = understand(question, opts.history);
  const query = [asked.question, ...asked.before].join(' ');
  const search = { limit: HITS, ...(opts.signal ? { signal: opts.signal } : {}) };
  const found = await room.search(query, search);
  const superseded = supersededAmong(found).filter((old) => !asksForOld(query, old));
  const gone = new Set(superseded.map(({ document }) => document));
  const hits = found.filter(({ document }) => !gone.has(document));
  const words = room.understand?.bind(room) ?? understandByHits(hits);
  const terms = questionTerms(asked.question, asked.before, words);
  const expected = expectedAnswer(writeOutPhone(asked.question));
  const quotable =
    opts.trusting || asksAboutOrders(asked.question) ? candidatesOf(hits) : withoutOrders(candidatesOf(hits));
  const { reader, signal } = opts;
  const worthReading = [...new Set(quotable.map(({ hit }) => hit))];
  const readings = reader
    ? await readHits(reader, respell(query, words(query)), { hits: worthReading, signal })
    : undefined;
  return {
    asked,
    hits,
    terms,
    expected,
    scored: scoreCandidates(quotable, terms, { question: asked.question, expected, readings }),
    ...(readings ? { readings } : {}),
    superseded,
  };
}

/** Pieces that give no orders to the reader's program. A sentence that goes on with an order is only seen in its passage. */
function withoutOrders(candidates: readonly Candidate[]): Candidate[] {
  const spans = new Map<Hit, { start: number; end: number }[]>();
  return candidates.filter(({ hit, start, end }) => {
    let hostile = spans.get(hit);
    if (!hostile) spans.set(hit, (hostile = findHostile(hit.text)));
    return !hostile.some((span) => hit.start + span.start < end && start < hit.start + span.end);
  });
}
