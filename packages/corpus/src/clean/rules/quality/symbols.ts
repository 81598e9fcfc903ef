import type { TextStats } from '../text-stats.ts';

/** `#`, `...` and `…` ÷ raw words (Gopher; RedPajama v2 `rps_doc_symbol_to_word_ratio`). */
export function symbolsPerWord({ raw }: TextStats): number | undefined {
  return raw.words === 0 ? undefined : raw.symbols / raw.words;
}
