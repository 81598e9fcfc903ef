import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError } from '@lucie/ledger';
import type { Step } from '../src/steps/step.ts';

export interface CountingInput {
  words: string[];
  factor: number;
  /** This word is refused. */
  fails?: string;
  /** This word ends the process. */
  dies?: string;
}

/** Units made in this process. */
export const ran: string[] = [];

/** Two small steps: the letters of each word, and their sum times a factor. Also the module of worker processes. */
export function steps(input: unknown): Step[] {
  const { words, factor, fails, dies } = input as CountingInput;
  return [
    {
      name: 'count',
      version: 1,
      options: {},
      units: () => words.map((word) => ({ name: word, reads: [] })),
      async run({ name }, { out }) {
        await writeFile(join(out, 'half'), '');
        if (name === fails)
          throw new LucieError({ code: 'WORD_REFUSED', found: name, expected: 'another', todo: 'change it' });
        if (name === dies) process.kill(process.pid, 'SIGKILL');
        ran.push(`count/${name}`);
        await writeFile(join(out, 'count.txt'), String(name.length));
      },
    },
    {
      name: 'sum',
      single: true,
      version: 1,
      options: { factor },
      units: () => [{ name: 'all', reads: ['count'] }],
      async run(_, { out, units, dir }) {
        const counts = units('count').map(async (unit) =>
          Number(await readFile(join(dir('count', unit), 'count.txt'), 'utf8')),
        );
        const sum = (await Promise.all(counts)).reduce((a, b) => a + b, 0);
        ran.push('sum/all');
        await writeFile(join(out, 'sum.txt'), String(sum * factor));
      },
    },
  ];
}
