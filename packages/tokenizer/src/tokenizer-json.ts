import { LucieError } from '@lucie/ledger';
import { z } from 'zod';
import { fromAlphabet } from './byte-alphabet.ts';
import type { Merge } from './merger.ts';
import { CONTRACTIONS, GPT2_PATTERN, type PreTokenizer, preTokenizers } from './pre-tokenizers.ts';
import type { SpecialToken, TokenizerModel } from './tokenizer.ts';

const step = z.looseObject({ type: z.string() });
const fileShape = z.looseObject({
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
  decoder: z.unknown(),
  added_tokens: z
    .array(
      z.looseObject({
        id: z.int().min(0),
        content: z.string().min(1),
        single_word: z.boolean().default(false),
        lstrip: z.boolean().default(false),
        rstrip: z.boolean().default(false),
        special: z.boolean().default(false),
      }),
    )
    .default([]),
  model: z.looseObject({
    type: z.string().default('BPE'),
    // Checked by hand: a vocabulary holds names such as `__proto__`.
    vocab: z.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
    dropout: z.number().nullish(),
    continuing_subword_prefix: z.string().nullish(),
    end_of_word_suffix: z.string().nullish(),
    byte_fallback: z.boolean().nullish(),
    ignore_merges: z.boolean().nullish(),
  }),
});
type File = z.infer<typeof fileShape>;

/** Heap keys of the merger hold ranks below 2²¹. */
const MAX_TOKENS = 2 ** 20;

/** A tokenizer as the text of a Hugging Face `tokenizer.json`, the same text for the same tokenizer. */
export function formatTokenizerJson(model: TokenizerModel): string {
  const { preTokenizer, specials, tokens, merges } = model;
  const file = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map(({ id, text }) => ({
      id,
      content: text,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        ...preTokenizer.patterns.map((Regex) => ({
          type: 'Split',
          pattern: { Regex },
          behavior: 'Isolated',
          invert: false,
        })),
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: preTokenizer.ignoreMerges,
      vocab: '@vocab',
      merges: merges.map(([left, right]) => `${tokens[left]} ${tokens[right]}`),
    },
  };
  // Written by hand: an object would put keys such as "7" first and lose "__proto__".
  const vocab = tokens.map((token, id) => `      ${JSON.stringify(token)}: ${id}`).join(',\n');
  return `${JSON.stringify(file, null, 2).replace('"@vocab"', () => `{\n${vocab}\n    }`)}\n`;
}

/**
 * Reads the text of a `tokenizer.json`. A post-processor is not read: it adds tokens around a text, which is the
 * caller's business here.
 * @param name - how errors call the file
 * @throws LucieError `TOKENIZER_INVALID` for a file that contradicts itself, `TOKENIZER_UNSUPPORTED` for a tokenizer
 * of another kind, naming what was found
 */
export function parseTokenizerJson(text: string, name: string): TokenizerModel {
  const file = readShape(text, name);
  const { model } = file;
  const refuse = (found: string, expected: string): never => {
    throw new LucieError({
      code: 'TOKENIZER_UNSUPPORTED',
      found: `${found} in ${name}`,
      expected,
      todo: 'use a byte-level BPE tokenizer with one of the pre-tokenizers of packages/tokenizer',
    });
  };
  if (model.type !== 'BPE') refuse(`a ${model.type} model`, 'a BPE model');
  if (file.normalizer) refuse(`the normalizer ${kindOf(file.normalizer)}`, 'none: every byte is kept');
  if (kindOf(file.decoder) !== 'ByteLevel') refuse(`the decoder ${kindOf(file.decoder)}`, 'ByteLevel');
  for (const option of [
    'dropout',
    'continuing_subword_prefix',
    'end_of_word_suffix',
    'byte_fallback',
  ] as const) {
    if (model[option]) refuse(`${option} ${JSON.stringify(model[option])}`, 'none');
  }
  for (const token of file.added_tokens) {
    if (!token.special || token.lstrip || token.rstrip || token.single_word) {
      refuse(`the added token ${JSON.stringify(token)}`, 'special tokens that take no neighbours');
    }
  }
  const preTokenizer =
    recognise(file.pre_tokenizer) ??
    refuse(
      `the pre-tokenizer ${JSON.stringify(file.pre_tokenizer)?.slice(0, 400)}`,
      `that of ${[...preTokenizers.keys()].join(', ')}`,
    );
  if ((model.ignore_merges ?? false) !== preTokenizer.ignoreMerges) {
    refuse(
      `ignore_merges ${model.ignore_merges ?? false}`,
      `${preTokenizer.ignoreMerges} as ${preTokenizer.name} has it`,
    );
  }
  return { preTokenizer, ...readVocabulary(file, name) };
}

function invalid(name: string, found: string, expected: string, cause?: unknown): LucieError {
  return new LucieError({
    code: 'TOKENIZER_INVALID',
    found: `${found} in ${name}`,
    expected,
    todo: 'take the file again from where it came',
    cause,
  });
}

function readShape(text: string, name: string): File {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(name, 'text that is not JSON', 'a tokenizer.json', cause);
  }
  const parsed = fileShape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw invalid(name, `${issue.message} at ${issue.path.join('.') || 'the top'}`, 'a tokenizer.json');
}

