import type { TextStats } from '../text-stats.ts';

/** Lines that end in an ellipsis ÷ lines (Gopher; RedPajama v2 `rps_doc_frac_lines_end_with_ellipsis`). */
export function ellipsisLines({ lines }: TextStats): number | undefined {
  return lines.lines === 0 ? undefined : lines.ellipses / lines.lines;
}
