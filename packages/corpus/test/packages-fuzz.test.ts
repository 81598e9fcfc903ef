import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { isLucieError } from '@lucie/ledger';
import { afterAll, describe, expect, test } from 'vitest';
import { readDeb } from '../src/fetch/deb.ts';
import { readTarball } from '../src/fetch/tarball.ts';
import type { Draft, Entry } from '../src/sources/adapter.ts';
import { debianTextOf } from '../src/sources/debian/registry.ts';
import { kaliData } from '../src/sources/npm/kali-data.ts';
import { legiData } from '../src/sources/npm/legi-data.ts';
import { debBytes, noDpkg } from './make-deb.ts';
import { makeMo } from './make-mo.ts';
import { type Files, tarballBytes } from './make-tarball.ts';
import { mutate } from './mutate.ts';
import { legiDataFiles } from './sample-packages.ts';

/** Of each; all of them in the slow tier. */
const COPIES = process.env.LUCIE_TEST_ALL === '1' ? 200 : 20;

interface Reader {
  wants(path: string): boolean;
  read(entries: AsyncIterable<Entry>, complain: (key: string, why: string) => void): AsyncGenerator<Draft>;
}

const dir = mkdtempSync(join(tmpdir(), 'lucie-fuzz-packages-'));
mkdirSync(dir, { recursive: true });
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Reads damaged copies: documents, complaints and LucieErrors may come out, nothing else, and some of each. */
async function survives(
  reader: Reader,
  opts: {
    bytes: Buffer;
    damage: (seed: number) => Buffer;
    open: (path: string, wants: (path: string) => boolean) => AsyncGenerator<Entry>;
  },
) {
  const seen = { documents: 0, complaints: 0, errors: 0 };
  const path = join(dir, 'package');
  for (let seed = 0; seed < COPIES; seed++) {
    writeFileSync(path, opts.damage(seed));
    try {
      const complain = (key: string, why: string) => {
        expect(why).not.toBe('');
        expect(typeof key).toBe('string');
        seen.complaints++;
      };
      for await (const draft of reader.read(opts.open(path, reader.wants), complain)) {
        expect(typeof draft.text).toBe('string');
        expect(draft.key).not.toBe('');
        seen.documents++;
      }
    } catch (error) {
      expect(isLucieError(error), `seed ${seed}: ${(error as Error).stack}`).toBe(true);
      seen.errors++;
    }
  }
  return seen;
}

const tar = (path: string, wants: (path: string) => boolean) => readTarball(path, { wants });
const deb = (path: string, wants: (path: string) => boolean) => readDeb(path, { wants });

const kali: Files = {
  'data/KALICONT000000000001.json': JSON.stringify({
    data: { shortTitle: 'A' },
    children: [{ type: 'article', data: { id: 'KALIARTI000000000001', content: '<p>Un <b>texte</p>' } }],
  }),
};

