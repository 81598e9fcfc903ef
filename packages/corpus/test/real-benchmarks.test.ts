import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { Benchmarks } from '../src/contamination/benchmarks.ts';
import { contaminationShape } from '../src/contamination/options.ts';
import { readItems } from '../src/contamination/read-items.ts';

/** A folder of benchmarks as JSONL files, `.gz` and `.zst` too. */
const folder = process.env.LUCIE_BENCHMARKS;
const files =
  folder && existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.jsonl(\.gz|\.zst)?$/.test(name))
        .sort()
    : [];

const filler = 'Ce paragraphe ne parle de rien qui se trouve dans une épreuve, il entoure ce qui en vient. ';

/** Another typography: what a web page makes of a text. */
function disguised(text: string, random: Random): string {
  const words = text.split(/\s+/);
  const spaces = [' ', '\n', '\u00a0', '  ', ', '];
  const copy = words.map((word) => word + spaces[random.below(spaces.length)]!).join('');
  return random.below(2) === 0 ? copy.normalize('NFD').toUpperCase() : copy.replaceAll("'", '’');
}

describe.skipIf(files.length === 0)('benchmarks as published (folder LUCIE_BENCHMARKS)', () => {
  test.each(files.length > 0 ? files : ['no JSONL file'])(
    '%s: every item that can be found is found in other typography',
    async (file) => {
      const benchmark = { name: basename(file).replace(/[^\w.:-]/g, '_'), path: join(folder!, file) };
      const benchmarks = await Benchmarks.read(contaminationShape.parse({ benchmarks: [benchmark] }), 2e9);
      const random = new Random(1, file);
      let found = 0;
      for await (const { name, texts } of readItems(benchmark)) {
        const copy = `${filler}${texts.map((text) => disguised(text, random)).join('\n\n')} ${filler}`;
        if (benchmarks.find(copy).some(({ item }) => item === name)) found++;
      }
      const [size] = benchmarks.sizes;
      expect(size!.items).toBeGreaterThan(0);
      expect(found).toBe(size!.usable);
      expect(benchmarks.find(filler.repeat(20))).toEqual([]);
    },
  );
});
