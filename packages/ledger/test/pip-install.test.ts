import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pipInstall } from '../src/index.ts';

/** A PATH with a python3 of our own. */
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lucie-pip-'));
  mkdirSync(join(home, 'bin'));
  mkdirSync(join(home, 'folder'));
  vi.stubEnv('PATH', join(home, 'bin'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

function python(script: string): void {
  writeFileSync(join(home, 'bin/python3'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(home, 'bin/python3'), 0o755);
}

const install = () =>
  pipInstall(join(home, 'folder'), {
    requirements: '/r.txt',
    python: '312',
    platforms: ['one', 'two'],
    what: 'a thing',
  });

test('asks for wheels with pinned hashes alone, for that Python and those platforms', async () => {
  python(`echo "$@" > ${home}/arguments; echo "$TMPDIR" > ${home}/temporary`);
  await install();
  const asked = readFileSync(join(home, 'arguments'), 'utf8').trim();
  expect(asked).toContain('--no-deps --no-compile --only-binary=:all:');
  expect(asked).toContain(`--target ${join(home, 'folder')} --python-version 312 --implementation cp`);
  expect(asked).toContain('--platform one --platform two --require-hashes -r /r.txt');
  expect(readFileSync(join(home, 'temporary'), 'utf8').trim()).toBe(join(home, 'folder/tmp'));
  expect(existsSync(join(home, 'folder/tmp'))).toBe(false);
});

test('each way to fail has its code', async () => {
  await expect(install()).rejects.toMatchObject({ code: 'NO_PYTHON' });
  python('echo "No module named pip" >&2; exit 1');
  await expect(install()).rejects.toMatchObject({ code: 'NO_PYTHON' });
  python('echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1');
  await expect(install()).rejects.toMatchObject({ code: 'PACKAGE_INTEGRITY' });
  python('echo "ERROR: No matching distribution found" >&2; exit 1');
  await expect(install()).rejects.toMatchObject({
    code: 'FETCH_FAILED',
    message: expect.stringContaining('No matching distribution'),
  });
});