describe(`${COPIES} damaged copies`, () => {
  test.each([
    ['legi-data', legiData, legiDataFiles],
    ['kali-data', kaliData, kali],
  ] as const)('npm tarball: %s', async (_, adapter, files) => {
    const bytes = await tarballBytes(files);
    const seen = await survives(adapter, { bytes, damage: (seed) => mutate(bytes, seed), open: tar });
    expect(seen.errors).toBeGreaterThan(0);
    // Damage below the checksum of gzip reaches the archive and the adapter.
    const plain = gunzipSync(bytes);
    const inside = await survives(adapter, {
      bytes,
      damage: (seed) => gzipSync(mutate(plain, seed)),
      open: tar,
    });
    expect(inside.documents).toBeGreaterThan(0);
    expect(inside.complaints + inside.errors).toBeGreaterThan(0);
  });

  test.skipIf(noDpkg)('Debian package', async () => {
    const bytes = await debBytes('debian-reference-fr', {
      'usr/share/debian-reference/ch01.fr.html': '<html><title>T</title><h1>T</h1><p>Un texte.</p></html>',
    });
    const reader = debianTextOf('debian-reference-fr');
    const seen = await survives(reader, { bytes, damage: (seed) => mutate(bytes, seed), open: deb });
    expect(seen.errors).toBeGreaterThan(0);
    expect(seen.documents).toBeGreaterThan(0);
  });

  /** Files of a package, one of which is damaged: what a kind reads is as bad as its archive. */
  const inside: [string, string, string, Buffer][] = [
    [
      '.mo',
      'freeciv-data',
      'usr/share/locale/fr/LC_MESSAGES/freeciv.mo',
      makeMo({ a: 'Une phrase. '.repeat(20) }),
    ],
    [
      'HTML',
      'debian-reference-fr',
      'usr/share/debian-reference/ch01.fr.html',
      Buffer.from('<h1>T</h1><div class="toc"><p>a</p></div><pre>b</pre><p>Un texte.</p>'),
    ],
    [
      'DocBook',
      'kturtle',
      'usr/share/doc/HTML/fr/kturtle/index.docbook',
      Buffer.from('<!DOCTYPE book [<!ENTITY a "b">]><title>T</title><para>Un &a; texte.</para>'),
    ],
    [
      'manual page',
      'manpages-fr',
      'usr/share/man/fr/man1/a.1.gz',
      gzipSync('.TH A 1 "2020"\n.SH NOM\na \\- un texte\n.TP\nb\nc\n'),
    ],
    ['Bible', 'sword-text-sparv', 'usr/share/sword/modules/texts/ztext/x/nt.bzv', Buffer.alloc(40)],
    ['dictionary', 'dict-devil', 'usr/share/dictd/x.index', Buffer.from('word\tA\tE\n')],
  ];
  test.each(inside)('inside a package: %s', async (_, name, path, healthy) => {
    const reader = debianTextOf(name);
    const others: Files = {
      'usr/share/dictd/x.dict.dz': gzipSync('word\n\ntext\n'),
      'usr/share/sword/modules/texts/ztext/x/nt.bzs': Buffer.alloc(12),
      'usr/share/sword/modules/texts/ztext/x/nt.bzz': Buffer.alloc(12),
    };
    let files: Files = {};
    const seen = await survives(reader, {
      bytes: healthy,
      damage: (seed) => {
        files = { ...others, [path]: mutate(healthy, seed) };
        return Buffer.alloc(0);
      },
      async *open(_, wants) {
        const archive = join(dir, 'inside.tgz');
        const rooted = Object.fromEntries(Object.entries(files).map(([file, bytes]) => [file, bytes]));
        writeFileSync(archive, await tarballBytes(rooted));
        yield* readTarball(archive, { wants });
      },
    });
    expect(seen.errors).toBe(0);
    expect(seen.documents + seen.complaints).toBeGreaterThan(0);
  });
});

test('an archive of more bytes inside than any package has is refused before they are read', async () => {
  const path = join(dir, 'bomb.tgz');
  // 30 GB of zeros as tar headers say, some kilobytes on disk: only the sizes need to be believed to refuse it.
  const head = Buffer.alloc(512);
  head.write('package/data/LEGITEXT000000000001.json', 0);
  head.write('0000644\0', 100);
  head.write('\0'.repeat(8), 108);
  head.write('77777777777\0', 124);
  head.write('00000000000\0', 136);
  head.write('        ', 148);
  head.write('0', 156);
  head.write('ustar\x0000', 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  writeFileSync(path, gzipSync(Buffer.concat([head, Buffer.alloc(1 << 20)])));
  const read = async () => {
    for await (const { path: inside } of readTarball(path, { wants: legiData.wants }))
      expect(inside).toBe('');
  };
  await expect(read()).rejects.toMatchObject({
    code: 'SOURCE_DAMAGED',
    message: expect.stringContaining('bytes inside'),
  });
});
