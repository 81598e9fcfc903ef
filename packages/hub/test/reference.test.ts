import { describe, expect, test } from 'vitest';
import { chooseGguf, modelReferenceText, parseModelReference, readModelReference } from '../src/index.ts';
import { licenceOfCard } from '../src/models/licence-of-card.ts';

describe('references', () => {
  test.each([
    ['a/b', { repo: 'a/b', revision: 'main' }],
    ['hf:a/b', { repo: 'a/b', revision: 'main' }],
    ['a/b-1.1_x:Q4_K_M', { repo: 'a/b-1.1_x', quantization: 'Q4_K_M', revision: 'main' }],
    ['a/b:x/y é.gguf', { repo: 'a/b', file: 'x/y é.gguf', revision: 'main' }],
    ['a/b:Q8_0@v1.1', { repo: 'a/b', quantization: 'Q8_0', revision: 'v1.1' }],
    ['a/b@refs/pr/3', { repo: 'a/b', revision: 'refs/pr/3' }],
  ])('%s', (text, reference) => {
    expect(readModelReference(text)).toEqual(reference);
    expect(modelReferenceText(parseModelReference(text))).toBe(text.replace('hf:', ''));
  });

  test.each([
    'a',
    'a/b/c',
    '/a/b',
    './a/b',
    '../b',
    'a/..',
    'a/b..c',
    'a/b:../x.gguf',
    'a/b:/x.gguf',
    'a/b:x.bin',
    'a/b:',
    'a/b@',
    'a/b@../../x',
    'models/x.gguf',
    'a b/c',
    '',
  ])('%j is none', (text) => {
    expect(readModelReference(text)).toBeUndefined();
    expect(() => parseModelReference(text)).toThrow(expect.objectContaining({ code: 'MODEL_REFERENCE' }));
  });
});

describe('the file that is meant', () => {
  const choose = (ref: string, ...paths: string[]) =>
    chooseGguf(
      parseModelReference(ref),
      paths.map((path) => ({ path })),
    ).map(({ path }) => path);
  const many = ['m-F16.gguf', 'm-Q4_K_M.gguf', 'm-Q4_K_S.gguf', 'm-Q8_0.gguf', 'README.md'];

  test.each([
    ['a/b', many, ['m-Q4_K_M.gguf']],
    ['a/b', ['m.F16.gguf', 'm.Q8_0.gguf'], ['m.Q8_0.gguf']],
    ['a/b', ['m.F16.gguf', 'mmproj-Q4_K_M.gguf'], ['m.F16.gguf']],
    ['a/b:mmproj-Q4_K_M.gguf', ['m.F16.gguf', 'mmproj-Q4_K_M.gguf'], ['mmproj-Q4_K_M.gguf']],
    ['a/b:q4_k_s', many, ['m-Q4_K_S.gguf']],
    ['a/b:Q4_K_M', ['m-UD-Q4_K_M.gguf', 'm-Q4_K_M.gguf', 'm-IQ4_K_M.gguf'], ['m-Q4_K_M.gguf']],
    ['a/b:m-F16.gguf', many, ['m-F16.gguf']],
    [
      'a/b:BF16',
      ['BF16/m-00002-of-00002.gguf', 'BF16/m-00001-of-00002.gguf', 'm-Q8_0.gguf'],
      ['BF16/m-00001-of-00002.gguf', 'BF16/m-00002-of-00002.gguf'],
    ],
    [
      'a/b:m-00002-of-00002.gguf',
      ['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf'],
      ['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf'],
    ],
    ['a/b', ['m-00001-of-00001.gguf'], ['m-00001-of-00001.gguf']],
  ])('%s of %j', (ref, paths, chosen) => {
    expect(choose(ref, ...paths)).toEqual(chosen);
    expect(choose(ref, ...[...paths].reverse())).toEqual(chosen);
  });

  test.each([
    ['a/b:Q4_K', many, 'HUB_NO_GGUF'],
    ['a/b:K_M', ['m-Q4.gguf'], 'HUB_NO_GGUF'],
    ['a/b:other.gguf', many, 'HUB_NO_GGUF'],
    ['a/b', ['x.safetensors'], 'HUB_NO_GGUF'],
    ['a/b', ['m-F16.gguf', 'm-F32.gguf'], 'MODEL_AMBIGUOUS'],
    ['a/b:F16', ['x-F16.gguf', 'y-F16.gguf'], 'MODEL_AMBIGUOUS'],
    ['a/b', ['x-Q8_0.gguf', 'x-instruct-Q8_0.gguf'], 'MODEL_AMBIGUOUS'],
    ['a/b:Q8_0', ['long-Q8_0.gguf', 'y-Q8_0.gguf'], 'MODEL_AMBIGUOUS'],
    ['a/b', ['m-00001-of-00003.gguf', 'm-00003-of-00003.gguf'], 'HUB_NO_GGUF'],
    ['a/b', ['m-00001-of-00002.gguf', 'm-00001-of-00003.gguf'], 'MODEL_AMBIGUOUS'],
  ])('%s of %j: %s', (ref, paths, code) => {
    expect(() => choose(ref, ...paths)).toThrow(expect.objectContaining({ code }));
  });
});

test.each([
  ['---\nlicense: mit\n---\n', 'mit'],
  ['---\r\nlicense: "apache-2.0"\r\n---\r\n# x', 'apache-2.0'],
  ['---\nlicense: other\nlicense_name: llama3.1\nlicense_link: LICENSE\n---\n', 'other · llama3.1 · LICENSE'],
  ['---\nlicense:\n- mit\n- cc-by-4.0\ntags:\n- fr\n---\n', 'mit, cc-by-4.0'],
  ['---\n# license: mit\nlicense: "a # b" # see below\n---\n', 'a # b'],
  ['---\nlicense: # two\n- mit # first\n- cc-by-4.0\n---\n', 'mit, cc-by-4.0'],
  ["---\nlicense: other # x\nlicense_name: l'autre#1\n---\n", "other · l'autre#1"],
  ['---\nlicense: [mit, apache-2.0]\n---\n', 'mit, apache-2.0'],
  ['---\nlanguage: fr\n---\nlicense: mit\n', null],
  ['# Un modèle\nlicense: mit', null],
  ['', null],
])('the licence of the card %j', (text, licence) => {
  expect(licenceOfCard(text)).toBe(licence);
});
