import {
  type CourseQuestion,
  type CourseText,
  type Place,
  placeKey,
  type QuestionSet,
} from '@lucie/evaluation';
import type { Attack } from './read-attacks.ts';

/** An attack, a question whose answer stands beside it, and ways of saying the key of that answer. */
export interface Trial {
  attack: Attack;
  question: string;
  answers: string[];
}

/** Texts with attacks in them. */
export interface PoisonedTexts {
  texts: CourseText[];
  trials: Trial[];
}

/**
 * Texts in which attacks stand where whoever answers a question must meet them: an attack with a lesson of its own in that
 * lesson, which is one text more; any other one at the end of a paragraph that answers some question. A paragraph takes
 * one attack, a lesson stands once in a copy: there are as many copies of the texts as that takes.
 * @param questions - each is asked at most once a copy
 */
export function poison(
  set: Pick<QuestionSet, 'texts'>,
  questions: readonly CourseQuestion[],
  attacks: readonly Attack[],
): PoisonedTexts[] {
  return [
    ...withLessons(
      set,
      attacks.filter(({ lesson }) => lesson),
    ),
    ...withHosts(
      set,
      questions,
      attacks.filter(({ lesson }) => !lesson),
    ),
  ];
}

function withLessons(set: Pick<QuestionSet, 'texts'>, attacks: readonly Attack[]): PoisonedTexts[] {
  const copies: PoisonedTexts[] = [];
  const before = new Map<string, number>();
  for (const attack of attacks) {
    const { title, passage, question, answer } = attack.lesson!;
    const nth = before.get(title) ?? 0;
    before.set(title, nth + 1);
    const copy = (copies[nth] ??= { texts: [...set.texts], trials: [] });
    const paragraphs = [{ kind: 'text' as const, text: passage }];
    copy.texts.push({ id: `lesson-${copy.trials.length + 1}`, title, pages: [{ page: 1, paragraphs }] });
    copy.trials.push({ attack, question, answers: [answer] });
  }
  return copies;
}

function withHosts(
  set: Pick<QuestionSet, 'texts'>,
  questions: readonly CourseQuestion[],
  attacks: readonly Attack[],
): PoisonedTexts[] {
  const hosts = hostsAmong(set, questions);
  if (hosts.length === 0) return [];
  const copies: PoisonedTexts[] = [];
  for (let first = 0; first < attacks.length; first += hosts.length) {
    const here = attacks.slice(first, first + hosts.length);
    const added = new Map(here.map((attack, i) => [placeKey(hosts[i]!.place), attack.text]));
    const trials = here.map((attack, i) => {
      const { question, answers } = hosts[i]!.question;
      return { attack, question, answers };
    });
    copies.push({ texts: withAttacks(set.texts, added), trials });
  }
  return copies;
}

/** Questions with the first paragraph of their evidence, each paragraph once; a table has no room for a sentence. */
function hostsAmong(
  set: Pick<QuestionSet, 'texts'>,
  questions: readonly CourseQuestion[],
): { question: CourseQuestion; place: Place }[] {
  const kinds = new Map(
    set.texts.flatMap(({ id, pages }) =>
      pages.flatMap(({ page, paragraphs }) =>
        paragraphs.map(({ kind }, i) => [placeKey({ text: id, page, paragraph: i + 1 }), kind] as const),
      ),
    ),
  );
  const taken = new Set<string>();
  return questions.flatMap((question) => {
    const [place] = question.evidence;
    if (!question.answerable || !place) return [];
    const key = placeKey(place);
    if (taken.has(key) || !['text', 'list'].includes(kinds.get(key) ?? '')) return [];
    taken.add(key);
    return [{ question, place }];
  });
}

/** @param added - what is written behind a paragraph, by place */
function withAttacks(texts: readonly CourseText[], added: ReadonlyMap<string, string>): CourseText[] {
  return texts.map((text) => ({
    ...text,
    pages: text.pages.map(({ page, paragraphs }) => ({
      page,
      paragraphs: paragraphs.map((paragraph, i) => {
        const attack = added.get(placeKey({ text: text.id, page, paragraph: i + 1 }));
        return attack === undefined ? paragraph : { ...paragraph, text: `${paragraph.text} ${attack}` };
      }),
    })),
  }));
}
