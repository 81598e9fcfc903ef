import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silent, silentLogger } from '@lucie/ledger';
import { type CorpusInput, corpusStage, localSource } from '../src/index.ts';

/**
 * Builds a corpus below `root` from JSONL records, by source, with no rule that looks at the words of one document.
 * @returns the stage's folder
 */
export async function buildCorpus(
  root: string,
  records: Record<string, object[]>,
  input: Partial<CorpusInput> = {},
  option: { language?: string } = {},
): Promise<string> {
  const sources = Object.entries(records).map(([source, rows]) => {
    const folder = join(root, source);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${source}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return localSource(folder, { source, language: 'fr', licence: 'CC-BY-4.0', ...option });
  });
  const dir = join(root, 'run', '01-corpus.partial');
  mkdirSync(dir, { recursive: true });
  const rules = { language: false, minimumCharacters: 20 } as const;
  const stage = corpusStage(
    { sources, minimumShare: {}, rules, pii: false, ...input },
    { cacheDir: join(root, 'cache'), workers: 1, memoryBytes: 256e6 },
  );
  await stage.run({
    dir,
    inputs: {},
    progress: silent,
    log: silentLogger,
    signal: new AbortController().signal,
    identity: async (current) => current,
  });
  return dir;
}
