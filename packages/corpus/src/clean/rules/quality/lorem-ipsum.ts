import type { TextStats } from '../text-stats.ts';

/** Times "lorem ipsum" stands in the normalised text ÷ its characters with one space between words (C4; RedPajama v2 `rps_doc_lorem_ipsum`). */
export function loremIpsum({ words }: TextStats): number {
  const lorem = words.index.get('lorem');
  const ipsum = words.index.get('ipsum');
  if (lorem === undefined || ipsum === undefined) return 0;
  let count = 0;
  for (let i = 1; i < words.ids.length; i++)
    if (words.ids[i] === ipsum && words.ids[i - 1] === lorem) count++;
  return count / (words.characters + words.ids.length - 1);
}
