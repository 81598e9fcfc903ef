import { readFile } from 'node:fs/promises';
import { LucieError } from '@lucie/ledger';
import type { CorpusReport } from './corpus-report.ts';

/** @throws LucieError `REPORT_DAMAGED`, also for one of an older version */
export async function readReport(path: string): Promise<CorpusReport> {
  let found: string;
  try {
    const report = JSON.parse(await readFile(path, 'utf8')) as Partial<CorpusReport> | null;
    if (report?.format === 2 && Array.isArray(report.composition)) return report as CorpusReport;
    found = `${path} of another format`;
  } catch (cause) {
    found = `${path}, which cannot be read: ${(cause as Error).message.split('\n')[0]}`;
  }
  throw new LucieError({
    code: 'REPORT_DAMAGED',
    found,
    expected: 'the report that this version of the corpus stage writes',
    todo: 'make the corpus stage again',
  });
}
