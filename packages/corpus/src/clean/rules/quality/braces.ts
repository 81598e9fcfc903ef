import type { TextStats } from '../text-stats.ts';

/** Braces `{` `}` ÷ characters of the raw text: a page with any is mostly script (C4; RedPajama v2 `rps_doc_curly_bracket`). */
export function braces({ raw }: TextStats): number {
  return raw.characters === 0 ? 0 : raw.braces / raw.characters;
}
