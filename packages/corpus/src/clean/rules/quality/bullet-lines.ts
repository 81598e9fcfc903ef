import type { TextStats } from '../text-stats.ts';

/** Lines that begin with a bullet ÷ lines (Gopher; RedPajama v2 `rps_lines_start_with_bulletpoint` summed ÷ `ccnet_nlines`). */
export function bulletLines({ lines }: TextStats): number | undefined {
  return lines.lines === 0 ? undefined : lines.bullets / lines.lines;
}
