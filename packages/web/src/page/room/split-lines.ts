import type { Span } from './mark-text.ts';
import { pieces } from './pieces.ts';

/**
 * Cuts a paragraph into its lines of print, of which only the widths are known: each line takes words in proportion to
 * its width. Nothing is lost and the order stays; a line may be empty when there are more lines than words. When the
 * text has as many lines of its own as there are widths, those are taken.
 * @param widths - of the lines on the page, in any unit
 * @returns one span of `text` a width, without the white space around it
 */
export function splitLines(text: string, widths: readonly number[]): Span[] {
  const own = pieces(text, '\n');
  if (own.length === widths.length) return own.map(({ start, end }) => ({ start, end }));
  const words = Array.from(text.matchAll(/\S+/g), (word) => ({
    start: word.index,
    end: word.index + word[0].length,
  }));
  const total = widths.reduce((sum, width) => sum + Math.max(0, width), 0);
  const lines: Span[] = [];
  let next = 0;
  let reached = 0;
  for (const width of widths) {
    reached += Math.max(0, width);
    const target = total > 0 ? (reached / total) * text.length : text.length;
    const first = next;
    // A word belongs to the line in which its middle lies.
    while (next < words.length && (words[next]!.start + words[next]!.end) / 2 <= target) next++;
    const start = words[first]?.start ?? text.length;
    lines.push({ start, end: next > first ? words[next - 1]!.end : start });
  }
  return lines;
}
