import { sentences } from '../words/sentences.ts';

/** A sentence as a model wrote it, with the numbers of the passages that it names. */
export interface WrittenSentence {
  text: string;
  /** From 1; empty where the model named none. */
  numbers: number[];
}

/** Nobody's sentence is longer; a model that goes on without an end is cut off here. */
const LONGEST = 2000;
const MARK = /\s*((?:\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\]\s*)+)([.!?…]?)/;

/**
 * Reads a model's stream sentence by sentence: a sentence is complete when its `[1]` has come and something else follows,
 * or the line ends. Of several sentences before one `[1]`, only the last is proven by it; the others name nothing.
 */
export async function* readSentences(stream: AsyncIterable<string>): AsyncGenerator<WrittenSentence> {
  let text = '';
  for await (const piece of stream) {
    text += piece;
    for (;;) {
      const cut = firstEnd(text);
      if (cut === undefined) break;
      yield* parse(text.slice(0, cut));
      text = text.slice(cut);
    }
    if (text.length > LONGEST) break;
  }
  if (text.length <= LONGEST) yield* parse(text);
}

/** Where the first complete sentence or line ends; undefined while more of it may come. */
function firstEnd(text: string): number | undefined {
  const mark = MARK.exec(text);
  const marked = mark ? mark.index + mark[0].length : -1;
  const line = text.indexOf('\n');
  if (line >= 0 && (marked < 0 || line < mark!.index)) return line + 1;
  // Another number or the full stop may follow the bracket in the next piece.
  return mark && /^\s*[^\s[]/.test(text.slice(marked)) ? marked : undefined;
}

function* parse(text: string): Generator<WrittenSentence> {
  const mark = MARK.exec(text);
  const body = mark
    ? text.slice(0, mark.index) + (/[.!?…]\s*$/.test(text.slice(0, mark.index)) ? '' : mark[2])
    : text;
  const numbers = mark ? [...mark[1]!.matchAll(/\d+/g)].map(([digits]) => Number(digits)) : [];
  const spans = sentences(body);
  for (const [i, { start, end }] of spans.entries()) {
    const sentence = body.slice(start, end).replace(/^[-*•\d.)\s]+(?=\p{L})/u, '');
    if (!/\p{L}|\d/u.test(sentence)) continue;
    yield { text: sentence, numbers: i === spans.length - 1 ? numbers : [] };
  }
}
