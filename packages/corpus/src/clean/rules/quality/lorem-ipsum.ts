import type { TextStats } from '../text-stats.ts';

/** Times "lorem ipsum" stands in the normalised text ÷ its characters with one space between words (C4; RedPajama v2 `rps_doc_lorem_ipsum`). */
export function loremIpsum({ words }: TextStats): number {
  // Other signs than those of ASCII stay in words: a quotation begins with “lorem.
  const lorem = idsOf(words.vocabulary, (word) => word.endsWith('lorem'));
  const ipsum = idsOf(words.vocabulary, (word) => word.startsWith('ipsum'));
  if (lorem.size === 0 || ipsum.size === 0) return 0;
  let count = 0;
  for (let i = 1; i < words.ids.length; i++)
    if (ipsum.has(words.ids[i]!) && lorem.has(words.ids[i - 1]!)) count++;
  return count / (words.characters + words.ids.length - 1);
}

function idsOf(vocabulary: readonly string[], wanted: (word: string) => boolean): Set<number> {
  return new Set(vocabulary.flatMap((word, id) => (wanted(word) ? [id] : [])));
}
