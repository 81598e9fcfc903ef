import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '@lucie/inference';
import { type Manifest, runStages, silent } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { releaseOptionsShape, releaseStage } from '../src/index.ts';
import { earlierStages, writeCalmFolder } from './tiny-run.ts';

let dir: string;
let release: string;
let manifest: Manifest;

async function make(runDir: string, folder?: (dir: string) => Promise<void>): Promise<Manifest> {
  const stages = [...earlierStages(folder), releaseStage({ name: 'essai', verificationTokens: 600 })];
  const { manifests } = await runStages(runDir, stages, {
    recipe: 'essai',
    progress: silent,
    say: () => {},
    signal: new AbortController().signal,
  });
  return manifests.at(-1)!;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-release-'));
  manifest = await make(join(dir, 'essai'));
  release = join(dir, 'essai', '07-release');
});

afterAll(() => rm(dir, { recursive: true }));

const read = (name: string) => readFile(join(release, name), 'utf8');

test('the folder holds what it should, and nothing else', async () => {
  expect((await readdir(release)).sort()).toEqual([
    'DATA.md',
    'README.md',
    'SHA256SUMS',
    'chat_template.jinja',
    'config.json',
    'essai-F16.gguf',
    'essai-Q4_0.gguf',
    'essai-Q8_0.gguf',
    'generation_config.json',
    'log',
    'manifest.json',
    'model.safetensors',
    'scores.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'verification.json',
  ]);
});

test('sha256sum -c holds, and a changed file shows', async () => {
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: release });
  const sums = (await read('SHA256SUMS')).trim().split('\n');
  expect(sums.length).toBe(13);
  const copy = join(dir, 'copy');
  execFileSync('cp', ['-r', release, copy]);
  await writeFile(join(copy, 'README.md'), 'other');
  expect(() => execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: copy, stdio: 'ignore' })).toThrow();
});

test('the files talk, by the same template and stop ids', async () => {
  for (const format of ['F16', 'Q8_0', 'Q4_0']) {
    await using engine = await Engine.load(join(release, `essai-${format}.gguf`), { threads: 1 });
    expect(engine.info).toMatchObject({ name: 'LUCIE essai', stopIds: [1, 5] });
    expect(engine.info.metadata.get('lucie.use')).toBe('research');
    const { tokens } = engine.chatPrompt([{ role: 'user', content: 'Bonjour' }]);
    const generation = engine.generate({ tokens, maxTokens: 5 });
    await generation.text();
    expect(generation.completionTokens).toBeGreaterThan(0);
  }
});

test('the model card says what the run says', async () => {
  const card = await read('README.md');
  expect(card.startsWith('---\nlicense: apache-2.0\nlanguage:\n  - fr\n  - en\n')).toBe(true);
  const [french, english] = card.replaceAll(/\s/g, ' ').split('# English') as [string, string];
  const { joules } = manifest.energy;
  expect(joules).toBeGreaterThanOrEqual(0);
  for (const figure of [
    '257 000',
    '5 054 464',
    '1 234',
    '3,322',
    '98,8 %',
    '1,679',
    '2,247',
    '≤ 1,7',
    '334',
    'oui',
  ]) {
    expect(french).toContain(figure);
  }
  for (const figure of ['257,000', '5,054,464', '98.8 %', '1.679', '2.247', 'yes', 'Energy, estimated']) {
    expect(english).toContain(figure);
  }
  expect(french).toContain('Modèle de recherche');
  expect(french).toContain('Fiches du ministère des Essais — https://fiches.example/. Licence Ouverte 2.0.');
  const { files } = JSON.parse(await read('verification.json')) as { files: { top1Agreement: number }[] };
  expect(files.length).toBe(3);
  const shown = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 3 }).format(
    100 * files[2]!.top1Agreement,
  );
  expect(french).toContain(`essai-Q4_0.gguf | ${shown} %`);
});

test('the data card names every source with package, integrity, licence, dates and what cleaning took', async () => {
  const [french, english] = (await read('DATA.md')).replaceAll(/\s+/g, ' ').split('# English') as [
    string,
    string,
  ];
  for (const text of [
    '`@exemple/fiches`',
    '`1.2.3`',
    '`sha512-abcdef==`',
    '2019-05-04 – 2026-03-02',
    '`pays-du-monde`',
    'ODbL 1.0',
    'quasi-doublon',
    '| fiches | 10 209 | 321 | 9 876 | 12 |',
  ]) {
    expect(french).toContain(text);
  }
  expect(english).toContain('| fiches | 10,209 | 321 | 9,876 | 12 |');
  expect(english).toContain('Share alike');
});

test('the manifest names both engines', () => {
  expect(manifest.identities).toEqual([
    expect.objectContaining({ torch: '2.15.0', libllama: '3.22.1', threads: 1 }),
  ]);
});

test('cards hold no gaps', async () => {
  for (const name of ['README.md', 'DATA.md']) expect(await read(name)).not.toMatch(/undefined|NaN|\[object/);
});

test('a model whose stop ids are not those of its vocabulary is not released', async () => {
  const runDir = join(dir, 'faulty');
  const faulty = async (folder: string) => {
    await writeCalmFolder(folder);
    await writeFile(join(folder, 'generation_config.json'), JSON.stringify({ eos_token_id: [1, 4] }));
  };
  await expect(make(runDir, faulty)).rejects.toThrow(
    expect.objectContaining({
      code: 'RELEASE_REFUSED',
      message: expect.stringMatching(/stop ids 1, 5.*1, 4/),
    }),
  );
  expect(existsSync(join(runDir, '06-evaluation'))).toBe(true);
  expect(existsSync(join(runDir, '07-release'))).toBe(false);
});

test('a manifest without a figure is refused by name', async () => {
  const runDir = join(dir, 'incomplete');
  const stages = earlierStages().map((stage) =>
    stage.name === 'base' ? { ...stage, run: async () => ({ facts: { steps: 1 } }) } : stage,
  );
  const made = runStages(runDir, [...stages, releaseStage({ name: 'essai' })], {
    recipe: 'essai',
    progress: silent,
    say: () => {},
    signal: new AbortController().signal,
  });
  await expect(made).rejects.toThrow(
    expect.objectContaining({
      code: 'MANIFEST_INCOMPLETE',
      message: expect.stringMatching(/base without parameters/),
    }),
  );
});

test('options have defaults, and unknown ones are refused', () => {
  expect(releaseOptionsShape.parse({ name: 'essai' })).toEqual({
    name: 'essai',
    licence: 'Apache-2.0',
    verificationTokens: 8192,
  });
  expect(() => releaseStage({ name: '../outside' })).toThrow();
});
