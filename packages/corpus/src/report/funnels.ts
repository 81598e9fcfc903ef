import { readFile } from 'node:fs/promises';
import { type Amount, emptyAmount, emptyFunnel, type Funnel } from '../funnel.ts';
import { BYTES, type Queries, tableOf } from './query.ts';

/** What a source may keep from us is asked before any rule. */
const FIRST = ['robots', 'tdm-reservation', 'noai', 'unreadable', 'licence'];
/** What looks at more than one document comes after all rules that look at one alone. */
const LAST = ['opt-out', 'exact-duplicate', 'near-duplicate', 'contamination', 'boilerplate', 'source-cap'];

/** Adds what one unit counted: its removals, changes and counts. What it read is added by who knows that it comes first. */
export function addFunnel(sum: Funnel, unit: Funnel): void {
  for (const part of ['removed', 'changed'] as const) {
    for (const [rule, amount] of Object.entries(unit[part]))
      addAmount((sum[part][rule] ??= emptyAmount()), amount);
  }
  for (const [rule, counts] of Object.entries(unit.counts)) {
    const own = (sum.counts[rule] ??= {});
    for (const [name, count] of Object.entries(counts)) own[name] = (own[name] ?? 0) + count;
  }
}

export function addAmount(sum: Amount, amount: Amount): void {
  sum.documents += amount.documents;
  sum.bytes += amount.bytes;
}

export async function readFunnel(path: string): Promise<Funnel> {
  return JSON.parse(await readFile(path, 'utf8')) as Funnel;
}

/** The funnel of each source: what was read, and what the steps `read`, `apply` and `select` took. `kept` is left empty. */
export async function funnelsBySource(
  queries: Queries,
  opts: {
    sources: readonly string[];
    /** In the order of the corpus, with the paths of its funnels. */
    units: readonly { source: string; read: string; apply: string }[];
    selectRejected: string;
  },
): Promise<Map<string, Funnel>> {
  const funnels = new Map(opts.sources.map((source) => [source, emptyFunnel()]));
  for (const unit of opts.units) {
    const sum = funnels.get(unit.source)!;
    const read = await readFunnel(unit.read);
    addAmount(sum.read, read.read);
    addFunnel(sum, read);
  }
  for (const unit of opts.units) addFunnel(funnels.get(unit.source)!, await readFunnel(unit.apply));
  const table = await tableOf([opts.selectRejected]);
  const refused = table
    ? await queries.all<{ source: string; rule: string } & Amount>(
        `SELECT source, reason AS rule, count(*)::DOUBLE AS documents, sum(${BYTES})::DOUBLE AS bytes
         FROM ${table} GROUP BY ALL ORDER BY source, rule`,
      )
    : [];
  for (const { source, rule, documents, bytes } of refused)
    addAmount((funnels.get(source)!.removed[rule] ??= emptyAmount()), { documents, bytes });
  return funnels;
}

/** All rules that any source met, in the order in which they are asked. */
export function ruleOrder(funnels: Iterable<Funnel>): string[] {
  const names = new Set<string>(FIRST);
  const all = [...funnels];
  // Removals and changes of a rule stand in two lists: one that only changes follows those that refuse.
  for (const { removed } of all) for (const rule of Object.keys(removed)) names.add(rule);
  for (const { changed } of all) for (const rule of Object.keys(changed)) names.add(rule);
  const met = (rule: string) => all.some(({ removed, changed }) => rule in removed || rule in changed);
  return [...[...names].filter((rule) => !LAST.includes(rule)), ...LAST].filter(met);
}
