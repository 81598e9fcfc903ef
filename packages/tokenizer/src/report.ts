import { isUtf8 } from 'node:buffer';
import type { Tokenizer } from './tokenizer.ts';

/** How well a vocabulary fits some text. */
export interface Fit {
  documents: number;
  bytes: number;
  /** Stretches between white space, as in the original Lucie's tables. */
  words: number;
  tokens: number;
  /** Fertility. */
  tokens_per_word: number;
  bytes_per_token: number;
  /** Share of tokens that hold only a part of a character: what the vocabulary could not spell. */
  partial_share: number;
}

/** The content of the stage's `report.json`. */
export interface TokenizerReport {
  vocabulary_size: number;
  pre_tokenizer: string;
  merges: number;
  /** Bytes learnt from, by source. */
  learnt_from: Record<string, number>;
  /** Held-out text by language. */
  heldout: Record<string, Fit>;
  longest_tokens: string[];
  /** Tokens that the text learnt from never needs in the end; the first hundred. Special ones do not count. */
  unused: { count: number; tokens: string[] };
  examples: { text: string; tokens: string[] }[];
}

const EXAMPLES = [
  "L'eau qu'il boit aujourd'hui vient-elle d'Évian ?",
  'Quelle est la capitale de la France ?',
  'Le 14 juillet 1789, 5 × (3 + 2) = 25 ; il en reste 1 250,50 €.',
  'The people of the United States.',
];

/** Adds up the fit of texts. */
export class FitMeter {
  #tokenizer: Tokenizer;
  #partial: Uint8Array;
  #sums = { documents: 0, bytes: 0, words: 0, tokens: 0, partial: 0 };

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    this.#partial = Uint8Array.from({ length: tokenizer.vocabSize }, (_, id) =>
      isUtf8(tokenizer.tokenBytes(id)) ? 0 : 1,
    );
  }

  add(text: string): void {
    const ids = this.#tokenizer.encode(text);
    this.#sums.documents++;
    this.#sums.bytes += Buffer.byteLength(text);
    this.#sums.words += text.match(/\S+/g)?.length ?? 0;
    this.#sums.tokens += ids.length;
    for (const id of ids) this.#sums.partial += this.#partial[id]!;
  }

  get fit(): Fit {
    const { documents, bytes, words, tokens, partial } = this.#sums;
    return {
      documents,
      bytes,
      words,
      tokens,
      tokens_per_word: rounded(tokens / Math.max(1, words)),
      bytes_per_token: rounded(bytes / Math.max(1, tokens)),
      partial_share: rounded(partial / Math.max(1, tokens)),
    };
  }
}

const rounded = (value: number) => Number(value.toFixed(5));

/** Tokens as people read them; what is not valid UTF-8 as `\xE2`. */
export function shown(tokenizer: Tokenizer, id: number): string {
  const bytes = tokenizer.tokenBytes(id, { special: true });
  if (isUtf8(bytes)) return Buffer.from(bytes).toString('utf8');
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** @param words - the pre-tokens learnt from */
export function tokenizerReport(
  tokenizer: Tokenizer,
  words: Iterable<[word: string, count: number]>,
  parts: Pick<TokenizerReport, 'learnt_from' | 'heldout'>,
): TokenizerReport {
  const used = new Set(tokenizer.specialTokens.map(({ id }) => id));
  for (const [word] of words) for (const id of tokenizer.encode(word)) used.add(id);
  const ids = tokenizer.model.tokens.map((_, id) => id);
  const unused = ids.filter((id) => !used.has(id));
  const byLength = ids
    .filter((id) => tokenizer.tokenBytes(id).length > 0)
    .sort((a, b) => tokenizer.tokenBytes(b).length - tokenizer.tokenBytes(a).length || a - b);
  return {
    vocabulary_size: tokenizer.vocabSize,
    pre_tokenizer: tokenizer.model.preTokenizer.name,
    merges: tokenizer.model.merges.length,
    ...parts,
    longest_tokens: byLength.slice(0, 20).map((id) => shown(tokenizer, id)),
    unused: { count: unused.length, tokens: unused.slice(0, 100).map((id) => shown(tokenizer, id)) },
    examples: EXAMPLES.map((text) => ({
      text,
      tokens: Array.from(tokenizer.encode(text), (id) => shown(tokenizer, id)),
    })),
  };
}
