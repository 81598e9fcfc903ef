import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { absencePath, debianDir } from '../src/fetch/debian-files.ts';
import { descriptionsName } from '../src/fetch/fetch-debian.ts';
import { licences } from '../src/licences.ts';
import { debianLock, debianSource } from '../src/sources/debian/debian-source.ts';
import { debianTextOf, debianTexts } from '../src/sources/debian/registry.ts';
import { openSource } from '../src/sources/open-source.ts';
import { cacheDeb, debBytes, noDpkg, ownDir } from './make-deb.ts';
import { type Complaint, readSource, sourceConformance } from './source-conformance.ts';

const page = (title: string, text: string) =>
  `<html><head><title>Chapitre 1. ${title}</title></head><body><div class="navheader">Suivant</div><h1>Chapitre 1. ${title}</h1>
<p>${text}</p><pre>if (a)\n    b;</pre></body></html>`;

/** A manual in French, two pages of it in the five languages' folders, one page that is no UTF-8. */
const reference = {
  'usr/share/debian-reference/ch01.fr.html': page('Didacticiels', 'Le noyau est le cœur du système.'),
  'usr/share/debian-reference/ch02.fr.html': page('Paquets', 'Un paquet tient ensemble ses fichiers.'),
  'usr/share/debian-reference/ch03.fr.html': page('Réseau', 'Deux machines se parlent par le réseau.'),
  'usr/share/debian-reference/index.fr.html': page('Sommaire', 'Rien que des liens.'),
  'usr/share/debian-reference/ch01.de.html': page('Anleitung', 'Der Kern ist das Herz.'),
};
const option = { debian: 'debian-reference-fr' } as const;

async function cached(files: Record<string, string | Uint8Array> = reference): Promise<string> {
  const cacheDir = ownDir();
  await cacheDeb(cacheDir, option.debian, { bytes: await debBytes(option.debian, files) });
  return cacheDir;
}

describe.skipIf(noDpkg)(`a Debian package${noDpkg ? ` (${noDpkg})` : ''}`, () => {
  sourceConformance('Debian package', {
    open: async () => ({ source: openSource(option, await cached()) }),
    openBroken: async () => ({
      source: openSource(
        option,
        await cached({
          ...reference,
          'usr/share/debian-reference/ch04.fr.html': new Uint8Array([0xff, 0xfe, 0xff]),
        }),
      ),
    }),
  });

  test('its pages become documents, dated, with what set-up found as origin', async () => {
    const cacheDir = await cached();
    const source = openSource(option, cacheDir);
    const lock = debianLock(option, cacheDir)!;
    expect(source.origin).toEqual({ debian: 'debian-reference-fr', version: '1.0-1', sha256: lock.sha256 });
    const { documents, complaints } = await readSource(source);
    expect(complaints).toEqual([]);
    expect(documents.map(({ id }) => id)).toEqual([1, 2, 3].map((n) => `debian-reference-fr/ch0${n}`));
    expect(documents[0]).toEqual({
      id: 'debian-reference-fr/ch01',
      title: 'Didacticiels',
      text: 'Le noyau est le cœur du système.\n\nif (a)\n    b;',
      source: 'debian-reference-fr',
      licence: 'GPL-2.0-or-later',
      language: 'fr',
      date: '2021-05-04',
      url: '',
      extra: '{}',
    });
  });

  test('another short name is the name of the source and of its documents', async () => {
    const source = openSource({ ...option, source: 'reference' }, await cached());
    const { documents } = await readSource(source);
    expect([source.source, documents[0]!.source, documents[0]!.id]).toEqual([
      'reference',
      'reference',
      'reference/ch01',
    ]);
  });

  test('a file that is no longer what was found is refused, not read', async () => {
    const cacheDir = await cached();
    const path = join(debianDir(cacheDir), 'debian-reference-fr_1.0-1_all.deb');
    const bytes = readFileSync(path);
    bytes[200]! ^= 1;
    writeFileSync(path, bytes);
    await expect(readSource(openSource(option, cacheDir))).rejects.toMatchObject({ code: 'DEBIAN_CHANGED' });
  });

  test('a file that ends early is SOURCE_DAMAGED, whatever had been read', async () => {
    const cacheDir = ownDir();
    const bytes = await debBytes(option.debian, reference);
    await cacheDeb(cacheDir, option.debian, { bytes: bytes.subarray(0, bytes.length - 300) });
    await expect(readSource(openSource(option, cacheDir))).rejects.toMatchObject({ code: 'SOURCE_DAMAGED' });
  });

  test('the wording of a known version has its year; an unknown one has that of its files', async () => {
    const files = {
      'usr/share/libreoffice/help/de/text/a.html':
        '<div id="DisplayArea"><h1>Linie</h1><p>Eine Linie ziehen.</p></div>',
    };
    const dates: string[] = [];
    for (const version of ['4:7.4.7-1', '4:99.1-1']) {
      const cacheDir = ownDir();
      await cacheDeb(cacheDir, 'libreoffice-help-de', {
        bytes: await debBytes('libreoffice-help-de', files),
        version,
      });
      const { documents } = await readSource(openSource({ debian: 'libreoffice-help-de' }, cacheDir));
      dates.push(documents[0]!.date);
    }
    expect(dates).toEqual(['2022', '2021-05-04']);
  });
});

