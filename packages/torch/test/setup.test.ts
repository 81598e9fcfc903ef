import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLucieError } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { ownPath } from '../../ledger/test/own-path.ts';

/** Set-up against a PATH with programs of our own: each case runs in a process whose cache folder is empty. */
const own = ownPath();

/** Runs `body` (an expression on the package) and returns what it printed, or the LucieError that it threw. */
function inProcess(body: string, env: Record<string, string> = {}): { code?: string; message: string } {
  const source = `
    const torch = await import(${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))});
    const { silent } = await import(${JSON.stringify(join(import.meta.dirname, '../../ledger/src/index.ts'))});
    try { console.log(JSON.stringify({ message: String(await (${body})) })); }
    catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message, name: error.name })); }`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
    env: { PATH: own.bin, LUCIE_CACHE: join(own.home, 'cache'), ...env },
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout.trim().split('\n').at(-1)!);
}

/** A folder that looks like libtorch of this version. */
function fakeLibtorch(version: string): string {
  const dir = join(own.home, `libtorch-${version}`);
  const [major, minor, patch] = version.split('.');
  mkdirSync(join(dir, 'lib'), { recursive: true });
  mkdirSync(join(dir, 'include/torch/headeronly'), { recursive: true });
  writeFileSync(join(dir, 'lib/libtorch_cpu.so'), '');
  writeFileSync(
    join(dir, 'include/torch/headeronly/version.h'),
    `#define TORCH_VERSION_MAJOR ${major}\n#define TORCH_VERSION_MINOR ${minor}\n#define TORCH_VERSION_PATCH ${patch}\n`,
  );
  return dir;
}

const fetchIt = 'torch.ensureLibtorch(silent)';
const leftOver = () => {
  const cache = join(own.home, 'cache');
  return readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.includes('.partial'),
  );
};

describe('ensureLibtorch', () => {
  test('without python3: NO_PYTHON, with what to install', () => {
    const error = inProcess(fetchIt);
    expect(error).toMatchObject({ code: 'NO_PYTHON' });
    expect(error.message).toMatch(/found .*; expected .*; install/);
  });

  test('with a python3 that has no pip: NO_PYTHON', () => {
    own.program('python3', 'echo "/usr/bin/python3: No module named pip" >&2; exit 1');
    const error = inProcess(fetchIt);
    expect(error).toMatchObject({ code: 'NO_PYTHON' });
    expect(error.message).toContain('without pip');
  });

  test('with a package of another hash: PACKAGE_INTEGRITY, and nothing under the final name', () => {
    own.program(
      'python3',
      'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2; exit 1',
    );
    expect(inProcess(fetchIt)).toMatchObject({ code: 'PACKAGE_INTEGRITY' });
    expect(leftOver()).toEqual([]);
  });

  test('without a network: FETCH_FAILED with the last line of pip', () => {
    own.program('python3', 'echo "ERROR: No matching distribution found for torch" >&2; exit 1');
    const error = inProcess(fetchIt);
    expect(error).toMatchObject({ code: 'FETCH_FAILED' });
    expect(error.message).toContain('No matching distribution');
  });

  test('asks pip for pinned hashes and a complete folder before it takes its name', () => {
    // A pip that records its arguments and leaves the fake libtorch where it was told to.
    const source = fakeLibtorch('2.15.0');
    own.program(
      'python3',
      `echo "$@" > ${own.home}/arguments
       while [ "$1" != --target ]; do shift; done
       /bin/cp -r ${source} "$2/torch"`,
    );
    const found = inProcess(`${fetchIt}.then(({ dir, version }) => dir + ' ' + version)`);
    expect(found.message).toBe(`${join(own.home, 'cache/libtorch/torch')} 2.15.0`);
    const { stdout } = spawnSync('cat', [join(own.home, 'arguments')], { encoding: 'utf8' });
    expect(stdout).toMatch(/--no-deps.*--only-binary=:all:.*--python-version 311.*--require-hashes/);
    // The second call needs no Python at all.
    rmSync(join(own.bin, 'python3'));
    expect(inProcess(`${fetchIt}.then(({ version }) => version)`).message).toBe('2.15.0');
  });

  test('LUCIE_LIBTORCH of an old version: LIBTORCH_TOO_OLD; of 2.11: taken', () => {
    const old = inProcess(fetchIt, { LUCIE_LIBTORCH: fakeLibtorch('2.10.1') });
    expect(old).toMatchObject({ code: 'LIBTORCH_TOO_OLD' });
    expect(old.message).toContain('2.10.1');
    expect(old.message).toContain('2.11');
    const taken = inProcess(`${fetchIt}.then(({ version }) => version)`, {
      LUCIE_LIBTORCH: fakeLibtorch('2.11.0'),
    });
    expect(taken.message).toBe('2.11.0');
  });

  test('LUCIE_LIBTORCH without a libtorch: LIBTORCH_MISSING, no download', () => {
    own.program('python3', `touch ${own.home}/called`);
    expect(inProcess(fetchIt, { LUCIE_LIBTORCH: join(own.home, 'nowhere') })).toMatchObject({
      code: 'LIBTORCH_MISSING',
    });
    expect(readdirSync(own.home)).not.toContain('called');
  });
});

