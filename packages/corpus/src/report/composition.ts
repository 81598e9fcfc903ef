import { estimateTokens, wholeTokens } from '../mix/estimate-tokens.ts';
import type { Cell, Share } from './corpus-report.ts';
import { BYTES, type Queries, tableOf } from './query.ts';

/** Cells of the final documents and, by source, first and last date of those trained on. */
export interface Composition {
  cells: Cell[];
  dates: Map<string, { first: string; last: string }>;
}

/** Sums the final documents in the database: the texts do not cross into this process. */
export async function compose(
  queries: Queries,
  opts: {
    train: readonly string[];
    heldOut: readonly string[];
    /** Of a source: it decides how many bytes make a token. */
    category: (source: string) => string;
  },
): Promise<Composition> {
  const cells: Cell[] = [];
  const dates: Composition['dates'] = new Map();
  for (const heldOut of [false, true]) {
    const table = await tableOf(heldOut ? opts.heldOut : opts.train);
    if (!table) continue;
    const rows = await queries.all<
      Omit<Cell, 'heldOut' | 'tokens'> & { first: string | null; last: string | null }
    >(
      `SELECT source, language, licence, left(date, 4) AS year, count(*)::DOUBLE AS documents, sum(${BYTES})::DOUBLE AS bytes,
         min(nullif(date, '')) AS first, max(nullif(date, '')) AS last
       FROM ${table} GROUP BY ALL ORDER BY source, language, licence, year`,
    );
    for (const { first, last, ...row } of rows) {
      cells.push({
        heldOut,
        ...row,
        tokens: estimateTokens(row.bytes, row.language, opts.category(row.source)),
      });
      if (heldOut || first === null || last === null) continue;
      const known = dates.get(row.source);
      dates.set(row.source, {
        first: known && known.first < first ? known.first : first,
        last: known && known.last > last ? known.last : last,
      });
    }
  }
  return { cells, dates };
}

/** Sums cells by what `key` makes of them, in the order of the keys; shares are of all the cells given. */
export function shares(cells: readonly Cell[], key: (cell: Cell) => string): Record<string, Share> {
  const total = sumOf(cells).bytes;
  const groups = Map.groupBy(cells, key);
  return Object.fromEntries(
    [...groups.keys()].sort().map((name) => {
      const sum = sumOf(groups.get(name)!);
      return [name, { ...sum, share: ratio(sum.bytes, total) }];
    }),
  );
}

export function sumOf(cells: readonly Pick<Cell, 'documents' | 'bytes' | 'tokens'>[]): Omit<Share, 'share'> {
  const sum = { documents: 0, bytes: 0, tokens: 0 };
  for (const cell of cells) {
    sum.documents += cell.documents;
    sum.bytes += cell.bytes;
    sum.tokens += cell.tokens;
  }
  return { ...sum, tokens: wholeTokens(sum.tokens) };
}

/** Six digits: more would only be noise. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Number((part / whole).toFixed(6));
}
