// Loads each file named in the list on stdin, one line of JSON per file: a crash shows as a missing line.
import { readFileSync } from 'node:fs';
import { isLucieError } from '@lucie/ledger';
import { Engine } from '../src/index.ts';

for (const path of readFileSync(0, 'utf8').trim().split('\n')) {
  let outcome: string;
  try {
    await using engine = await Engine.load(path, { threads: 1, contextSize: 64, sequences: 1, trial: false });
    await engine.generate({ tokens: [engine.info.vocabSize - 1], maxTokens: 2 }).text();
    outcome = 'fine';
  } catch (error) {
    outcome = isLucieError(error) ? error.code : `foreign error: ${error}`;
  }
  console.log(JSON.stringify({ path, outcome }));
}
