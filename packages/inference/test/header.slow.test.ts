import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, describe, expect, test } from 'vitest';
import { LOAD_MODE } from '../src/models/model-params.ts';
import { type Layout, layouts } from '../src/native/layouts.ts';
import { libllama } from '../src/native/libllama.ts';

const dir = mkdtempSync(join(tmpdir(), 'lucie-header-'));
const source = join(dir, 'source');

/** `llama.h` out of the git bundle in the npm package `node-llama-cpp`; undefined without a registry or git. */
const header = (() => {
  try {
    execFileSync('npm', ['pack', 'node-llama-cpp@3.22.1', '--silent'], { cwd: dir, stdio: 'ignore' });
    execFileSync('tar', ['xf', 'node-llama-cpp-3.22.1.tgz', 'package/llama/gitRelease.bundle'], { cwd: dir });
    execFileSync('git', ['clone', '--quiet', 'package/llama/gitRelease.bundle', 'source'], {
      cwd: dir,
      stdio: 'ignore',
    });
    return readFileSync(join(source, 'include/llama.h'), 'utf8');
  } catch {
    return undefined;
  }
})();

const hasCompiler = (() => {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

afterAll(() => rmSync(dir, { recursive: true }));

const layout = layouts.get('3.22.1')!;
const STRUCTURES = {
  modelParams: 'llama_model_params',
  contextParams: 'llama_context_params',
  batch: 'llama_batch',
  quantizeParams: 'llama_model_quantize_params',
} satisfies Record<keyof Layout, string>;

/** Names and kinds of a C structure's fields. */
function fieldsOf(structure: string): [name: string, type: string][] {
  const body = new RegExp(`struct ${structure} \\{([^]*?)\\n    \\}`).exec(header!)![1]!;
  const lines = body
    .replaceAll(/\/\/.*/g, '')
    .split(';')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.map((line) => {
    const name = /(\w+)$/.exec(line)![1]!;
    const type = line.slice(0, -name.length).trim();
    if (type.includes('*') || /_callback$/.test(type)) return [name, 'pointer'];
    if (/^enum|^int32_t$/.test(type)) return [name, 'int32'];
    return [name, type.replace('uint32_t', 'uint32')];
  });
}

describe.each(Object.keys(STRUCTURES) as (keyof Layout)[])('%s', (name) => {
  test('has the names, order and types of llama.h', ({ skip }) => {
    if (header === undefined) skip('the npm package node-llama-cpp could not be fetched');
    expect(Object.entries(layout[name])).toEqual(fieldsOf(STRUCTURES[name]));
  });

  test('lies where a C compiler lays it, field by field', ({ skip }) => {
    if (header === undefined) skip('the npm package node-llama-cpp could not be fetched');
    if (!hasCompiler) skip('no C compiler');
    const fields = Object.keys(layout[name]);
    const structure = `struct ${STRUCTURES[name]}`;
    const program = [
      '#include <stddef.h>\n#include <stdio.h>\n#include "llama.h"\nint main(void) {',
      ...fields.map((field) => `printf("%zu\\n", offsetof(${structure}, ${field}));`),
      `printf("%zu\\n", sizeof(${structure})); return 0; }`,
    ].join('\n');
    writeFileSync(join(dir, `${name}.c`), program);
    const includes = ['include', 'ggml/include'].flatMap((folder) => ['-I', join(source, folder)]);
    execFileSync('cc', [...includes, '-o', join(dir, name), join(dir, `${name}.c`)]);
    const numbers = execFileSync(join(dir, name), { encoding: 'utf8' }).trim().split('\n').map(Number);
    const type = libllama().types[name];
    expect([...fields.map((field) => koffi.offsetof(type, field)), type.size]).toEqual(numbers);
  });
});

test('numbers that stand for something stand for it in llama.h', ({ skip }) => {
  if (header === undefined) skip('the npm package node-llama-cpp could not be fetched');
  const value = (constant: string) =>
    Number(new RegExp(`${constant}\\s*=\\s*(-?\\d+)`).exec(header!)?.[1] ?? Number.NaN);
  expect(LOAD_MODE).toEqual({ read: value('LLAMA_LOAD_MODE_NONE'), mmap: value('LLAMA_LOAD_MODE_MMAP') });
  expect(header).toMatch(/LLAMA_TOKEN_ATTR_USER_DEFINED\s*=\s*1 << 4,/);
  expect([value('LLAMA_POOLING_TYPE_NONE'), value('LLAMA_POOLING_TYPE_MEAN')]).toEqual([0, 1]);
  expect([value('LLAMA_POOLING_TYPE_UNSPECIFIED'), value('LLAMA_POOLING_TYPE_RANK')]).toEqual([-1, 4]);
});