describe('ensureAddon', () => {
  const build = 'torch.ensureAddon(silent)';

  test('without libtorch: TORCH_NOT_SET_UP', () => {
    expect(inProcess(build)).toMatchObject({ code: 'TORCH_NOT_SET_UP' });
  });

  test('without g++: NO_COMPILER, and nothing left behind', () => {
    const error = inProcess(build, { LUCIE_LIBTORCH: fakeLibtorch('2.15.0') });
    expect(error).toMatchObject({ code: 'NO_COMPILER' });
    expect(error.message).toContain('g++');
    expect(leftOver().filter((name) => name.endsWith('.node'))).toEqual([]);
  });

  test('with a g++ that fails: COMPILE_FAILED with its first error', () => {
    own.program('g++', 'echo "addon.cc:1: error: unknown type" >&2; exit 1');
    const error = inProcess(build, { LUCIE_LIBTORCH: fakeLibtorch('2.15.0') });
    expect(error).toMatchObject({ code: 'COMPILE_FAILED' });
    expect(error.message).toContain('unknown type');
  });

  test('compiles into a name of its own and not again', () => {
    own.program(
      'g++',
      `echo x >> ${own.home}/calls
       while [ "$1" != -o ]; do shift; done
       echo built > "$2"`,
    );
    const env = { LUCIE_LIBTORCH: fakeLibtorch('2.15.0') };
    const first = inProcess(build, env).message;
    expect(first).toMatch(/cache\/addon\/[0-9a-f]{16}\/addon\.node$/);
    const calls = () => spawnSync('cat', [join(own.home, 'calls')], { encoding: 'utf8' }).stdout.length;
    const before = calls();
    expect(inProcess(build, env).message).toBe(first);
    expect(calls()).toBe(before);
    // Another libtorch is another addon, in another folder or in the same.
    expect(inProcess(build, { LUCIE_LIBTORCH: fakeLibtorch('2.14.0') }).message).not.toBe(first);
    const header = join(env.LUCIE_LIBTORCH, 'include/torch/headeronly/version.h');
    writeFileSync(header, readFileSync(header, 'utf8').replace('MINOR 15', 'MINOR 16'));
    expect(inProcess(build, env).message).not.toBe(first);
  });
});

test('a use before set-up: TORCH_NOT_SET_UP with the command to run; importing alone costs nothing', () => {
  const error = inProcess('torch.Tensor.from(new Float32Array(1))');
  expect(error).toMatchObject({ code: 'TORCH_NOT_SET_UP' });
  expect(error.message).toContain('./lucie');
  expect(inProcess('1').message).toBe('1');
});

test('errors are LucieErrors', () => {
  expect(isLucieError(Object.assign(new Error(), { name: 'LucieError', code: 'X' }))).toBe(true);
  expect(inProcess(fetchIt)).toMatchObject({ name: 'LucieError' });
});
