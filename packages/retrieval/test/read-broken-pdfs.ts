/**
 * node read-broken-pdfs.ts FROM TO: reads the broken PDFs of these seeds and prints what became of them. A program of
 * its own, since a promise of pdf.js that nobody waits for would end the tests; parseDocument's thread turns it into a
 * broken document, which is looked at here as well.
 */
import { isLucieError } from '@lucie/ledger';
import { DEFAULT_INGEST_LIMITS } from '../src/ingest/ingest-limits.ts';
import { parseDocument } from '../src/ingest/parse-document.ts';
import { parsePdf } from '../src/ingest/pdf/parse-pdf.ts';
import { mutate, soundPdf } from './mutate-pdf.ts';

const [from, to] = process.argv.slice(2).map(Number) as [number, number];
const outcomes: Record<string, number> = {};
const faults: string[] = [];
const astray = new Set<number>();
let seed = from;
process.on('unhandledRejection', () => astray.add(seed));

function outcomeOf(error: unknown): string {
  if (isLucieError(error) && /^DOCUMENT_/.test(error.code)) return error.code;
  faults.push(`${seed}: ${error instanceof Error ? error.stack : String(error)}`);
  return 'fault';
}

for (; seed < to; seed++) {
  const bytes = mutate(soundPdf(seed % 3 === 0 ? 10 : 0), seed);
  const outcome = await parsePdf(bytes, DEFAULT_INGEST_LIMITS).then(() => 'read', outcomeOf);
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}
const lost = [...astray];
for (seed of lost) {
  const bytes = mutate(soundPdf(seed % 3 === 0 ? 10 : 0), seed);
  await parseDocument(bytes, 'cassé.pdf').then(() => 'read', outcomeOf);
}
console.log(JSON.stringify({ outcomes, faults, astray: lost }));
