import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLucieError } from '@lucie/ledger';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localSource, openLocal } from '../src/sources/files/local-source.ts';
import { french, htmlPage, kinds, sentence } from './make-files.ts';
import { mutate } from './mutate.ts';
import { type Complaint, expectDocument, readInput } from './source-conformance.ts';

/** Of each format. They are read in this process: a reader that kills it would be seen. */
const FILES = process.env.LUCIE_TEST_ALL === '1' ? 200 : 20;

const formats: Record<string, () => Promise<{ name: string; healthy: Buffer }>> = {
  ...kinds,
  txt: async () => ({ name: 'a.txt', healthy: Buffer.from(sentence(1)) }),
  md: async () => ({ name: 'a.md', healthy: Buffer.from(`# T\n${sentence(1)}`) }),
  html: async () => ({ name: 'a.html', healthy: Buffer.from(htmlPage(1)) }),
};

describe('damaged files', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lucie-fuzz-'));
  const cache = `${dir}-cache`;
  afterAll(() => rmSync(cache, { recursive: true, force: true }));
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeEach(() => {
    mkdirSync(dir, { recursive: true });
    process.on('unhandledRejection', note);
  });
  afterEach(() => {
    process.off('unhandledRejection', note);
    rmSync(dir, { recursive: true, force: true });
  });

  test.each(Object.entries(formats))(`${FILES} mutated files: %s`, async (_, make) => {
    const { name, healthy } = await make();
    let documents = 0;
    let complaints = 0;
    for (let seed = 0; seed < FILES; seed++) {
      writeFileSync(join(dir, name), mutate(healthy, seed));
      const source = openLocal(localSource(dir, french), cache);
      const told: Complaint[] = [];
      const read: Awaited<ReturnType<typeof readInput>> = [];
      try {
        for (const input of await source.inputs())
          read.push(...(await readInput(source, input, { complain: (complaint) => told.push(complaint) })));
      } catch (error) {
        expect(isLucieError(error), `seed ${seed}: ${(error as Error).stack}`).toBe(true);
        complaints++;
      }
      for (const document of read) {
        // Damage may turn the language that a record names into anything; `faultOf` refuses it.
        expectDocument({ ...document, language: 'fr' }, 'own');
        expect(Buffer.byteLength(document.text)).toBeLessThan(64_000_000);
      }
      for (const { key, why } of told) expect([key, why]).not.toContain('');
      documents += read.length;
      complaints += told.length;
    }
    expect(unhandled).toEqual([]);
    // Neither is everything refused, nor does everything pass.
    expect(documents).toBeGreaterThan(0);
    if (!/\.(html|md|txt)$/.test(name)) expect(complaints).toBeGreaterThan(0);
  });
});
