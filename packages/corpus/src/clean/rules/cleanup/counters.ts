import { Refusal, type Rule } from '../../rule.ts';

/** A line that is an address, with or without the word that announces it. */
const ADDRESS = /^\W{0,5}(?:sources?\b[^\n]{0,40}?)?(?:https?:\/\/|www\.)\S+$/i;
/** `123 vues`, `- 1 024 lectures`, `12 views.` */
const COUNT = /^\W{0,5}\d[\d .,\u00a0\u202f]{0,12}(?:vues?|lectures?|consultations?|views?)\W{0,5}$/i;
/** The same behind the last sentence. */
const TRAILING = /(?:\s|[-–|])\d[\d .,\u00a0\u202f]{0,12}(?:vues?|lectures?|consultations?|views?)\W{0,5}$/i;
const LONGEST = 500;

/** Takes out lines that are nothing but an address or a number of views, and such a number at the very end. */
export const counters: Rule = {
  name: 'counters',
  apply(document) {
    const lines = document.text.split('\n').filter((line) => !isCounter(line));
    for (;;) {
      while (lines.at(-1)?.trim() === '') lines.pop();
      const last = lines.at(-1);
      const shorter = last === undefined ? last : withoutTrailing(last);
      if (shorter === undefined || shorter === last) break;
      lines.pop();
      if (!isCounter(shorter)) lines.push(shorter);
    }
    const text = lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
    if (text === document.text) return document;
    return text === '' ? new Refusal('nothing but addresses and counters') : { ...document, text };
  },
};

function isCounter(line: string): boolean {
  const bare = line.trim();
  return bare.length <= LONGEST && (ADDRESS.test(bare) || COUNT.test(bare));
}

function withoutTrailing(line: string): string {
  const tail = line.slice(-60);
  const match = TRAILING.exec(tail);
  return match ? line.slice(0, line.length - tail.length + match.index).replace(/[\s\-–|]{1,20}$/, '') : line;
}
