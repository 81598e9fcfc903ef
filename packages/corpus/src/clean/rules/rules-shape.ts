import { z } from 'zod';

const share = z.number().min(0).max(1);
/** A rule is off unless a recipe asks for it; asked for with `{}`, it has the thresholds of Lucie's web pipeline. */
const off = <T extends z.ZodType>(options: T) => z.union([z.literal(false), options]).default(false);
/** By language; `*` for the languages that are not named. */
const byLanguage = <T extends z.ZodType>(value: T) => z.record(z.string().min(1), value);
/** Path in `extra`, with dots: `quality_signals.ccnet_perplexity`. */
const field = z.string().min(1);

/** Rules that read prose. Documents of code (`code:go`) pass them unless `judgeCode` names them. */
export const proseRules = [
  'sentences',
  'braces',
  'loremIpsum',
  'words',
  'meanWordLength',
  'symbols',
  'bulletLines',
  'ellipsisLines',
  'wordsWithoutLetter',
  'topNgrams',
  'duplicateNgrams',
  'case',
  'badWords',
  'ocr',
  'pageNoise',
  'gutenberg',
  'pdfCid',
  'mojibake',
  'dialogue',
  'counters',
  'minimumWords',
] as const;

/**
 * The rules that look at one document alone, each `false` or its options. Defaults are those of packaged text: its
 * language is checked and the shortest is left out; what the web needs is off.
 */
