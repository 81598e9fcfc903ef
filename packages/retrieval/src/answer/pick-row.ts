import type { Hit } from '../passage.ts';
import { termsOf } from './candidate.ts';
import type { Scored } from './score-candidates.ts';
import { unmask } from './unmask.ts';

const MOST =
  /\b(?:le |la |les )?plus (?!de |tard|tot|petite?s?|bas|basse|faible|court|jeune|leger)[a-z]+|\bmeilleure?s?|\brecord|\bmaxim|\bplus grande?|\bplus haut/;
const LEAST =
  /\ble (?:moins)\b|\bmoins\b|\bplus (?:petite?s?|bas(?:se)?|faible|courte?|jeune|legere?)\b|\bminim|\bpire\b|\bmauvais\b/;

/**
 * The row of a table that a comparison asks for (`laquelle fait le plus de bruit ?`): the one with the largest or smallest
 * number in the column whose head shares most words with the question; of several number columns without such words,
 * none can be told. The largest of a part would be a wrong answer: of a table cut into passages all must have been found.
 * @param lengthOf - characters of a passage's whole table, where it is known
 * @returns undefined when the question compares nothing, or no column can be told
 */
export function pickRow(
  scored: readonly Scored[],
  best: Scored,
  { question, lengthOf }: { question: string; lengthOf?: ((hit: Hit) => number | undefined) | undefined },
): Scored | undefined {
  const plain = unmask(question);
  const sign = LEAST.test(plain) ? -1 : MOST.test(plain) ? 1 : 0;
  if (sign === 0 || !best.head) return undefined;
  const rows = scored.filter(({ hit }) => sameTable(hit, best.hit)).sort((a, b) => a.start - b.start);
  if (!isWhole([...new Set(rows.map(({ hit }) => hit))], lengthOf?.(best.hit))) return undefined;
  const heads = cells(best.head.text);
  const words = termsOf(question);
  const columns = heads
    .map((head, at) => ({
      at,
      shared: [...termsOf(head)].filter((term) => words.has(term)).length,
      values: rows.map(({ text }) => number(cells(text)[at] ?? '')),
    }))
    .filter(({ values }) => values.filter((value) => value !== undefined).length > values.length / 2);
  const most = Math.max(0, ...columns.map(({ shared }) => shared));
  const told = columns.filter(({ shared }) => shared === most);
  if (told.length !== 1) return undefined;
  let row: Scored | undefined;
  let extreme = Number.NEGATIVE_INFINITY;
  for (const [i, value] of told[0]!.values.entries()) {
    if (value === undefined || value * sign <= extreme) continue;
    extreme = value * sign;
    row = rows[i];
  }
  return row;
}

function sameTable(a: Hit, b: Hit): boolean {
  return a.document === b.document && a.page === b.page && a.paragraph === b.paragraph;
}

/** Lines end and blank ones lie between two passages of a table. */
const BETWEEN = 4;

/** Passages of one table, in order, from its first row to its last without a gap. */
function isWhole(parts: readonly Hit[], length: number | undefined): boolean {
  if (parts[0]?.head !== undefined) return false;
  if (parts.some(({ start }, i) => i > 0 && start > parts[i - 1]!.end + BETWEEN)) return false;
  return length === undefined || parts.at(-1)!.end + BETWEEN >= length;
}

function cells(row: string): string[] {
  return row.split('|').map((cell) => cell.trim());
}

function number(cell: string): number | undefined {
  const digits = /-?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|-?\d+(?:[.,]\d+)?/.exec(cell)?.[0];
  return digits === undefined ? undefined : Number(digits.replace(/[ \u00a0\u202f]/g, '').replace(',', '.'));
}
