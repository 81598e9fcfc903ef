import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bytesText,
  type CorpusReport,
  estimateText,
  figureText,
  languageName,
  percentText,
  readReport,
  reportFiles,
  ruleName,
  uses,
} from '@lucie/corpus';
import { Command, Option } from 'commander';
import { openInBrowser } from '../open-in-browser.ts';
import { stageDir } from '../stage-dir.ts';
import { plainSpaces, textTable } from '../text-table.ts';

interface ReportOptions {
  json?: boolean;
  csv?: string;
  open?: boolean;
}

const tables = reportFiles.csv.map((name) => name.replace(/\.csv$/, ''));

/** `lucie corpus report RECIPE` */
export function corpusReportVerb(): Command {
  return new Command('report')
    .description('what a corpus holds, what was thrown away and why; the whole is in report.html')
    .argument('<recipe>', 'a recipe whose corpus has been made')
    .addOption(
      new Option('--csv [table]', 'print a table as CSV instead')
        .choices(tables)
        .preset(tables[0]!)
        .conflicts('json'),
    )
    .option('--open', 'show the page in the browser')
    .option('--json', 'end with the whole report as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  ./lucie corpus report nano\n  ./lucie corpus report nano --csv composition',
    )
    .action(report);
}

async function report(recipe: string, options: ReportOptions): Promise<void> {
  const folder = await stageDir(recipe, 'corpus');
  if (options.csv !== undefined) {
    process.stdout.write(await readFile(join(folder, `${options.csv}.csv`), 'utf8'));
  } else if (options.json) {
    process.stdout.write(`${JSON.stringify(await readReport(join(folder, reportFiles.json)))}\n`);
  } else {
    process.stdout.write(`${await summariseReport(folder)}\n`);
  }
  if (options.open) await openInBrowser(join(folder, reportFiles.html));
}

/**
 * The report of a corpus stage's folder in a screenful of text.
 * @throws LucieError of `readReport`
 */
export async function summariseReport(folder: string): Promise<string> {
  const report = await readReport(join(folder, reportFiles.json));
  return [
    ...totals(report),
    ...funnel(report),
    ...sources(report),
    ...shares('Languages', report.languages, (code) => languageName(code, 'en')),
    ...shares('Licences', report.licences, (id) => id),
    ...warnings(report),
    '',
    `Everything, with samples of what was thrown away: ${join(folder, reportFiles.html)}`,
  ].join('\n');
}

const count = (value: number) => figureText(value, 'en');
const bytes = (value: number) => plainSpaces(bytesText(value, 'en'));
const percent = (share: number) => plainSpaces(percentText(share, 'en'));
const tokens = (value: number) => plainSpaces(estimateText(value, 'en'));

function totals(report: CorpusReport): string[] {
  const { documents, heldOut, read } = report;
  const commercial = Object.values(report.licences)
    .filter(uses.commercial)
    .reduce((sum, licence) => sum + licence.bytes, 0);
  return [
    `${count(documents.documents)} documents to train on: ${bytes(documents.bytes)}, about ${tokens(report.tokens)} tokens (an estimate)`,
    `${count(heldOut.documents)} held out; ${count(read.documents)} were read; ${percent(documents.bytes === 0 ? 0 : commercial / documents.bytes)} of the text allows commercial use`,
  ];
}

function funnel(report: CorpusReport): string[] {
  const { read, heldOut, documents } = report;
  const row = (name: string, amount: { documents: number; bytes: number }) => [
    name,
    count(amount.documents),
    percent(read.documents === 0 ? 0 : amount.documents / read.documents),
    bytes(amount.bytes),
  ];
  return [
    '',
    'What became of them',
    ...textTable(
      ['', 'documents', 'of all', 'text'],
      [
        row('read', read),
        ...report.rules
          .filter(({ removed }) => removed.documents > 0)
          .map(({ rule, removed }) => row(`- ${ruleName(rule).en}`, removed)),
        row('- held out', heldOut),
        row('= to train on', documents),
      ],
    ),
  ];
}

function sources(report: CorpusReport): string[] {
  const trained = new Map(report.mix.sources.map((source) => [source.source, source]));
  return [
    '',
    'Sources',
    ...textTable(
      ['', 'documents', 'text', 'of the bytes', 'epochs', 'of training tokens', 'dates'],
      report.sources.map(({ source, kept, share, dates }) => [
        source,
        count(kept.documents),
        bytes(kept.bytes),
        percent(share),
        figureText(trained.get(source)?.epochs ?? 1, 'en', 2),
        percent(trained.get(source)?.trainedShare ?? 0),
        years(dates),
      ]),
    ),
  ];
}

function years(dates: { first: string; last: string }): string {
  const [first, last] = [dates.first.slice(0, 4), dates.last.slice(0, 4)];
  if (first === '') return 'undated';
  return first === last ? first : `${first}-${last}`;
}

function shares(
  title: string,
  entries: Record<string, { bytes: number; share: number; tokens: number }>,
  name: (key: string) => string,
): string[] {
  const most = Object.entries(entries).sort((a, b) => b[1].bytes - a[1].bytes || (a[0] < b[0] ? -1 : 1));
  return [
    '',
    title,
    ...textTable(
      ['', 'text', 'of the bytes', 'tokens'],
      most.map(([key, amount]) => [
        name(key),
        bytes(amount.bytes),
        percent(amount.share),
        tokens(amount.tokens),
      ]),
    ),
  ];
}

/** What someone who only looks here must not miss. */
function warnings(report: CorpusReport): string[] {
  const unexplained = report.sources.filter(
    ({ unaccounted }) => unaccounted.documents !== 0 || unaccounted.bytes !== 0,
  );
  const absent = report.absent.map(({ source, why }) => `  ${source}: ${why}`);
  return [
    ...(absent.length > 0 ? ['', 'Absent', ...absent] : []),
    ...unexplained.flatMap(({ source, unaccounted }) => [
      '',
      `The counts of ${source} do not add up: ${count(unaccounted.documents)} documents and ${count(unaccounted.bytes)} bytes are unexplained.`,
    ]),
  ];
}
