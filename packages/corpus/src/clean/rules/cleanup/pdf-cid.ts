import { Refusal, type Rule } from '../../rule.ts';
import { legible } from '../legible.ts';

const CID = /(?:\(cid:\d{1,5}\) ?)+/g;

/**
 * Takes out `(cid:12)`, which readers of PDF write for a character that its font does not name; a space stays where
 * the word was. What such a number means differs from font to font, so none is guessed. A document with more of them
 * per character than allowed is not worth repairing.
 */
export function pdfCid(options: { maximumPerCharacter: number }): Rule {
  return {
    name: 'pdf-cid',
    apply(document) {
      const { text } = document;
      if (!text.includes('(cid:')) return document;
      const count = text.match(/\(cid:\d{1,5}\)/g)?.length ?? 0;
      if (count === 0) return document;
      const share = count / text.length;
      if (share > options.maximumPerCharacter)
        return new Refusal(legible(share, '>', options.maximumPerCharacter));
      const cleaned = text.replace(CID, (found: string, at: number) => {
        const before = text[at - 1] ?? '\n';
        const after = text[at + found.length] ?? '\n';
        return before === ' ' || before === '\n' || after === '\n' ? '' : ' ';
      });
      return cleaned === '' ? new Refusal('nothing else') : { ...document, text: cleaned };
    },
  };
}
