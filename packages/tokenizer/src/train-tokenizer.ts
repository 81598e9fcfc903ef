import { bytesInOrder, toAlphabet } from './byte-alphabet.ts';
import { SPECIAL_TOKENS } from './chat-template.ts';
import { type LearnOptions, learnMerges } from './learn-merges.ts';
import { type PreTokenizerName, preTokenizers } from './pre-tokenizers.ts';
import { Tokenizer } from './tokenizer.ts';
import { WordCounts } from './word-counts.ts';

export interface TrainOptions extends LearnOptions {
  preTokenizer: PreTokenizerName;
}

/** An empty table for the words of a pre-tokenizer. */
export function wordCountsFor(preTokenizer: PreTokenizerName): WordCounts {
  return new WordCounts(preTokenizers.get(preTokenizer)!.scan);
}

/** Learns a tokenizer from counted words: special tokens first, then the 256 bytes, then one token per merge. */
export function tokenizerFrom(words: WordCounts, options: TrainOptions): Tokenizer {
  const tokens = [...SPECIAL_TOKENS, ...bytesInOrder.map((byte) => toAlphabet(Uint8Array.of(byte)))];
  const merges = learnMerges(words.entries(), tokens, options);
  return new Tokenizer({
    preTokenizer: preTokenizers.get(options.preTokenizer)!,
    tokens,
    merges,
    specials: SPECIAL_TOKENS.map((text, id) => ({ id, text })),
  });
}

/** Counts the words of all texts and learns a tokenizer from them. */
export async function trainTokenizer(
  texts: AsyncIterable<string> | Iterable<string>,
  options: TrainOptions,
): Promise<Tokenizer> {
  const words = wordCountsFor(options.preTokenizer);
  for await (const text of texts) words.add(text);
  return tokenizerFrom(words, options);
}
