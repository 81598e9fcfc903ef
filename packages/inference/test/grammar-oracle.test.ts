import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import koffi from 'koffi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { byteToken, CONTROLS, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { Engine, schemaToGbnf } from '../src/index.ts';
import { findLibllama, libllama, type Pointer } from '../src/native/libllama.ts';
import { Vocabulary } from '../src/native/vocabulary.ts';
import { GrammarConstraint } from '../src/sampling/grammar/grammar-constraint.ts';

let dir: string;
let path: string;
let model: Pointer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-grammar-'));
  path = await writeTinyGguf(dir);
  const lib = libllama();
  model = lib.model_load_from_file(path, { ...lib.model_default_params(), vocab_only: true });
});

afterAll(async () => {
  libllama().model_free(model);
  await rm(dir, { recursive: true });
});

/** llama.cpp's own reading of a grammar. The structures are `llama_token_data` and its array of `llama.h`. */
function nativeGrammar(gbnf: string, vocab: Pointer, size: number) {
  const llama = koffi.load(join(findLibllama().dir, 'libllama.v0.5.0.so'));
  const grammar = llama.func('void *llama_sampler_init_grammar(void *, str, str)')(vocab, gbnf, 'root');
  const apply = llama.func('void llama_sampler_apply(void *, void *)');
  const accept = llama.func('void llama_sampler_accept(void *, int)');
  const free = llama.func('void llama_sampler_free(void *)');
  const data = Buffer.alloc(12 * size);
  const array = Buffer.alloc(32);
  array.writeBigUInt64LE(BigInt(koffi.address(data)), 0);
  return {
    grammar,
    admitted(): number[] {
      for (let id = 0; id < size; id++) {
        data.writeInt32LE(id, 12 * id);
        data.writeFloatLE(0, 12 * id + 4);
      }
      array.writeBigUInt64LE(BigInt(size), 8);
      array.writeBigInt64LE(-1n, 16);
      apply(grammar, array);
      return Array.from({ length: size }, (_, id) => id).filter((id) => data.readFloatLE(12 * id + 4) === 0);
    },
    accept: (token: number) => accept(grammar, token),
    [Symbol.dispose]: () => free(grammar),
  };
}

const person = {
  type: 'object',
  properties: { nom: { type: 'string', maxLength: 4 }, age: { type: 'integer', minimum: -5, maximum: 120 } },
  required: ['age'],
  additionalProperties: { type: 'number', minimum: 0.25, maximum: 3 },
};

test.each([
  'root ::= "es" | [a-f]+ " la" ("on" | x){0,3}\nx ::= "\\n"? "\\t"*',
  'root ::= "(" root ")" | "é" | ""',
  'root ::= [^aeiou"]{2,9} ("." | "!")',
  'root ::= ((("a" | "b"){2} "c"?){1,2} | .{3}) # end',
  schemaToGbnf(person),
  schemaToGbnf({
    type: 'array',
    items: { anyOf: [{ type: 'string' }, { type: 'null' }, { multipleOf: 7 }] },
  }),
  schemaToGbnf(true),
])('llama.cpp admits the same tokens: %#', (gbnf) => {
  const lib = libllama();
  const vocabulary = new Vocabulary(lib, lib.model_get_vocab(model));
  const random = new Random(31);
  for (let round = 0; round < 6; round++) {
    using theirs = nativeGrammar(gbnf, lib.model_get_vocab(model), vocabulary.size);
    expect(theirs.grammar).not.toBeNull();
    const ours = new GrammarConstraint({ gbnf }, vocabulary);
    for (let step = 0; step < 40; step++) {
      const native = new Set(theirs.admitted());
      // The byte 0 ends a text for them.
      const admitted = [...ours.admitted()].filter((token) => token !== byteToken(0));
      // They take what bytes of a character come for right, and the names of control tokens for text: we do not.
      expect(admitted.filter((token) => !native.has(token))).toEqual([]);
      const whole = (token: number) =>
        token >= CONTROLS.length || vocabulary.stopIds.has(token)
          ? vocabulary.bytes(token).every((byte) => byte < 0x80)
          : false;
      expect(admitted.filter(whole)).toEqual([...native].filter(whole));
      const going = admitted.filter((token) => !vocabulary.stopIds.has(token));
      if (going.length === 0) break;
      const token = going[random.below(going.length)]!;
      theirs.accept(token);
      expect(ours.accept(token)).toBe(true);
    }
  }
});

test('through the engine: what a random model answers fits the schema', async () => {
  await using engine = await Engine.load(path, { threads: 1, sequences: 2 });
  // A random model does not come to an end by itself: a length does.
  const schema = {
    type: 'array',
    items: { enum: ['oui', 'non', 12, null] },
    minItems: 3,
    maxItems: 4,
  };
  const texts = await Promise.all(
    [1, 2, 3].map((seed) =>
      engine.generate({ prompt: 'es', seed, temperature: 1.5, maxTokens: 120, grammar: { schema } }).text(),
    ),
  );
  for (const text of texts) {
    const value: unknown = JSON.parse(text);
    expect(value).toSatisfy((list: unknown[]) => list.length >= 3 && list.length <= 4);
    for (const item of value as unknown[]) expect(schema.items.enum).toContain(item);
  }
});
