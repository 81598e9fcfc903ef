import { gpt2Scanner, llama3Scanner, regexScanner, type Scanner } from './scanners.ts';

/** How text is cut into the pieces that merges never cross. */
export interface PreTokenizer {
  /** The name of `tokenizer.ggml.pre` in GGUF. */
  name: PreTokenizerName;
  /** Regular expressions, applied one after the other, each isolating its matches: what `tokenizer.json` holds. */
  patterns: string[];
  /** The same as a function; a test holds the two equal. */
  scan: Scanner;
  /** A piece that is a token as a whole is taken as it is, whatever the merges say. llama.cpp decides so by name. */
  ignoreMerges: boolean;
  /** llama.cpp cuts every text in the same places (`docs/decisions/tokenizer.md`). */
  sameInLlamaCpp: boolean;
}

export const preTokenizerNames = ['gpt-2', 'smollm', 'llama-bpe', 'qwen2', 'tekken', 'gpt-4o'] as const;
export type PreTokenizerName = (typeof preTokenizerNames)[number];

export const GPT2_PATTERN =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
export const CONTRACTIONS = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
const REST = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const REST_SLASH = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const WORD = '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+';
const UPPER = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const LOWER = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const CASED = (tail: string) =>
  `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+${tail}|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*${tail}`;
const TEKKEN = `${CASED('')}|\\p{N}|${REST_SLASH}`;
const GPT4O = `${CASED(`${CONTRACTIONS}?`)}|\\p{N}{1,3}|${REST_SLASH}`;

/** The pre-tokenizers offered, by name. */
export const preTokenizers: ReadonlyMap<string, PreTokenizer> = new Map(
  (
    [
      { name: 'gpt-2', patterns: [GPT2_PATTERN], scan: gpt2Scanner(false) },
      { name: 'smollm', patterns: ['\\p{N}', GPT2_PATTERN], scan: gpt2Scanner(true) },
      {
        name: 'llama-bpe',
        patterns: [`${CONTRACTIONS}|${WORD}|\\p{N}{1,3}|${REST}`],
        scan: llama3Scanner(3),
        ignoreMerges: true,
      },
      { name: 'qwen2', patterns: [`${CONTRACTIONS}|${WORD}|\\p{N}|${REST}`], scan: llama3Scanner(1) },
      {
        name: 'tekken',
        patterns: [TEKKEN],
        scan: regexScanner(TEKKEN),
        ignoreMerges: true,
        sameInLlamaCpp: false,
      },
      { name: 'gpt-4o', patterns: [GPT4O], scan: regexScanner(GPT4O), sameInLlamaCpp: false },
    ] satisfies (Partial<PreTokenizer> & Pick<PreTokenizer, 'name' | 'patterns' | 'scan'>)[]
  ).map((entry) => [entry.name, { ignoreMerges: false, sameInLlamaCpp: true, ...entry }]),
);
