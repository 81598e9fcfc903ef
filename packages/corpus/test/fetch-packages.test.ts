import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cachedPackage,
  fetchPackage,
  fetchPackages,
  type PinnedPackage,
  tarballPath,
} from '../src/fetch/fetch-packages.ts';
import { fileIntegrity } from '../src/fetch/integrity.ts';
import { freshDir, tarballBytes } from './make-tarball.ts';

/** A registry of two packages on this machine, which npm talks to as to any other. */
let server: Server;
let requests: string[] = [];
const pins: PinnedPackage[] = [];
const environment = { ...process.env };

beforeAll(async () => {
  const dir = freshDir();
  const tarballs = new Map<string, Buffer>();
  for (const name of ['@texts/one', 'two']) {
    const bytes = await tarballBytes({
      'package.json': JSON.stringify({ name, version: '1.2.3' }),
      'data/a.txt': name,
    });
    writeFileSync(join(dir, 'a.tgz'), bytes);
    tarballs.set(name, bytes);
    pins.push({ package: name, version: '1.2.3', integrity: await fileIntegrity(join(dir, 'a.tgz')) });
  }
  server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!);
    requests.push(path);
    const pin = pins.find((one) => path.startsWith(`/${one.package}`));
    if (!pin) response.writeHead(404).end('{}');
    else if (path.endsWith('.tgz')) response.end(tarballs.get(pin.package));
    else {
      const tarball = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${pin.package}/-/a-1.2.3.tgz`;
      const version = { name: pin.package, version: '1.2.3', dist: { tarball, integrity: pin.integrity } };
      response.end(
        JSON.stringify({
          name: pin.package,
          'dist-tags': { latest: '1.2.3' },
          versions: { '1.2.3': version },
        }),
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  useRegistry((server.address() as AddressInfo).port);
});

afterAll(() => {
  process.env = environment;
  server.close();
});

function useRegistry(port: number): void {
  for (const name of Object.keys(process.env))
    if (/^npm_config_|_proxy$/i.test(name)) delete process.env[name];
  process.env.npm_config_registry = `http://127.0.0.1:${port}/`;
  process.env.npm_config_userconfig = join(freshDir(), 'npmrc');
  process.env.npm_config_globalconfig = join(freshDir(), 'npmrc');
  process.env.npm_config_cache = freshDir();
}

describe('fetchPackages', () => {
  test('brings what is missing, verified, and asks nothing the second time', async () => {
    const cacheDir = freshDir();
    const paths = await fetchPackages(pins, { cacheDir });
    expect(paths).toEqual([join(cacheDir, 'data/texts-one-1.2.3.tgz'), join(cacheDir, 'data/two-1.2.3.tgz')]);
    for (const [index, path] of paths.entries())
      expect(await fileIntegrity(path)).toBe(pins[index]!.integrity);
    expect(readdirSync(join(cacheDir, 'data')).sort()).toEqual(['texts-one-1.2.3.tgz', 'two-1.2.3.tgz']);
    requests = [];
    await fetchPackages(pins, { cacheDir });
    expect(requests).toEqual([]);
    expect(await cachedPackage(pins[0]!, cacheDir)).toBe(paths[0]);
  });

  test('a damaged copy is fetched again', async () => {
    const cacheDir = freshDir();
    const path = await fetchPackage(pins[1]!, { cacheDir });
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length - 1));
    await expect(cachedPackage(pins[1]!, cacheDir)).rejects.toMatchObject({ code: 'PACKAGE_INTEGRITY' });
    await fetchPackage(pins[1]!, { cacheDir });
    expect(readFileSync(path)).toEqual(whole);
  });

  test('other integrity than pinned: found, expected, and nothing under the final name', async () => {
    const cacheDir = freshDir();
    const wrong = { ...pins[0]!, integrity: pins[1]!.integrity };
    await expect(fetchPackage(wrong, { cacheDir })).rejects.toMatchObject({
      code: 'PACKAGE_INTEGRITY',
      message: expect.stringMatching(
        new RegExp(`found .*${escaped(pins[0]!.integrity)}.*expected ${escaped(pins[1]!.integrity)}`),
      ),
    });
    expect(readdirSync(join(cacheDir, 'data'))).toEqual([]);
  });

  test('a package or version that the registry does not have', async () => {
    const missing = { ...pins[0]!, package: '@texts/none' };
    await expect(fetchPackage(missing, { cacheDir: freshDir() })).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
    });
    await expect(
      fetchPackage({ ...pins[0]!, version: '9.9.9' }, { cacheDir: freshDir() }),
    ).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' });
  });

  test('no network, no npm', async () => {
    const cacheDir = freshDir();
    // Port 1 of this machine answers nobody.
    useRegistry(1);
    await expect(fetchPackage(pins[1]!, { cacheDir })).rejects.toMatchObject({ code: 'NO_NETWORK' });
    process.env.PATH = cacheDir;
    await expect(fetchPackage(pins[1]!, { cacheDir })).rejects.toMatchObject({ code: 'NPM_MISSING' });
    expect(existsSync(tarballPath(pins[1]!, cacheDir))).toBe(false);
    await expect(cachedPackage(pins[1]!, cacheDir)).rejects.toMatchObject({ code: 'DATA_NOT_FETCHED' });
  });
});

function escaped(text: string): string {
  return text.replace(/[+/=]/g, '\\$&');
}