export const rulesShape = z.strictObject({
  /** Prose rules that judge code as well. */
  judgeCode: z.array(z.enum(proseRules)).default([]),

  /** Lists of hosts and addresses in UT1's format: a folder per category with `domains` and `urls`. */
  blocklists: off(
    z
      .array(
        z.strictObject({
          /** Relative to the working directory, or absolute. */
          folder: z.string().min(1),
          /** All of the folder's when absent. */
          categories: z.array(z.string().min(1)).min(1).optional(),
        }),
      )
      .min(1),
  ),
  /** Whole words of the address, e.g. `casino`; more than `maximum` of them and the document goes. */
  urlWords: off(
    z.strictObject({ words: z.array(z.string().min(1)).min(1), maximum: z.int().min(0).default(0) }),
  ),
  /** Sites that another source of the corpus covers: texts found anywhere in the address, by language. */
  overlap: off(z.strictObject({ keywords: byLanguage(z.array(z.string().min(1))) })),
  /** Keeps these languages only, by the document's tag or by what its text is. */
  languages: off(
    z.strictObject({ keep: z.array(z.string().min(1)).min(1), by: z.enum(['tag', 'text']).default('tag') }),
  ),
  /** The text is in the language of its tag. Measured figures: `language.ts`. */
  language: z
    .union([
      z.literal(false),
      z.strictObject({
        /** Texts with fewer letters are believed. */
        minimumLetters: z.int().min(0).default(30),
        /** Part of up to eight samples that must be in the language. */
        minimumShare: share.default(0.7),
        /** A sample counts when its language scores this part of the best one. */
        tolerance: share.default(0.97),
        /** Languages that come into question, when the source is known to hold no other. */
        among: z.array(z.string().length(2)).min(2).optional(),
      }),
    ])
    .prefault({}),

  /** Perplexity that the document brings along in `extra`; documents without one pass. */
  perplexity: off(
    z.strictObject({
      field: field.default('perplexity'),
      minimum: z.number().min(0).default(10),
      maximum: z.number().positive().default(1000),
    }),
  ),
  /** Certainty of the language as the document brings it along. */
  languageScore: off(z.strictObject({ field: field.default('languageScore'), minimum: share.default(0.65) })),
  sentences: off(z.strictObject({ minimum: z.int().min(0).default(3) })),
  braces: off(z.strictObject({ maximum: share.default(0) })),
  loremIpsum: off(z.strictObject({ maximum: share.default(0) })),
  words: off(
    z.strictObject({
      minimum: z.int().min(0).default(50),
      maximum: z.int().positive().default(100_000),
    }),
  ),
  meanWordLength: off(
    z.strictObject({ minimum: z.number().min(0).default(3), maximum: z.number().positive().default(10) }),
  ),
  symbols: off(z.strictObject({ maximum: z.number().min(0).default(0.1) })),
  bulletLines: off(z.strictObject({ maximum: share.default(0.9) })),
  ellipsisLines: off(z.strictObject({ maximum: share.default(0.3) })),
  wordsWithoutLetter: off(z.strictObject({ maximum: share.default(0.3) })),
  /** Share of characters in the most frequent run of so many words. */
  topNgrams: off(
    z.strictObject({ '2': share.default(0.2), '3': share.default(0.18), '4': share.default(0.16) }),
  ),
  /** Share of characters in runs of so many words that stand in the document more than once. */
  duplicateNgrams: off(
    z.strictObject({
      '5': share.default(0.15),
      '6': share.default(0.14),
      '7': share.default(0.13),
      '8': share.default(0.12),
      '9': share.default(0.11),
      '10': share.default(0.1),
    }),
  ),
  /** Text as it was typed, not as it was heard: upper case per letter, sentence ends per word. */
  case: off(
    z.strictObject({
      minimumUppercase: share.default(0.002),
      minimumSentenceEnds: share.default(0.005),
    }),
  ),
  /** Words and phrases that nobody wants to read, counted. */
  badWords: off(
    z.strictObject({
      maximum: z.int().min(0).default(0),
      /** The list LDNOOBW of the document's language. */
      ldnoobw: z.boolean().default(true),
      /** Own lists, a word or phrase per line, by language. */
      files: byLanguage(z.array(z.string().min(1))).default({}),
    }),
  ),

  /** Quality of the scan in per cent as the document brings it along; documents without one pass. */
  ocrScore: off(z.strictObject({ field: field.default('ocrScore'), minimum: z.number().min(0).default(90) })),
  /** Parts that a scanner has spoilt are cut out. */
  ocr: off(
    z.strictObject({
      maximumChunk: z.int().min(100).default(10_000),
      minimumChunk: z.int().min(1).default(200),
      /** So many spoilt lines in a row are cut; fewer are left alone. */
      suspiciousRun: z.int().min(1).default(4),
      /** A whole chunk is cut above this many tokens per character. */
      maximumTokensPerCharacter: z.number().positive().default(0.38),
      /** A whole chunk is cut when it is in another language; any language when absent. */
      languages: z.array(z.string().length(2)).min(1).optional(),
      /** The first chunks stay as they are: title pages look like noise. */
      keepFirst: z.int().min(0).default(0),
      /** Least part of the characters that must be left. */
      minimumKept: share.default(0.2),
    }),
  ),

  /** Pages that are no prose, lines that stand on many pages. */
  pageNoise: off(
    z.strictObject({
      /** A line of at least `minimumLine` characters that stands this often is a header or footer. */
      repeats: z.int().min(2).default(10),
      minimumLine: z.int().min(1).default(10),
      minimumWords: z.int().min(0).default(6),
      maximumLines: z.int().min(1).default(200),
      minimumMeanWordLength: z.number().min(0).default(1.5),
      maximumMeanWordLength: z.number().positive().default(10),
      maximumPunctuation: share.default(0.2),
      maximumDigits: share.default(0.2),
    }),
  ),
  /** Project Gutenberg's own words before and after the book. */
  gutenberg: off(z.strictObject({})),
  /** Books whose authors are long dead, by `extra.authorDeath` and `extra.authorBirth`. */
  authorDeath: off(
    z.strictObject({
      /** From which years are counted: a date of the recipe, never today. */
      year: z.int().min(1900).max(2200),
      afterDeath: byLanguage(z.int().min(0)).default({ '*': 70, fr: 80 }),
      afterBirth: byLanguage(z.int().min(0)).default({ '*': 150, fr: 160 }),
    }),
  ),
  /** The statement of rights that the document brings along holds one of these texts. */
  rights: off(
    z.strictObject({ field: field.default('rights'), accepted: z.array(z.string().min(1)).min(1) }),
  ),
  /** `(cid:12)`, which a PDF reader writes for a character it cannot name. */
  pdfCid: off(z.strictObject({ maximumPerCharacter: share.default(0.02) })),
  /** UTF-8 that was read as Windows-1252: `Ã©`. */
  mojibake: off(z.strictObject({})),
  /** Speakers of a conversation, named one way. */
  dialogue: off(z.strictObject({ minimumTurns: z.int().min(2).default(3) })),
  /** Addresses and numbers of views at the end of a text. */
  counters: off(z.strictObject({})),
  minimumWords: off(z.int().min(1)),
  /** Characters of text below which a document is no document. */
  minimumCharacters: z.union([z.literal(false), z.int().min(1)]).default(40),
});

/** What a recipe writes. */
export type RulesInput = z.input<typeof rulesShape>;
/** Every rule with its options. */
export type RulesOptions = z.output<typeof rulesShape>;
