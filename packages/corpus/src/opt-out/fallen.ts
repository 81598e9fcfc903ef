/**
 * SQL: `id` and `why` of every document that falls by opt-outs: those named in `matches` (`id`, `optOut`), and with
 * each all members of its cluster in `clusters` (`cluster`, the survivor's id; `id`), the same text from elsewhere.
 */
export function fallenQuery(matches: string, clusters: string): string {
  return `
    WITH matched AS (SELECT id, min(optOut) AS why FROM ${matches} GROUP BY id),
      members AS (SELECT cluster, id FROM ${clusters} UNION SELECT cluster, cluster AS id FROM ${clusters}),
      fallen AS (SELECT cluster, min(id) AS twin FROM members SEMI JOIN matched USING (id) GROUP BY cluster)
    SELECT id, arg_min(why, {'rank': rank, 'why': why}) AS why FROM (
      SELECT id, why, 1 AS rank FROM matched
      UNION ALL SELECT members.id, 'same text as ' || twin, 2 FROM members JOIN fallen USING (cluster)
    ) GROUP BY id`;
}
