import type { CourseText } from '@lucie/evaluation';
import { Random } from '@lucie/ledger';
import { FrenchLike } from '../serve/french-like.ts';
import { SEED } from './seed.ts';

/** Passages of a document: a lesson of some pages. */
const PER_TEXT = 20;
const PER_PAGE = 5;
/** Words of a passage. */
const WORDS = 60;

/**
 * Texts with so many passages in all, each paragraph one: runs of real words from the given texts, so that questions
 * on those meet many passages, among made words, so that the vocabulary is as large as a school year's.
 */
export function madeTexts(passages: number, from: readonly CourseText[]): CourseText[] {
  const random = new Random(SEED, 'made passages');
  const made = new FrenchLike(SEED);
  const real = from
    .flatMap(({ pages }) => pages.flatMap(({ paragraphs }) => paragraphs.map(({ text }) => text)))
    .join(' ')
    .split(/\s+/);
  let left = passages;
  const texts: CourseText[] = [];
  while (left > 0) {
    const paragraphs = Array.from({ length: Math.min(PER_TEXT, left) }, () => ({
      kind: 'text' as const,
      text: mixedText(random, real, made),
    }));
    left -= paragraphs.length;
    const pages = [];
    for (let i = 0; i < paragraphs.length; i += PER_PAGE)
      pages.push({ page: pages.length + 1, paragraphs: paragraphs.slice(i, i + PER_PAGE) });
    texts.push({ id: `made-${texts.length + 1}`, title: made.text(4), pages });
  }
  return texts;
}

function mixedText(random: Random, real: readonly string[], made: FrenchLike): string {
  const parts: string[] = [];
  for (let words = 0; words < WORDS; ) {
    const run = 3 + random.below(8);
    const start = random.below(Math.max(1, real.length - run));
    parts.push(random.below(2) === 0 ? real.slice(start, start + run).join(' ') : made.text(run));
    words += run;
  }
  return parts.join(' ');
}
