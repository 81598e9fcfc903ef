import type { AnswerSentence, GroundedAnswer } from '../citation.ts';
import type { Hit } from '../passage.ts';
import type { Reader } from '../read/reader.ts';
import { analyse } from '../words/analyse.ts';
import { writeOutPhone } from '../words/phone-spelling.ts';
import { cite } from './cite.ts';
import { type Evidence, findEvidence, type Searchable } from './find-evidence.ts';
import type { Turn } from './follow-up.ts';
import { withoutMarkup } from './hostile.ts';
import { refusalFeatures } from './refusal-features.ts';
import { answerProbability, weightsFor } from './refusal-model.ts';
import type { Scored } from './score-candidates.ts';
import { selectSentences } from './select-sentences.ts';

export interface AnswerOptions {
  /** Turns before the question: they help to understand it and are never a source. */
  history?: readonly Turn[];
  signal?: AbortSignal;
  /** Reads the first passages before it is decided which answer, and whether any does. */
  reader?: Reader | undefined;
  /** Default 3. */
  maxSentences?: number;
}

/** From this probability on a passage is held to deny what the question takes for granted (chosen on the development split). */
const CONTRADICTS = 0.3;

/** Nearest passages that a refusal shows. */
const NEAREST = 3;

/**
 * Answers a question with one to three sentences of the room's documents, quoted word for word with their place, or
 * refuses and says what was looked for and what is nearest. What the pupil claims, now or in an earlier turn, is never
 * taken for a source; insisting asks the question before once more.
 * Of documents that replace one another the one that holds now is quoted; `superseded` says which was left out.
 */
export async function answerQuestion(
  room: Searchable,
  question: string,
  opts: AnswerOptions = {},
): Promise<GroundedAnswer> {
  const evidence = await findEvidence(room, question, opts);
  const confidence = confidenceOf(evidence);
  if (confidence.probability < confidence.threshold)
    return refuse(evidence, whySilent(evidence), confidence.probability);
  const chosen = selectSentences(evidence.scored, evidence.terms, {
    max: Math.max(1, opts.maxSentences ?? 3),
    question: evidence.asked.question,
    lengthOf: ({ document, page, paragraph }) =>
      room.document?.(document)?.parsed.pages.find((one) => one.page === page)?.blocks[paragraph - 1]?.text
        .length,
  });
  if (chosen.length === 0) return refuse(evidence, 'silent', confidence.probability);
  const sentences = chosen.map((one) => sentenceOf(one, room));
  return answer('extractive', { sentences, evidence, confidence: confidence.probability });
}

/** An answer of these sentences, with the documents that those which it quotes replace. */
export function answer(
  method: 'extractive' | 'generative',
  {
    sentences,
    evidence,
    confidence,
  }: { sentences: AnswerSentence[]; evidence: Evidence; confidence: number },
): GroundedAnswer {
  const used = new Set(sentences.flatMap(({ citations }) => citations.map(({ document }) => document)));
  const superseded = evidence.superseded.filter(({ by }) => used.has(by));
  return { kind: 'answer', method, sentences, confidence, ...(superseded.length > 0 ? { superseded } : {}) };
}

/** The probability that the documents answer, and from which on they are taken to. */
export function confidenceOf(evidence: Evidence): { probability: number; threshold: number } {
  const features = refusalFeatures(evidence.asked.question, evidence);
  if (!features) return { probability: 0, threshold: 1 };
  const model = weightsFor(evidence);
  return { probability: answerProbability(features, model), threshold: model.threshold };
}

/** Why the documents do not answer: a reader may hold that one of them denies what the question takes for granted. */
export function whySilent(evidence: Evidence): 'silent' | 'premise' {
  return contradicting(evidence) ? 'premise' : 'silent';
}

/** The passage that most likely denies what the question takes for granted, if any does. */
function contradicting({ readings }: Evidence): Hit | undefined {
  const [first] = [...(readings ?? [])].sort(([, a], [, b]) => b.contradicts - a.contradicts);
  return first && first[1].contradicts >= CONTRADICTS ? first[0] : undefined;
}

/** A refusal with the words that were looked for and the nearest passages, of a false premise first the one that denies it. */
export function refuse(
  evidence: Evidence,
  reason: 'silent' | 'unsupported' | 'premise',
  probability: number,
): GroundedAnswer {
  const nearest = new Map<number, Hit>();
  const denies = reason === 'premise' ? contradicting(evidence) : undefined;
  if (denies) nearest.set(denies.id, denies);
  for (const { hit } of evidence.scored) if (nearest.size < NEAREST) nearest.set(hit.id, hit);
  return {
    kind: 'refusal',
    reason,
    lookedFor: lookedFor(evidence),
    nearest: [...nearest.values()],
    confidence: 1 - probability,
  };
}

/** The words of the question that carry its matter, as the pupil wrote them but for phone spelling. */
function lookedFor({ asked, terms }: Evidence): string[] {
  const question = writeOutPhone(asked.question);
  const written = new Map(
    analyse(question).map(({ form, start, end }) => [form, question.slice(start, end)] as const),
  );
  return terms.filter(({ own }) => own).map(({ form }) => written.get(form) ?? form);
}

function sentenceOf(chosen: Scored, room: Searchable): AnswerSentence {
  const own = cite(chosen.hit, chosen, room);
  // A row is read with the head of its table, which is proof as well.
  if (chosen.head) {
    return {
      text: withoutMarkup(`${chosen.head.text}\n${chosen.text}`),
      citations: [own, cite(chosen.hit, chosen.head, room)],
    };
  }
  return { text: withoutMarkup(chosen.text), citations: [own] };
}
