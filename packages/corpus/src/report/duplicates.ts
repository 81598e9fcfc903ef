import { BEYOND, mask, maskedExcerpt, maskMail } from './mask.ts';
import { BYTES, type Queries, tableOf } from './query.ts';

export interface DuplicatesReport {
  /** Clusters: one document that stays, and those that repeat it. */
  clusters: number;
  /** Documents that repeat another, by rule. */
  removed: Record<string, number>;
  /** Clusters by how many documents they hold, the one that stays included. */
  sizes: { from: number; to: number | null; clusters: number }[];
  /** Near duplicates by Jaccard similarity, in steps of 0.01: `from` ≤ similarity < `from` + 0.01, the last step up to 1. */
  similarities: { from: number; documents: number }[];
  /** Which source repeats which: most first. */
  between: { source: string; survivor: string; documents: number }[];
  biggest: Cluster[];
}

export interface Cluster {
  /** Id of the document that stays. */
  survivor: string;
  title: string;
  /** How its text begins, mail addresses and long numbers covered. */
  text: string;
  bytes: number;
  /** The one that stays included. */
  documents: number;
  /** Some of those that fell, the most alike first. */
  members: { id: string; rule: string; similarity: number }[];
}

const CLUSTERS = 20;
const MEMBERS = 10;
const PAIRS = 20;
const CHARACTERS = 300;
const CLASSES: [from: number, to: number | null][] = [
  [2, 2],
  [3, 3],
  [4, 5],
  [6, 10],
  [11, 100],
  [101, 1000],
  [1001, null],
];

/**
 * @param opts - `clusters`: the table of the step `final-survivors`; `documents`: those of the step `read`, for titles
 * and texts, which are not shown of those that have opted out (`fallen`)
 */
export async function reportDuplicates(
  queries: Queries,
  opts: { clusters: string; documents: readonly string[]; fallen: string },
): Promise<DuplicatesReport> {
  const table = await tableOf([opts.clusters]);
  if (!table) return { clusters: 0, removed: {}, sizes: [], similarities: [], between: [], biggest: [] };
  const counts = (select: string) =>
    queries.all<{ key: string; n: number }>(
      `SELECT ${select} AS key, count(*)::DOUBLE AS n FROM ${table} GROUP BY key ORDER BY key`,
    );
  const sizes = `(SELECT count(*) + 1 AS size FROM ${table} GROUP BY cluster)`;
  const bySize = await queries.all<{ size: number; n: number }>(
    `SELECT size::DOUBLE AS size, count(*)::DOUBLE AS n FROM ${sizes} GROUP BY size ORDER BY size`,
  );
  const bins = await queries.all<{ bin: number; n: number }>(
    // A hair is added so that 0.81, which is a little less in binary, falls into its own step.
    `SELECT least(floor(similarity::DOUBLE * 100 + 1e-6), 99)::INTEGER AS bin, count(*)::DOUBLE AS n
     FROM ${table} WHERE rule = 'near-duplicate' GROUP BY bin ORDER BY bin`,
  );
  const between = await queries.all<DuplicatesReport['between'][number]>(
    `SELECT split_part(id, '/', 1) AS source, split_part(survivor, '/', 1) AS survivor, count(*)::DOUBLE AS documents
     FROM ${table} GROUP BY ALL ORDER BY documents DESC, source, survivor LIMIT ${PAIRS}`,
  );
  return {
    clusters: bySize.reduce((sum, { n }) => sum + n, 0),
    removed: Object.fromEntries((await counts('rule')).map(({ key, n }) => [key, n])),
    sizes: CLASSES.map(([from, to]) => ({
      from,
      to,
      clusters: bySize
        .filter(({ size }) => size >= from && size <= (to ?? Number.POSITIVE_INFINITY))
        .reduce((sum, { n }) => sum + n, 0),
    })).filter(({ clusters }) => clusters > 0),
    similarities: bins.map(({ bin, n }) => ({ from: bin / 100, documents: n })),
    between,
    biggest: await biggestClusters(queries, table, opts),
  };
}

async function biggestClusters(
  queries: Queries,
  clustered: string,
  opts: { documents: readonly string[]; fallen: string },
): Promise<Cluster[]> {
  const clusters = await queries.all<{ survivor: string; documents: number; members: Cluster['members'] }>(
    `SELECT cluster AS survivor, (count(*) + 1)::DOUBLE AS documents,
       arg_min({id: id, rule: rule, similarity: similarity::DOUBLE}, {a: -similarity::DOUBLE, b: id}, ${MEMBERS}) AS members
     FROM ${clustered} GROUP BY cluster ORDER BY documents DESC, survivor LIMIT ${CLUSTERS}`,
  );
  const table = await tableOf(opts.documents);
  const gone = await tableOf([opts.fallen]);
  const ids = clusters.map(({ survivor }) => `'${survivor.replaceAll("'", "''")}'`).join(', ');
  const texts =
    table && ids !== ''
      ? await queries.all<{ id: string; title: string; text: string; bytes: number }>(
          `SELECT id, title, left(text, ${CHARACTERS + BEYOND}) AS text, (${BYTES})::DOUBLE AS bytes FROM ${table} WHERE id IN (${ids})${gone ? ` AND id NOT IN (SELECT id FROM ${gone})` : ''}`,
        )
      : [];
  const byId = new Map(texts.map((text) => [text.id, text]));
  return clusters.map(({ survivor, members, ...rest }) => {
    const text = byId.get(survivor);
    return {
      survivor: maskMail(survivor),
      title: mask(text?.title ?? ''),
      text: maskedExcerpt(text?.text ?? '', CHARACTERS),
      bytes: text?.bytes ?? 0,
      ...rest,
      members: members.map((member) => ({ ...member, id: maskMail(member.id) })),
    };
  });
}
