import { z } from 'zod';

/** A path inside a repository that is safe below a folder of ours. */
export const safePath = z
  .string()
  .max(1000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: such names are refused
  .regex(/^(?!.*(^|\/)\.{0,2}(\/|$))[^\\\u0000-\u001f]+$/);

/** A file as the hub lists it. */
export const hubFileShape = z
  .object({
    path: safePath,
    size: z.int().min(0),
    /** SHA-256 where the file is kept outside of git (LFS, Xet). */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    /** Name of the blob in git: SHA-1 of the length and the content; of the pointer where `sha256` is given. */
    oid: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .optional(),
  })
  .refine(({ sha256, oid }) => sha256 ?? oid, 'neither hash: nothing could be verified');

export type HubFile = z.infer<typeof hubFileShape>;
