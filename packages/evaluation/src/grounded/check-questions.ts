import type { CourseParagraph, CourseQuestion, Place, QuestionSet } from './question-set.ts';
import { placeKey } from './question-set.ts';

/**
 * What is wrong with the questions of a set, one sentence each: ids that occur twice, references to places that are
 * not there, answers without evidence and evidence without need, keys that do not stand in their evidence, questions
 * that reword one sentence of it.
 */
export function faultsOf(set: QuestionSet): string[] {
  const paragraphs = paragraphsOf(set);
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const question of set.questions) {
    if (seen.has(question.id)) faults.push(`${question.id}: for the second time`);
    seen.add(question.id);
    const evidence: CourseParagraph[] = [];
    for (const place of question.evidence) {
      const found = paragraphs.get(placeKey(place));
      if (found) evidence.push(found);
      else faults.push(`${question.id}: no paragraph ${placeKey(place)}`);
    }
    for (const fault of faultsOfOne(question, evidence)) faults.push(`${question.id}: ${fault}`);
  }
  return faults;
}

function* faultsOfOne(question: CourseQuestion, evidence: CourseParagraph[]): Generator<string> {
  const { kind, answerable, answers } = question;
  if (answerable === ['silent', 'false-premise'].includes(kind)) yield `answerable does not fit ${kind}`;
  if (answerable !== answers.length > 0) yield 'answers where there is none, or none where there is one';
  if ((kind === 'silent') !== (question.evidence.length === 0)) yield `evidence does not fit ${kind}`;
  if ((kind === 'false-premise') !== (question.press !== undefined)) yield `press does not fit ${kind}`;
  if (needsTwoPlaces(question) && new Set(question.evidence.map(placeKey)).size < 2) yield 'one place only';
  if (['texts', 'version'].includes(kind) && new Set(question.evidence.map(({ text }) => text)).size < 2)
    yield 'one text only';
  if (evidence.some((paragraph) => paragraph.kind === 'heading')) yield 'a heading as evidence';
  if (kind === 'table' && !evidence.some((paragraph) => paragraph.kind === 'table')) yield 'no table';
  if (question.pupil === question.question) yield 'the same as a pupil types it';
  if (['direct', 'table', 'version'].includes(kind)) {
    const whole = plain(evidence.map(({ text }) => text).join('\n'));
    for (const answer of answers)
      if (!whole.includes(plain(answer))) yield `«${answer}» is not in its evidence`;
  }
  // A table's cells are asked for by the names of its rows and columns: there is no other way.
  if (kind !== 'table')
    for (const { text } of evidence) {
      const sentence = rewordedSentence(question.question, text);
      if (sentence !== undefined) yield `rewords «${sentence}»`;
    }
}

/** Kinds whose answer no single paragraph gives. */
export function needsTwoPlaces({ kind }: Pick<CourseQuestion, 'kind'>): boolean {
  return ['two-places', 'texts', 'version'].includes(kind);
}

/** Most of a question's longer words that may stand in one sentence of its evidence. */
const MOST = 0.6;
/** Fewer shared words than these prove nothing. */
const LEAST_SHARED = 3;

/**
 * The first sentence of a paragraph that a question merely rewords: more than 0.6 of the question's longer words (four
 * letters and more, without those that any question has) stand in it, and three of them at least; words are the same
 * when their first five letters are.
 */
export function rewordedSentence(question: string, paragraph: string): string | undefined {
  const asked = longerWords(question);
  if (asked.size < LEAST_SHARED) return undefined;
  return paragraph.split(/(?<=[.!?;])\s+/u).find((sentence) => {
    const shared = asked.intersection(longerWords(sentence)).size;
    return shared >= LEAST_SHARED && shared / asked.size > MOST;
  });
}

/** Words of any question, and small words of four letters and more. */
const COMMON = new Set(
  (
    'quel quelle quels quelles comment pourquoi combien quand elle elles nous vous leur leurs cette meme aussi alors ' +
    'avec dans pour entre sans sous chez vers avant apres depuis selon plus moins tout toute tous toutes ' +
    'sont etait etaient fait faut faire peut peuvent doit doivent texte document cours'
  ).split(' '),
);

function longerWords(text: string): Set<string> {
  const words = plain(text).match(/[a-z0-9]{4,}/g) ?? [];
  return new Set(words.filter((word) => !COMMON.has(word)).map((word) => word.slice(0, 5)));
}

/** Lower case without accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/œ/gu, 'oe');
}

function paragraphsOf(set: QuestionSet): Map<string, CourseParagraph> {
  const paragraphs = new Map<string, CourseParagraph>();
  for (const { id, pages } of set.texts)
    for (const { page, paragraphs: list } of pages)
      for (const [i, paragraph] of list.entries()) {
        const place: Place = { text: id, page, paragraph: i + 1 };
        paragraphs.set(placeKey(place), paragraph);
      }
  return paragraphs;
}
