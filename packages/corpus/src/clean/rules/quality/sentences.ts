import type { TextStats } from '../text-stats.ts';

/** Number of sentences: matches of `\b[^.!?]+[.!?]*` (C4's rule of 3; RedPajama v2 `rps_doc_num_sentences`). */
export function sentences({ raw }: TextStats): number {
  return raw.sentences;
}
