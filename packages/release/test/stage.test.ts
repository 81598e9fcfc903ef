import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '@lucie/inference';
import {
  type Manifest,
  projectRoot,
  readManifest,
  runStages,
  silent,
  WATTS_PER_BUSY_CORE,
  writeManifest,
} from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelCard, readRunFacts, releaseOptionsShape, releaseStage } from '../src/index.ts';
import { earlierStages, writeCalmFolder } from './tiny-run.ts';

let dir: string;
let release: string;
let manifests: Manifest[];

async function make(runDir: string, folder?: (dir: string) => Promise<void>): Promise<Manifest[]> {
  const stages = [...earlierStages(folder), releaseStage({ name: 'essai', verificationTokens: 600 })];
  const { manifests } = await runStages(runDir, stages, {
    recipe: 'essai',
    progress: silent,
    say: () => {},
    signal: new AbortController().signal,
  });
  return manifests;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-release-'));
  manifests = await make(join(dir, 'essai'));
  release = join(dir, 'essai', '07-release');
});

afterAll(() => rm(dir, { recursive: true }));

const read = (name: string) => readFile(join(release, name), 'utf8');

test('the folder holds what it should, and nothing else', async () => {
  expect((await readdir(release)).sort()).toEqual([
    'DATA.md',
    'LICENSE',
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
  expect(sums.length).toBe(14);
  const copy = join(dir, 'copy');
  execFileSync('cp', ['-r', release, copy]);
  await writeFile(join(copy, 'README.md'), 'other');
  expect(() => execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: copy, stdio: 'ignore' })).toThrow();
});

test('the licence of the weights lies beside them, under a checksum', async () => {
  expect(await read('LICENSE')).toBe(await readFile(join(projectRoot, 'LICENSE'), 'utf8'));
  expect(await read('SHA256SUMS')).toMatch(/^[0-9a-f]{64} {2}LICENSE$/m);
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
  expect(card.startsWith('---\nlicense: apache-2.0\nlanguage:\n  - fr\n  - en\n  - code\nlibrary_name')).toBe(
    true,
  );
  const [french, english] = card.replaceAll(/\s/g, ' ').split('# English') as [string, string];
  for (const figure of [
    '257 000',
    '5 054 464 (1 234 pas)',
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
  for (const figure of ['257,000', '5,054,464 (1,234 steps)', '98.8 %', '1.679', '2.247', 'yes']) {
    expect(english).toContain(figure);
  }
  expect(french).toContain('Modèle de recherche');
  expect(french).toContain(
    'Fiches du ministère des Essais — https://fiches.example/, dernière mise à jour : 2026-03-02. [Licence Ouverte 2.0 (Etalab)](https://www.etalab.gouv.fr/licence-ouverte-open-licence/).',
  );
  const { files } = JSON.parse(await read('verification.json')) as { files: { top1Agreement: number }[] };
  expect(files.length).toBe(3);
  const shown = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 3 }).format(
    100 * files[2]!.top1Agreement,
  );
  expect(french).toContain(`essai-Q4_0.gguf | ${shown} % (≥ 80 %) | `);
});

test.each(['rapl', 'estimate'] as const)(
  'time and energy are the sums over manifests: %s',
  async (method) => {
    const run = join(dir, method);
    execFileSync('cp', ['-r', join(dir, 'essai'), run]);
    const names = ['corpus', 'tokenizer', 'tokens', 'base', 'instruct', 'evaluation'];
    const inputs = Object.fromEntries(names.map((name, i) => [name, join(run, `0${i + 1}-${name}`)]));
    for (const [i, folder] of Object.values(inputs).entries()) {
      const { sha256: _, ...manifest } = await readManifest(folder);
      // One estimate among measured stages makes the sum an estimate.
      const energy = { joules: 1_000 * (i + 1) ** 2, method: i === 0 ? method : ('rapl' as const) };
      await writeManifest(folder, { ...manifest, seconds: 10 * (i + 1), energy });
    }
    const identity = { name: 'essai', title: 'LUCIE essai', licence: 'Apache-2.0' };
    const card = modelCard(identity, await readRunFacts(inputs), []);
    // 91,000 J and 210 s.
    expect(card).toContain(
      method === 'rapl'
        ? "| Energy, measured | 25.28 Wh (the processor's RAPL counters) |"
        : `| Energy, estimated | 25.28 Wh (estimate: ${WATTS_PER_BUSY_CORE} W per busy core) |`,
    );
    expect(card).toContain('| Time, from corpus to evaluation | 3 min 30 s |');
  },
);

test('scores name the model, and what it had seen of the questions', async () => {
  const card = (await read('README.md')).replaceAll(/\s/g, ' ');
  const [french, english] = card.split('# English') as [string, string];
  expect(french).toContain('| Bits par octet, français | de base (non publié ici) | 1,679 |');
  expect(french).toMatch(/\(questions apprises\) \| instruit \(publié\) \| 95,2 % .* ≥ 19\/21 \| oui/);
  expect(french).toContain('(leur fiche est parmi les textes du modèle de base) | instruit (publié) | 4,8 %');
  expect(french).toContain('reconnus comme du français : 4 sur 10');
  expect(french).not.toContain('lisible');
  expect(english).toMatch(/\(questions trained on\) \| instruct \(released\) \| 95.2 %/);
  expect(english).toContain('Free samples of the base model recognised as French: 4 of 10');
});

test('the card tells how to make the model again, and how much text it read', async () => {
  const card = (await read('README.md')).replaceAll(/\s/g, ' ');
  const [french, english] = card.split('# English') as [string, string];
  for (const text of [
    '`./lucie make essai`',
    '41 (base), 43 (instructions)',
    'Processeur d’essai (AVX512), 3 fils, libtorch 2.15.0',
    '9 753 tokens/s',
    manifests.find(({ stage }) => stage === 'instruct')!.finished.slice(0, 10),
    // 5,054,464 of 6,738,000 tokens; 10,012 documents to 12.
    "l'équivalent de 75 % du texte disponible",
    '1 sur 834 environ',
  ]) {
    expect(french).toContain(text);
  }
  expect(english).toContain('as much as 75 % of the text available');
  expect(english).toContain('about 1 in 834');
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
    'Open Data Commons Open Database License 1.0',
    'quasi-doublon',
    '- **manuels** (no Debian here)',
    'dernière mise à jour',
    '| français | 98,8 %',
    '| fiches | 10 209 | 321 | 9 876 | 12 |',
  ]) {
    expect(french).toContain(text);
  }
  expect(english).toContain('| fiches | 10,209 | 321 | 9,876 | 12 |');
  expect(english).toContain('| code go | < 0.1 % |');
  expect(english).toContain('Share alike');
});

test('the manifest names both engines', () => {
  expect(manifests.at(-1)!.identities).toEqual([
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
