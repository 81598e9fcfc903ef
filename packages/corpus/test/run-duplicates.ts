/** `node run-duplicates.ts ROOT DOCUMENTS`: made documents and the steps over them, for tests that kill a process. */
import { silent } from '@lucie/ledger';
import { runSteps } from '../src/steps/run-steps.ts';
import { madeDocuments, stepsOver } from './duplicates-units.ts';

const [root, documents] = process.argv.slice(2) as [string, string];
const units = madeDocuments(Number(documents), { seed: 11, words: 150, units: 5 });
process.stdout.write('made\n');
await runSteps(stepsOver(units), root, {
  progress: silent,
  signal: new AbortController().signal,
  memoryBytes: 64e6,
});
