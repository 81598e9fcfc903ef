import type { Document } from '../document.ts';
import { TextScanner } from '../duplicates/scan-text.ts';

/** Any length: runs of words do not go into the hash of all words. */
const RUN = 5;

/**
 * Makes the function that gives the hash of a text's words, as in the files of the step `signatures`: equal for texts
 * that count as the same word for word. Empty for an empty text, which is nobody's.
 */
export function textHasher(): (document: Pick<Document, 'text' | 'language'>) => string {
  let room = new Int32Array(1 << 16);
  const scanner = new TextScanner(RUN, {
    reserve(count) {
      if (room.length < count) room = new Int32Array(2 * count);
      return room;
    },
  });
  return ({ text, language }) => {
    if (text === '') return '';
    scanner.scan(text, language);
    return scanner.exact.join(' ');
  };
}