function kindOf(value: unknown): string {
  const parsed = step.safeParse(value);
  return parsed.success ? parsed.data.type : 'none';
}

function readVocabulary(file: File, name: string): Omit<TokenizerModel, 'preTokenizer'> {
  const tokens: string[] = [];
  const ids = new Map<string, number>();
  const put = (token: string, id: unknown) => {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= MAX_TOKENS) {
      throw invalid(name, `the id ${JSON.stringify(id)} of ${token}`, `0 to ${MAX_TOKENS - 1}`);
    }
    if ((ids.get(token) ?? id) !== id || (tokens[id] ?? token) !== token) {
      throw invalid(
        name,
        `${JSON.stringify(token)} as id ${id} beside another use of either`,
        'one id per token',
      );
    }
    tokens[id] = token;
    ids.set(token, id);
  };
  for (const [token, id] of Object.entries(file.model.vocab)) put(token, id);
  const specials: SpecialToken[] = file.added_tokens.map(({ id, content }) => ({ id, text: content }));
  for (const { id, text } of specials) put(text, id);
  if (tokens.length !== ids.size) {
    throw invalid(name, `${ids.size} tokens with ids up to ${tokens.length - 1}`, 'ids without gaps');
  }
  const special = new Set(specials.map(({ text }) => text));
  const byteTokens = new Set<number>();
  for (const token of tokens) {
    if (special.has(token)) continue;
    const bytes = fromAlphabet(token);
    if (!bytes || bytes.length === 0)
      throw invalid(name, `the token ${JSON.stringify(token)}`, 'byte-level tokens');
    if (bytes.length === 1) byteTokens.add(bytes[0]!);
  }
  if (byteTokens.size < 256) throw invalid(name, `tokens for ${byteTokens.size} single bytes`, 'all 256');
  return { tokens, merges: readMerges(file, ids, name), specials };
}

function readMerges(file: File, ids: Map<string, number>, name: string): Merge[] {
  const seen = new Set<string>();
  return file.model.merges.map((merge) => {
    const parts = typeof merge === 'string' ? merge.split(' ') : merge;
    const [left = '', right = ''] = parts;
    const key = `${left} ${right}`;
    const found = [ids.get(left), ids.get(right), ids.get(left + right)] as const;
    if (parts.length !== 2 || found.includes(undefined) || seen.has(key)) {
      throw invalid(name, `the merge ${JSON.stringify(merge)}`, 'two tokens that form a third, once');
    }
    seen.add(key);
    return found as Merge;
  });
}

/** The pre-tokenizer whose patterns these steps have. */
function recognise(value: unknown): PreTokenizer | undefined {
  const sequence = z.looseObject({ type: z.literal('Sequence'), pretokenizers: z.array(z.unknown()) });
  const parsed = sequence.safeParse(value);
  const patterns = (parsed.success ? parsed.data.pretokenizers : [value]).map(patternOf);
  const signature = JSON.stringify(patterns.filter((pattern) => pattern !== ''));
  for (const preTokenizer of preTokenizers.values()) {
    if (JSON.stringify(preTokenizer.patterns) === signature) return preTokenizer;
  }
  return undefined;
}

const byteLevel = z.looseObject({
  type: z.literal('ByteLevel'),
  add_prefix_space: z.literal(false),
  use_regex: z.boolean().default(true),
});
const digits = z.looseObject({ type: z.literal('Digits'), individual_digits: z.literal(true) });
const split = z.looseObject({
  type: z.literal('Split'),
  pattern: z.object({ Regex: z.string() }),
  behavior: z.enum(['Isolated', 'Removed']),
  invert: z.boolean(),
});

/** The pattern that one step isolates, '' for one that cuts nothing, `undefined` for a step of another kind. */
function patternOf(value: unknown): string | undefined {
  const asByteLevel = byteLevel.safeParse(value);
  if (asByteLevel.success) return asByteLevel.data.use_regex ? GPT2_PATTERN : '';
  if (digits.safeParse(value).success) return '\\p{N}';
  const asSplit = split.safeParse(value);
  if (!asSplit.success) return undefined;
  const { pattern, behavior, invert } = asSplit.data;
  // Inverted and removed comes to the same as isolated where, as here, the matches cover the text.
  if (invert !== (behavior === 'Removed')) return undefined;
  return pattern.Regex.replaceAll("(?i:'s|'t|'re|'ve|'m|'ll|'d)", CONTRACTIONS);
}