const descriptions = `Package: 0ad
Description-md5: aa
Description-fr: jeu de stratégie en temps réel
 Un jeu de stratégie qui se passe
 dans l'Antiquité.
 .
 Ce qu'il offre :
  * des batailles
    navales ;
  * des villes.

Package: 0ad-dbg
Description-md5: aa
Description-fr: jeu de stratégie en temps réel
 Un jeu de stratégie qui se passe
 dans l'Antiquité.

Package: court
Description-md5: bb
Description-fr: rien de plus

Package: zsh
Description-md5: cc
Description-fr: interpréteur de commandes
 Un interpréteur de commandes.
`;

describe.skipIf(noDpkg)('package descriptions', () => {
  const spoken = { debianDescriptions: 'fr' } as const;
  const cache = async (text: string | Uint8Array = descriptions) => {
    const cacheDir = ownDir();
    const name = descriptionsName('fr');
    await cacheDeb(cacheDir, name, { bytes: Buffer.from(text), version: '2026-01-02', file: `${name}.txt` });
    return cacheDir;
  };

  test('each description once, its lines running on, lists kept; what is only a name is left out', async () => {
    const { documents, complaints } = await readSource(openSource(spoken, await cache()));
    expect(complaints).toEqual([]);
    expect(documents).toHaveLength(2);
    expect(documents[0]).toMatchObject({
      id: 'debian-descriptions-fr/aa',
      title: '0ad\u00a0: jeu de stratégie en temps réel',
      text: "Un jeu de stratégie qui se passe dans l'Antiquité.\n\nCe qu'il offre :\n- des batailles navales ;\n- des villes.",
      language: 'fr',
      // As old as its package, which the index does not tell: the day of the list is none.
      date: '',
    });
    expect(documents[1]!.id).toBe('debian-descriptions-fr/cc');
  });

  test('bytes that are not UTF-8 are complained of, the rest is read', async () => {
    const broken = Buffer.concat([
      Buffer.from('Package: a\nDescription-md5: dd\nDescription-fr: x\n Un texte '),
      Buffer.from([0xff]),
      Buffer.from(' abîmé.\n\n'),
      Buffer.from(descriptions),
    ]);
    const { documents, complaints } = await readSource(openSource(spoken, await cache(broken)));
    expect(documents).toHaveLength(2);
    expect(complaints.map(({ key, why }: Complaint) => [key, why])).toEqual([['dd', 'not UTF-8']]);
  });
});

describe('where a package cannot be had', () => {
  test('nothing fetched: absent, with the reason, no parts, no lock', async () => {
    const cacheDir = ownDir();
    const source = openSource(option, cacheDir);
    expect(source.absent).toMatch(/debian-reference-fr|this machine has no/);
    expect(source.origin).toEqual({ debian: 'debian-reference-fr' });
    expect(await source.inputs()).toEqual([]);
    expect(debianLock(option, cacheDir)).toBeUndefined();
  });

  test.skipIf(noDpkg)('what set-up said is the reason', async () => {
    const cacheDir = await cached();
    rmSync(join(debianDir(cacheDir), 'debian-reference-fr.json'));
    writeFileSync(absencePath(option.debian, cacheDir), 'the archive cannot be reached\n');
    expect(openSource(option, cacheDir).absent).toBe('the archive cannot be reached');
  });

  test.skipIf(noDpkg)('off Debian even what is there is left out, and no key claims it', async () => {
    const cacheDir = await cached();
    vi.stubEnv('PATH', '/nonexistent');
    try {
      expect(openSource(option, cacheDir).absent).toMatch(/^this machine has no apt-get/);
      expect(debianLock(option, cacheDir)).toBeUndefined();
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test.each(['{', '{"debian":"other"}', '{"debian":"debian-reference-fr","version":"1"}'])(
    'a lock that is none counts as nothing found: %s',
    async (text) => {
      const cacheDir = ownDir();
      await cacheDeb(cacheDir, option.debian, { bytes: Buffer.from('x') });
      writeFileSync(join(debianDir(cacheDir), 'debian-reference-fr.json'), text);
      expect(existsSync(join(debianDir(cacheDir), 'debian-reference-fr_1.0-1_all.deb'))).toBe(true);
      expect(debianSource(option, cacheDir).absent).toBeDefined();
    },
  );
});

describe('the table of Debian packages', () => {
  test('names, sources: each once; licences that the corpus knows; a line that names the source', () => {
    for (const field of ['package', 'source'] as const) {
      const values = debianTexts.map((text) => text[field]);
      expect(new Set(values).size).toBe(values.length);
    }
    for (const { source, licence, attribution } of debianTexts) {
      expect(source).toMatch(/^[a-z0-9][a-z0-9-]*$/);
      expect(Object.keys(licences), source).toContain(licence);
      expect(licences[licence]!.mayTrain, source).toBe(true);
      expect(attribution).not.toBe('');
    }
  });

  test('what is kept for evaluation is not in it', () => {
    const names = debianTexts.map((text) => text.package);
    for (const reserved of [
      'wesnoth-1.16-utbs',
      'gcompris-qt-data',
      'python3-pattern',
      'gbrainy',
      'fccexam',
      'hamexam',
    ])
      expect(names).not.toContain(reserved);
  });

  test('an unknown package is named with the known ones', () => {
    expect(() => debianTextOf('nosuch')).toThrowError(
      expect.objectContaining({ code: 'SOURCE_UNKNOWN', exitCode: 2 }),
    );
  });
});
