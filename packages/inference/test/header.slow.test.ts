import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { layouts } from '../src/native/layouts.ts';

const dir = mkdtempSync(join(tmpdir(), 'lucie-header-'));

/** `llama.h` out of the git bundle in the npm package `node-llama-cpp`; undefined without a registry or git. */
const header = (() => {
  try {
    execFileSync('npm', ['pack', 'node-llama-cpp@3.22.1', '--silent'], { cwd: dir, stdio: 'ignore' });
    execFileSync('tar', ['xf', 'node-llama-cpp-3.22.1.tgz', 'package/llama/gitRelease.bundle'], { cwd: dir });
    execFileSync('git', ['clone', '--quiet', 'package/llama/gitRelease.bundle', 'source'], {
      cwd: dir,
      stdio: 'ignore',
    });
    return readFileSync(join(dir, 'source/include/llama.h'), 'utf8');
  } catch {
    return undefined;
  }
})();

afterAll(() => rmSync(dir, { recursive: true }));

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

test('fields have the names, order and types of llama.h', ({ skip }) => {
  if (header === undefined) skip('the npm package node-llama-cpp could not be fetched');
  const layout = layouts.get('3.22.1')!;
  expect(Object.entries(layout.modelParams)).toEqual(fieldsOf('llama_model_params'));
  expect(Object.entries(layout.contextParams)).toEqual(fieldsOf('llama_context_params'));
  expect(Object.entries(layout.batch)).toEqual(fieldsOf('llama_batch'));
  expect(Object.entries(layout.quantizeParams)).toEqual(fieldsOf('llama_model_quantize_params'));
});
