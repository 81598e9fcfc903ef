import { z } from 'zod';
import { fileOptions } from '../files/options.ts';

/** Files of a dataset of the Hugging Face hub, pinned to one commit. */
export const hubSourceShape = z.strictObject({
  /** `owner/name`, or `name` for the hub's own. */
  hub: z.string().regex(/^([A-Za-z0-9][\w.-]*\/)?[A-Za-z0-9][\w.-]*$/),
  /** A commit, so that the same name is the same data tomorrow. */
  revision: z.string().regex(/^[0-9a-f]{40}$/),
  /** Glob patterns (`data/fr/*.parquet`) of the files to read; without it every file of a known kind. */
  include: z.array(z.string().min(1)).min(1).optional(),
  ...fileOptions,
});

export type HubSource = z.infer<typeof hubSourceShape>;
