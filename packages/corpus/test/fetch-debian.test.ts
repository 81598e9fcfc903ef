import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, silent } from '@lucie/ledger';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { absencePath, debianDir, readLock } from '../src/fetch/debian-files.ts';
import { descriptionsName, fetchDebian } from '../src/fetch/fetch-debian.ts';
import { debBytes, noApt, ownDir } from './make-deb.ts';

const MD5 = '0'.repeat(32);
const PACKAGES = ['texts-one', 'texts-two', 'texts-three'];

/** An archive on this machine, which apt talks to as to any other: one suite, one component, three packages. */
async function makeArchive(dir: string, version = '1.0-1', names = PACKAGES): Promise<void> {
  const packages: string[] = [];
  mkdirSync(join(dir, 'pool'), { recursive: true });
  for (const name of names) {
    const bytes = await debBytes(name, { 'usr/share/doc/a.txt': `${name} ${version}` }, version);
    const file = `pool/${name}_${version}_all.deb`;
    writeFileSync(join(dir, file), bytes);
    packages.push(
      `Package: ${name}\nVersion: ${version}\nArchitecture: all\nInstalled-Size: 10\nFilename: ${file}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\nDescription: text\nDescription-md5: ${MD5}\n`,
    );
  }
  const indices: Record<string, string> = {
    'main/binary-all/Packages': packages.join('\n'),
    'main/binary-amd64/Packages': packages.join('\n'),
    'main/binary-arm64/Packages': packages.join('\n'),
    'main/i18n/Translation-fr': `Package: texts-one\nDescription-md5: ${MD5}\nDescription-fr: texte\n Un texte.\n`,
  };
  const hashes: string[] = [];
  for (const [path, text] of Object.entries(indices)) {
    const file = join(dir, 'dists/stable', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
    hashes.push(` ${sha256(text)} ${Buffer.byteLength(text)} ${path}`);
  }
  writeFileSync(
    join(dir, 'dists/stable/Release'),
    `Origin: test\nSuite: stable\nCodename: stable\nComponents: main\nArchitectures: all amd64 arm64\nDate: ${new Date(0).toUTCString()}\nSHA256:\n${hashes.join('\n')}\n`,
  );
}

/** An archive, a cache, and an apt that knows no other archive. */
async function setUp() {
  const dir = ownDir();
  const archive = join(dir, 'archive');
  await makeArchive(archive);
  writeFileSync(join(dir, 'sources.list'), `deb [trusted=yes] file:${archive} stable main\n`);
  writeFileSync(
    join(dir, 'apt.conf'),
    `Dir::Etc::sourcelist "${dir}/sources.list";\nDir::Etc::sourceparts "-";\nAcquire::Check-Valid-Until "false";\n`,
  );
  vi.stubEnv('APT_CONFIG', join(dir, 'apt.conf'));
  return { archive, cacheDir: join(dir, 'cache') };
}

afterEach(() => vi.unstubAllEnvs());

const both = { packages: ['texts-one', 'texts-two'], descriptions: [] };

describe.skipIf(noApt)(`fetchDebian${noApt ? ` (${noApt})` : ''}`, () => {
  test('brings packages and descriptions with what was found, and leaves nothing else', async () => {
    const { archive, cacheDir } = await setUp();
    const wishes = { packages: ['texts-one', 'texts-two'], descriptions: ['fr'] };
    expect(await fetchDebian(wishes, { cacheDir })).toEqual([]);
    const lock = readLock('texts-one', cacheDir)!;
    const bytes = readFileSync(join(archive, 'pool/texts-one_1.0-1_all.deb'));
    expect(lock).toMatchObject({
      debian: 'texts-one',
      version: '1.0-1',
      sha256: sha256(bytes),
      size: bytes.length,
    });
    expect(readFileSync(join(debianDir(cacheDir), lock.file))).toEqual(bytes);
    const french = readLock(descriptionsName('fr'), cacheDir)!;
    expect(readFileSync(join(debianDir(cacheDir), french.file), 'utf8')).toContain('Un texte.');
    expect(readdirSync(debianDir(cacheDir)).sort()).toEqual([
      'package-descriptions-fr.json',
      'package-descriptions-fr.txt',
      'texts-one.json',
      'texts-one_1.0-1_all.deb',
      'texts-two.json',
      'texts-two_1.0-1_all.deb',
    ]);
  });

  test('what is there is not fetched again, even where there is no apt', async () => {
    const { archive, cacheDir } = await setUp();
    await fetchDebian(both, { cacheDir });
    rmSync(archive, { recursive: true });
    vi.stubEnv('PATH', '/nonexistent');
    expect(await fetchDebian(both, { cacheDir })).toEqual([]);
  });

  test('a damaged copy is fetched again, one that is new in the archive takes its place', async () => {
    const { archive, cacheDir } = await setUp();
    await fetchDebian(both, { cacheDir });
    const before = readLock('texts-one', cacheDir)!;
    writeFileSync(join(debianDir(cacheDir), before.file), 'damage');
    rmSync(archive, { recursive: true });
    await makeArchive(archive, '2.0-1');
    expect(await fetchDebian(both, { cacheDir })).toEqual([]);
    const after = readLock('texts-one', cacheDir)!;
    expect(after.version).toBe('2.0-1');
    expect(existsSync(join(debianDir(cacheDir), before.file))).toBe(false);
    expect(readLock('texts-two', cacheDir)!.version).toBe('1.0-1');
  });

  test('a package that the archive lacks is absent with the reason; the others come', async () => {
    const { cacheDir } = await setUp();
    const wishes = { packages: ['texts-one', 'nosuch'], descriptions: ['de'] };
    const absences = await fetchDebian(wishes, { cacheDir });
    expect(absences).toEqual([
      { name: 'package-descriptions-de', reason: "this machine's archive has no package descriptions in de" },
      { name: 'nosuch', reason: "this machine's archive has no package nosuch" },
    ]);
    expect(readFileSync(absencePath('nosuch', cacheDir), 'utf8')).toContain('no package nosuch');
    expect(readLock('texts-one', cacheDir)).toBeDefined();
  });

  test('what the archive lacked is asked for again the next day, not at every call', async () => {
    const { archive, cacheDir } = await setUp();
    const wishes = { packages: ['late'], descriptions: [] };
    expect(await fetchDebian(wishes, { cacheDir })).toHaveLength(1);
    await makeArchive(archive, '1.0-1', [...PACKAGES, 'late']);
    expect(await fetchDebian(wishes, { cacheDir })).toHaveLength(1);
    const yesterday = new Date(Date.now() - 25 * 3600 * 1000);
    utimesSync(absencePath('late', cacheDir), yesterday, yesterday);
    expect(await fetchDebian(wishes, { cacheDir })).toEqual([]);
  });

  test('an archive that cannot be reached: absent, no error, and asked again at the next call', async () => {
    const { archive, cacheDir } = await setUp();
    rmSync(archive, { recursive: true });
    const absences = await fetchDebian(both, { cacheDir });
    expect(absences.map(({ name }) => name)).toEqual(both.packages);
    expect(absences[0]!.reason).toMatch(/cannot be reached|apt-get update failed/);
    await makeArchive(archive);
    expect(await fetchDebian(both, { cacheDir })).toEqual([]);
    expect(existsSync(absencePath('texts-one', cacheDir))).toBe(false);
  });

  test('a file in the archive that is not what its list says is absent, and nothing has its final name', async () => {
    const { archive, cacheDir } = await setUp();
    writeFileSync(join(archive, 'pool/texts-two_1.0-1_all.deb'), 'something else');
    const absences = await fetchDebian(both, { cacheDir });
    expect(absences.map(({ name }) => name)).toEqual(['texts-two']);
    expect(readdirSync(debianDir(cacheDir)).filter((name) => name.startsWith('texts-two'))).toEqual([
      'texts-two.absent',
    ]);
  });

  test('Ctrl-C ends it with its reason and leaves no half file', async () => {
    const { cacheDir } = await setUp();
    const control = new AbortController();
    const reason = new Error('stopped');
    // The lists are there when the first step of progress ends.
    const progress = { ...silent, end: () => control.abort(reason) };
    await expect(fetchDebian(both, { cacheDir, progress, signal: control.signal })).rejects.toBe(reason);
    expect(readdirSync(debianDir(cacheDir))).toEqual([]);
  });

  test('what a killed set-up left is cleared away, what another one works on is not', async () => {
    const { cacheDir } = await setUp();
    mkdirSync(join(debianDir(cacheDir), '.fetch-999999999-aa'), { recursive: true });
    mkdirSync(join(debianDir(cacheDir), `.fetch-${process.pid}-bb`), { recursive: true });
    await fetchDebian(both, { cacheDir });
    const left = readdirSync(debianDir(cacheDir)).filter((name) => name.startsWith('.fetch'));
    expect(left).toEqual([`.fetch-${process.pid}-bb`]);
  });
});

test('off Debian every package is absent with the reason, and nothing fails', async () => {
  const cacheDir = ownDir();
  vi.stubEnv('PATH', '/nonexistent');
  const absences = await fetchDebian({ packages: ['texts-one'], descriptions: ['fr'] }, { cacheDir });
  expect(absences).toEqual(
    ['texts-one', 'package-descriptions-fr'].map((name) => ({
      name,
      reason: 'this machine has no apt-get, so Debian packages are left out',
    })),
  );
});
