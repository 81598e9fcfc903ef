import { wholeTokens } from '../mix/estimate-tokens.ts';
import type { CorpusReport } from './corpus-report.ts';

type CellValue = string | number | boolean;

/** What each rule took from each source; `read`, `held-out` and `kept` are rows like rules. */
export function funnelCsv(report: CorpusReport): string {
  const rows: CellValue[][] = [];
  for (const { source, read, removed, changed, heldOut, kept, unaccounted } of report.sources) {
    const row = (what: string, rule: string, amount: { documents: number; bytes: number }) =>
      rows.push([source, what, rule, amount.documents, amount.bytes]);
    row('read', '', read);
    for (const { rule } of report.rules) {
      // A rule that found nothing here says so in report.json.
      if (removed[rule]?.documents) row('removed', rule, removed[rule]);
      if (changed[rule]?.documents) row('changed', rule, changed[rule]);
    }
    row('held-out', '', heldOut);
    row('kept', '', kept);
    if (unaccounted.documents !== 0 || unaccounted.bytes !== 0) row('unaccounted', '', unaccounted);
  }
  return csv(['source', 'what', 'rule', 'documents', 'bytes'], rows);
}

/** The final documents by source, language, licence and year. */
export function compositionCsv(report: CorpusReport): string {
  return csv(
    ['split', 'source', 'language', 'licence', 'year', 'documents', 'bytes', 'estimated_tokens'],
    report.composition.map((cell) => [
      cell.heldOut ? 'held-out' : 'train',
      cell.source,
      cell.language,
      cell.licence,
      cell.year,
      cell.documents,
      cell.bytes,
      wholeTokens(cell.tokens),
    ]),
  );
}

export function samplesCsv(report: CorpusReport): string {
  const columns = [
    'rule',
    'source',
    'id',
    'value',
    'language',
    'licence',
    'date',
    'url',
    'title',
    'characters',
    'text',
  ] as const;
  return csv(
    columns,
    report.samples.map((sample) => columns.map((column) => sample[column])),
  );
}

/** The biggest clusters, a row per member shown. */
export function clustersCsv(report: CorpusReport): string {
  return csv(
    ['survivor', 'title', 'documents', 'member', 'rule', 'similarity'],
    report.duplicates.biggest.flatMap(({ survivor, title, documents, members }) =>
      members.map(({ id, rule, similarity }) => [survivor, title, documents, id, rule, similarity]),
    ),
  );
}

/** A row per benchmark and source; of the whole benchmark the items, and those that can be found at all. */
export function contaminationCsv(report: CorpusReport): string {
  return csv(
    ['benchmark', 'items', 'usable_items', 'source', 'items_found', 'documents_removed'],
    report.contamination.flatMap(({ name, items, usable, sources }) =>
      sources.map(({ source, found, dropped }) => [name, items, usable, source, found, dropped]),
    ),
  );
}

/** RFC 4180, UTF-8, a line of names first. */
function csv(columns: readonly string[], rows: readonly (readonly CellValue[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Spreadsheets run text that begins like a formula; an apostrophe keeps it text. */
function cell(value: CellValue): string {
  if (typeof value !== 'string') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
