import { z } from 'zod';
import { licences } from '../../licences/table.ts';

const column = z.string().min(1);

/** Names of the columns or JSON fields that hold a document; where one is not given, the usual names are tried. */
export const fieldsShape = z.strictObject({
  text: column.optional(),
  id: column.optional(),
  title: column.optional(),
  date: column.optional(),
  url: column.optional(),
  language: column.optional(),
  licence: column.optional(),
  author: column.optional(),
});

/** What one file may ask of us at most. */
export const limitsShape = z.strictObject({
  /** Bytes of one line, row, page or whole text file; a larger one is a complaint. */
  recordBytes: z.int().positive().default(64_000_000),
  /**
   * Times that a compressed file may grow. Text grows 3 to 30 times, a zip bomb of gzip 1,000 times and one of zstd
   * 30,000 times. Looked at beyond the first 64 MB.
   */
  expansion: z.number().min(1).default(200),
  /** Bytes of one file, unpacked; without it any. */
  fileBytes: z.int().positive().optional(),
});

/** What is common to all sources that are files: what they do not say themselves, and how they are read. */
export const fileOptions = {
  /** Short name, usable as a file name. */
  source: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /** For files that do not say it themselves. */
  licence: z
    .string()
    .refine((text) => Object.hasOwn(licences, text), 'a key of licences: an SPDX identifier, or LicenseRef-…')
    .optional(),
  /** ISO 639-1, `fr-en`, or `code:<language>`; without it each document's is detected. */
  language: z
    .string()
    .regex(/^([a-z]{2}(-[a-z]{2})?|code:[a-z0-9+#.-]+)$/)
    .optional(),
  date: z.string().optional(),
  attribution: z.string().optional(),
  fields: fieldsShape.optional(),
  limits: limitsShape.optional(),
  /** Names under which robots rules and `noai` are asked whether a page of a WARC may be used. */
  agents: z
    .array(z.string().regex(/^[\w-]+$/))
    .min(1)
    .optional(),
  /** UTF-8 bytes of cleaned text at most. */
  maxBytes: z.int().positive().optional(),
  /** In place of the corpus's own. */
  heldOutFraction: z.number().min(0).max(1).optional(),
};

/** A folder of files; `localSource` makes one. */
export const localSourceShape = z.strictObject({
  /** Relative to the project's root, or absolute. */
  local: z.string().min(1),
  /** Hash of the files, so that other text is another corpus. */
  integrity: z.string().regex(/^sha256-[0-9a-f]{64}$/),
  ...fileOptions,
});

export type Fields = z.infer<typeof fieldsShape>;
export type Limits = z.infer<typeof limitsShape>;
export type LocalSource = z.infer<typeof localSourceShape>;
/** What readers of files need to know of their source. */
export type FileSource = Omit<LocalSource, 'local' | 'integrity' | 'maxBytes' | 'heldOutFraction'>;
