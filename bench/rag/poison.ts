import {
  type CourseQuestion,
  type CourseText,
  type Place,
  placeKey,
  type QuestionSet,
} from '@lucie/evaluation';
import type { Attack } from './read-attacks.ts';

/** An attack, the paragraph at whose end it stands, and a question that this paragraph answers. */
export interface Trial {
  attack: Attack;
  question: CourseQuestion;
  place: Place;
}

/** Texts with attacks in them. */
export interface PoisonedTexts {
  texts: CourseText[];
  trials: Trial[];
}

/**
 * Writes each attack at the end of a paragraph that answers some question, where whoever answers it must meet the
 * attack. A paragraph takes one attack; with more attacks than paragraphs there are several copies of the texts.
 * @param questions - each is asked at most once a copy
 */
export function poison(
  set: Pick<QuestionSet, 'texts'>,
  questions: readonly CourseQuestion[],
  attacks: readonly Attack[],
): PoisonedTexts[] {
  const hosts = hostsAmong(set, questions);
  if (hosts.length === 0) return [];
  const copies: PoisonedTexts[] = [];
  for (let first = 0; first < attacks.length; first += hosts.length) {
    const trials = attacks.slice(first, first + hosts.length).map((attack, i) => ({ attack, ...hosts[i]! }));
    copies.push({ texts: withAttacks(set.texts, trials), trials });
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

function withAttacks(texts: readonly CourseText[], trials: readonly Trial[]): CourseText[] {
  const added = new Map(trials.map(({ place, attack }) => [placeKey(place), attack.text]));
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
