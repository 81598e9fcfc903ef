import { readFile } from 'node:fs/promises';
import { LucieError } from '@lucie/ledger';
import { z } from 'zod';
import { orderShape } from './options.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const composed = z.strictObject({ tokens: count, trainedTokens: count, share, trainedShare: share });

const mixFileShape = z.strictObject({
  format: z.literal(1),
  order: orderShape,
  temperature: z.number(),
  /** Every figure in tokens here is bytes ÷ this, an estimate: the tokenizer comes later. */
  bytesPerToken: z.record(z.string(), z.number()),
  tokens: count,
  trainedTokens: count,
  /** In the order of the corpus. */
  sources: z.array(
    z.strictObject({
      source: z.string(),
      category: z.string(),
      /** Those of its documents, most bytes first. */
      languages: z.array(z.string()),
      licences: z.array(z.string()),
      /** Documents to train on; those held out are beside. */
      documents: count,
      bytes: count,
      heldOutDocuments: count,
      heldOutBytes: count,
      /** How often it is seen relative to the others; 0: not trained on. */
      epochs: z.number().min(0),
      tokens: count,
      trainedTokens: count,
      share,
      trainedShare: share,
    }),
  ),
  languages: z.record(z.string(), composed),
  categories: z.record(z.string(), composed),
});

/** `mix.json`: what a corpus consists of, and how often training sees each source. */
export type Mix = z.infer<typeof mixFileShape>;

/** @throws LucieError `MIX_DAMAGED` */
export async function readMix(path: string): Promise<Mix> {
  try {
    return mixFileShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new LucieError({
      code: 'MIX_DAMAGED',
      found: `${path}, which is no mix: ${(cause as Error).message.split('\n')[0]}`,
      expected: 'the file that the corpus stage writes',
      todo: 'make the corpus stage again',
      cause,
    });
  }
}
