import { Random } from '@lucie/ledger';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type JsonSchema, schemaToGbnf } from '../src/index.ts';
import { decimalsBetween, integersBetween } from '../src/json-schema/number-range.ts';
import { patternToGbnf } from '../src/json-schema/pattern-to-gbnf.ts';
import { Automaton, type State } from '../src/sampling/grammar/automaton.ts';
import { parseGbnf } from '../src/sampling/grammar/gbnf-parser.ts';
import { writeRandomly } from './byte-vocabulary.ts';
import { regexOf } from './grammar-regex.ts';
import { definitions, randomSchema } from './random-schema.ts';

/** What the formats mean, by other means than ours: dates through `Date`, the rest through wide expressions. */
const formats = {
  date: (text: string) => new Date(`${text}T00:00:00Z`).toISOString().startsWith(text),
  time: (text: string) => !Number.isNaN(Date.parse(`2020-01-01T${text}`)),
  'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  email: /^[^@\s.]+(\.[^@\s.]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  ipv4: (text: string) =>
    text.split('.').every((part) => String(Number(part)) === part && Number(part) < 256),
};

const ajv = new Ajv2020({ strict: false, validateSchema: false, formats: { ...formats, ab: true } });

/** The independent judge of what fits. */
function judge(schema: JsonSchema): (value: unknown) => boolean {
  return ajv.compile(schema as object);
}

function accepts(schema: JsonSchema): (text: string) => boolean {
  const automaton = new Automaton(parseGbnf(schemaToGbnf(schema)));
  return (text) => {
    let state: State | null = automaton.start;
    automaton.renew();
    for (const byte of Buffer.from(text)) state = state && automaton.step(state, byte);
    return state?.accepting ?? false;
  };
}

test('what a random model writes under a random schema fits it', () => {
  const random = new Random(2026);
  let ended = 0;
  let refused = 0;
  for (let round = 0; round < 300; round++) {
    const schema = { ...(randomSchema(random, 3) as object), $defs: definitions };
    let written: ReturnType<typeof writeRandomly>;
    try {
      written = writeRandomly({ schema }, round, { most: 400 });
    } catch (error) {
      // Random parts may contradict each other.
      expect(error).toMatchObject({ code: 'SCHEMA_UNSUPPORTED' });
      refused++;
      continue;
    }
    if (!written.ended) continue;
    ended++;
    const value: unknown = JSON.parse(written.text);
    expect(judge(schema)(value), `${JSON.stringify(schema)}\n${written.text}`).toBe(true);
  }
  expect(refused).toBeLessThan(30);
  expect(ended).toBeGreaterThan(200);
});

describe('numbers', () => {
  test('integers between all small bounds, one by one', () => {
    for (let least = -25; least <= 25; least++) {
      for (let most = least; most <= 25; most++) {
        const regex = regexOf(integersBetween(BigInt(least), BigInt(most))!);
        for (let value = -30; value <= 30; value++) {
          expect(regex.test(String(value)), `${value} in ${least}..${most}`).toBe(
            value >= least && value <= most,
          );
        }
      }
    }
    expect(integersBetween(3n, 2n)).toBeUndefined();
  });

  test('large ranges at their ends', () => {
    const random = new Random(4);
    for (let round = 0; round < 200; round++) {
      const ends = [0, 0].map(() => BigInt(Math.trunc(random.normal() * 10 ** random.below(15))));
      const [least, most] = ends.sort((a, b) => (a < b ? -1 : 1)) as [bigint, bigint];
      const regex = regexOf(integersBetween(least, most)!);
      const near = [least, most, 0n, 9n, 10n, 999n, 1000n].flatMap((end) => [end - 1n, end, end + 1n]);
      for (const value of [...near, least - 10n, most + 10n, most * 10n, -most]) {
        expect(regex.test(String(value)), `${value} in ${least}..${most}`).toBe(
          value >= least && value <= most,
        );
      }
      for (const odd of ['-0', '00', '', '-', '+1', '1.0', `0${most}`]) expect(regex.test(odd)).toBe(false);
    }
  });

  test('decimals keep to bounds with and without the ends', () => {
    const random = new Random(12);
    for (let round = 0; round < 300; round++) {
      const digits = random.below(5);
      const value = () => Number((random.normal() * 10 ** (random.below(4) - 1)).toFixed(digits));
      const [from, to] = [value(), value()].sort((a, b) => a - b) as [number, number];
      const exclusive = random.below(2) === 1;
      const gbnf = decimalsBetween({ value: from, exclusive }, { value: to, exclusive });
      const fits = (x: number) => (exclusive ? x > from && x < to : x >= from && x <= to);
      const texts = [from, to, (from + to) / 2, 0].flatMap((x) =>
        [0, 1e-4, -1e-4, 0.1, -0.1, 1, -1, 10].flatMap((step) => [
          (x + step).toFixed(digits),
          (x + step).toFixed(digits + 2),
          String(Math.trunc(x + step)),
        ]),
      );
      if (gbnf === undefined) {
        expect(exclusive && from === to).toBe(true);
        continue;
      }
      const regex = regexOf(gbnf);
      for (const text of texts) {
        if (Object.is(Number(text), -0)) continue;
        expect(regex.test(text), `${text} in ${from}..${to} ${exclusive}`).toBe(fits(Number(text)));
      }
    }
  });

  test.each([
    [
      { type: 'number', minimum: 1e-7, maximum: 2.5e-7 },
      ['0.00000015', '0.0000001'],
      ['0', '0.0000003', '1e-7'],
    ],
    [{ type: 'number', minimum: 1e14 }, ['100000000000000', '999999999999999'], ['99999999999999', '-1']],
    [{ type: 'number', maximum: 1e21, minimum: 0 }, ['999999999999999', '0', '0.5'], ['-1']],
    [{ type: 'number' }, ['-0', '1.5e-3', '12E+5'], ['01', '.5', '1.', '+1', '1e400', 'NaN']],
    [{ type: 'integer' }, ['9007199254740991', '-9007199254740991', '0'], ['9007199254740992', '1.0', '-0']],
    [{ type: 'integer', minimum: 0.5, maximum: 2.5 }, ['1', '2'], ['0', '3']],
    [
      { type: 'integer', exclusiveMinimum: Number.MIN_SAFE_INTEGER, exclusiveMaximum: 2 ** 53 - 1 },
      ['-9007199254740990', '9007199254740990'],
      ['-9007199254740991', '9007199254740991'],
    ],
    [
      { type: 'integer', exclusiveMinimum: 1, minimum: 0, exclusiveMaximum: 3, maximum: 9 },
      ['2'],
      ['1', '3'],
    ],
    [{ type: 'integer', multipleOf: 7 }, ['0', '7', '-14', '1001'], ['1', '-0', '07', '8']],
    [{ type: 'integer', multipleOf: 7, minimum: -15, maximum: 15 }, ['-14', '0', '14'], ['-21', '21', '1']],
  ] as [JsonSchema, string[], string[]][])('%j', (schema, yes, no) => {
    const fits = accepts(schema);
    for (const text of yes) expect(fits(text), text).toBe(true);
    for (const text of no) expect(fits(text), text).toBe(false);
  });
});

describe('what fits and what does not', () => {
  const person = {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    required: ['name'],
  };
  test.each([
    [true, ['{"a": [1, null]}', '"x"', '[]', '-1.5e3'], ['', '{', '{"a"}', '[1,]', "'a'"]],
    [
      { type: 'object' },
      ['{}', '{"a":{"b":1}}', '{\n  "a": 1\n}'],
      ['[]', '{"a":1,}', `{${' '.repeat(30)}}`],
    ],
    [
      person,
      ['{"name":"a"}', '{"name": "a", "age": 3}'],
      ['{}', '{"age":3}', '{"name":"a","x":1}', '{"name":1}'],
    ],
    [{ ...person, additionalProperties: true }, ['{"name":"a","x":1}'], ['{"name":"a","name":1}', '{"x":1}']],
    [
      { ...person, additionalProperties: { type: 'null' } },
      ['{"name":"a","age":1,"nam":null,"names":null}'],
      ['{"name":"a","age":null}', '{"name":"a","x":1}', '{"name":"a","\\u0061ge":null}'],
    ],
    [{ required: ['a'] }, ['{"a":1}', '{"a":1,"b":2}'], ['{}', '{"b":1}', '1']],
    [
      { type: 'string' },
      ['"é\\n\\u00e9🙂"', '""', '"\\ud7ff"'],
      ['"\n"', '"\\x"', '"\\ud83d"', '"a', '"\\"'],
    ],
    [
      { type: 'string', minLength: 2, maxLength: 3 },
      ['"ab"', '"🙂🙂🙂"', '"\\n\\t"'],
      ['"a"', '"abcd"', '"🙂"'],
    ],
    [{ type: 'array', maxItems: 0 }, ['[]', '[ ]'], ['[1]']],
    [{ type: 'array', minItems: 2, items: { type: 'null' } }, ['[null, null]'], ['[null]', '[]', '[null,1]']],
    [{ prefixItems: [{ const: 1 }, { const: 2 }] }, ['[]', '[1]', '[1,2]'], ['[2]', '[1,2,3]']],
    [{ enum: ['a', 1], type: 'string' }, ['"a"'], ['1', '"b"']],
    [{ const: { a: 'é' } }, ['{"a":"é"}'], ['{"a":"e"}']],
    [{ enum: [1, 'é🙂', 5, 'abc', null], minimum: 2, maxLength: 2 }, ['5', '"é🙂"', 'null'], ['1', '"abc"']],
    [{ enum: [1, 2, 3], exclusiveMinimum: 1, exclusiveMaximum: 3 }, ['2'], ['1', '3']],
    [{ anyOf: [{ type: 'integer', minimum: 3, maximum: 2 }, { type: 'null' }] }, ['null'], ['3']],
    [{ type: ['integer', 'null'], minimum: 3, maximum: 2 }, ['null'], ['3']],
    [
      { propertyNames: { type: 'string' }, additionalProperties: { type: 'null' } },
      ['{"a":null}'],
      ['{"a":1}'],
    ],
    [{ type: 'string', example: 'b', 'x-order': 1, const: 'a', contentEncoding: 'none' }, ['"a"'], ['"b"']],
    [{ type: 'string', format: 'date', pattern: '^2024-0[1-9]-1\\d$' }, ['"2024-01-10"'], ['"2023-01-10"']],
    [{ type: 'string', pattern: '^[a-z\\]]+$', maxLength: 3 }, ['"a"', '"ab]"'], ['""', '"abcd"', '"A"']],
    [{ type: 'string', pattern: '^\\d{2}$', minLength: 1, maxLength: 9 }, ['"12"'], ['"1"', '"123"']],
    [{ type: 'string', pattern: '^.*$', minLength: 2 }, ['"ab"', '"🙂🙂"'], ['"a"', '"🙂"']],
    [{ type: 'string', pattern: '^\\w?$', minLength: 1 }, ['"a"'], ['""', '"ab"']],
    [{ type: 'string', format: 'ab', pattern: '^ab.*' }, ['"abc"'], ['"b"']],
    [
      {
        $ref: '#/$defs/node',
        $defs: { node: { type: 'object', properties: { next: { allOf: [{ $ref: '#/$defs/node' }] } } } },
      },
      ['{}', '{"next":{"next":{}}}'],
      ['{"next":1}'],
    ],
    [
      { type: 'object', properties: { next: { type: 'object', $ref: '#' }, last: { const: 1 } } },
      ['{"next":{"next":{"last":1}}}'],
      ['{"next":1}', '{"next":{"last":2}}'],
    ],
    [
      {
        type: 'array',
        items: { anyOf: [{ $ref: '#' }, { minimum: 3, maximum: 2 }], maxItems: 1, type: 'array' },
      },
      ['[[]]', '[[[[]]]]'],
      ['[[[],[]]]', '[1]'],
    ],
    [
      { type: 'string', format: 'date' },
      ['"2024-02-28"', '"1999-12-31"'],
      ['"2023-02-30"', '"2023-04-31"', '"2023-13-01"'],
    ],
    [
      { anyOf: [{ type: 'integer' }, { type: 'null' }], maximum: 5, type: ['integer', 'null'] },
      ['5', 'null'],
      ['6'],
    ],
    [
      { $ref: '#/$defs/list', $defs: { list: { type: 'array', items: { $ref: '#/$defs/list' } } } },
      ['[]', '[[],[[]]]'],
      ['[1]', '[[]'],
    ],
    [{ type: 'array', items: { $ref: '#' }, maxItems: 1 }, ['[[[]]]'], ['[[],[]]']],
    [{ type: 'object', properties: { 'a/b~': { $ref: '#/properties/a~1b~0/x' } }, $defs: {} }, [], []],
  ] as [JsonSchema, string[], string[]][])('%j', (schema, yes, no) => {
    if (yes.length === 0) {
      expect(() => schemaToGbnf(schema)).toThrow(expect.objectContaining({ code: 'SCHEMA_UNSUPPORTED' }));
      return;
    }
    const fits = accepts(schema);
    const valid = judge(schema);
    for (const text of yes) {
      expect(fits(text), text).toBe(true);
      expect(valid(JSON.parse(text))).toBe(true);
    }
    for (const text of no) expect(fits(text), text).toBe(false);
  });
});

test('what zod writes of its own checks', () => {
  for (const [type, yes, no] of [
    [z.email(), 'ada@example.org', 'ada@'],
    [z.uuid(), '123e4567-e89b-12d3-a456-426614174000', '123e4567'],
    [z.iso.datetime(), '2024-02-29T10:00:00Z', '2023-02-29T10:00:00Z'],
    [z.iso.date(), '2024-02-29', '2023-02-29'],
    [z.ipv4(), '10.0.0.255', '10.0.0.256'],
    [z.url(), 'https://example.org/a', 'example'],
    [z.string().startsWith('ab'), 'abc', 'b'],
    [z.record(z.string(), z.int()), { a: 1 }, { a: 'b' }],
  ] as const) {
    const fits = accepts(z.toJSONSchema(type) as JsonSchema);
    for (const [value, expected] of [[yes, true] as const, [no, false] as const]) {
      expect(type.safeParse(value).success).toBe(expected);
      expect(fits(JSON.stringify(value)), JSON.stringify(value)).toBe(expected);
    }
  }
});

test.each([
  ['hostname', ['a', 'a-b.example'], ['-a', 'a..b']],
  ['ipv6', ['1:2:3:4:5:6:7:ffff'], ['1:2:3', '1:2:3:4:5:6:7:fffff']],
  ['uri', ['http://a.b/c', 'https://a'], ['a/b', 'ftp:']],
  ['duration', ['P1D', 'P1Y2M3D', 'PT5M', 'P2W', 'P1M2DT3H4M5S'], ['P', 'PT', 'P1Y3D', '1D', 'P1DT']],
])('format %s', (format, yes, no) => {
  const fits = accepts({ type: 'string', format });
  for (const text of yes) expect(fits(JSON.stringify(text)), text).toBe(true);
  for (const text of no) expect(fits(JSON.stringify(text)), text).toBe(false);
});

test('thousands of branches are told apart by looking at each once, and refused where that does not do', () => {
  const required = Array.from({ length: 20 }, (_, i) => `p${i}`);
  const shape = (kind: unknown, place: number) => ({
    type: 'object',
    required,
    properties: Object.fromEntries(required.map((name, i) => [name, { const: i === place ? kind : 0 }])),
  });
  const refused = expect.objectContaining({ message: expect.stringContaining('too many branches') });
  const many = Array.from({ length: 2000 }, (_, i) => i);
  const comparisons: string[] = [];
  const counted = (kind: number) => ({
    toJSON: () => {
      comparisons.push(`${kind}`);
      return kind;
    },
  });
  const constants = many.map((kind) => ({ const: counted(kind) }));
  expect(() => schemaToGbnf({ oneOf: constants })).not.toThrow();
  // Once to be told apart, once to be written.
  expect(comparisons.length).toBe(2 * many.length);
  expect(() => schemaToGbnf({ oneOf: many.slice(0, 100).map((kind) => shape(kind, 19)) })).not.toThrow();
  const pairs = many.map((kind) => shape(kind % 1000, kind < 1000 ? 3 : 4));
  expect(() => schemaToGbnf({ oneOf: [...pairs, { type: 'null' }] })).toThrow(refused);
});

test('patterns find what ECMAScript finds', () => {
  const random = new Random(21);
  const alphabet = ['a', 'b', 'Z', '0', '9', ' ', '_', '"', '\\', '\n', 'é', '-', '🙂', '.'];
  for (const pattern of [
    '^[a-z]+$',
    'ab',
    '^a|b$',
    '^(?:a|b){2,3}$',
    '^\\w\\W?\\d*$',
    '^[^"\\\\]*$',
    '^.{1,2}$',
    '^\\.$|^-$',
    '[\\s\\-]',
    '^\\u00e9\\x61?$',
    '^[a-z\\d]*?9$',
    '^(?<name>a)?\\u{1F642}$',
    '^$',
    '',
    '"',
  ]) {
    const body = patternToGbnf(pattern);
    const automaton = new Automaton(parseGbnf(`root ::= "\\"" (${body}) "\\""`));
    const regex = new RegExp(pattern, 'u');
    for (let round = 0; round < 120; round++) {
      const text = Array.from(
        { length: random.below(5) },
        () => alphabet[random.below(alphabet.length)],
      ).join('');
      let state: State | null = automaton.start;
      for (const byte of Buffer.from(JSON.stringify(text))) state = state && automaton.step(state, byte);
      expect(state?.accepting ?? false, `${pattern} ${JSON.stringify(text)}`).toBe(regex.test(text));
    }
  }
});

test.each([
  [{ type: 'string', pattern: '(?=a)' }, '/pattern'],
  [{ type: 'string', pattern: 'a\\b' }, '/pattern'],
  [{ type: 'string', pattern: '(a)\\1' }, '/pattern'],
  [{ type: 'string', pattern: 'a^b' }, '/pattern'],
  [{ type: 'string', pattern: '(' }, '/pattern'],
  [{ type: 'string', pattern: 'a', maxLength: 3 }, 'together'],
  [{ type: 'string', pattern: '^a{4}$', maxLength: 3 }, 'together'],
  [{ type: 'string', pattern: '^[a]{4}$', maxLength: 3 }, 'together'],
  [{ type: 'string', format: 'date', maxLength: 3 }, 'together'],
  [{ type: 'string', format: 'iri' }, '/format'],
  [{ type: 'array', uniqueItems: true }, '/uniqueItems'],
  [{ type: 'array', contains: {} }, 'contains'],
  [{ type: 'array', minItems: 3, maxItems: 2 }, 'minItems'],
  [{ oneOf: [{ const: { a: 1, b: 2 } }, { const: { b: 2, a: 1 } }] }, 'branches 0 and 1'],
  [{ oneOf: [{ const: 0 }, { const: -0 }] }, 'branches 0 and 1'],
  [{ type: 'integer', minimum: 2 ** 53 }, 'within ±(2^53 − 1)'],
  [{ type: 'number', minimum: 1e15 }, '15 digits'],
  [{ type: 'array', items: [{}] }, '/items'],
  [{ type: 'object', patternProperties: {} }, 'patternProperties'],
  [{ properties: { a: { type: 'object', properties: { b: { not: {} } } } } }, '/properties/a/properties/b'],
  [{ type: 'object', minProperties: 2 }, 'minProperties'],
  [{ required: ['a', 'b'], maxProperties: 1 }, 'maxProperties'],
  [{ type: 'integer', minimum: 5, maximum: 4 }, 'bounds'],
  [{ type: 'number', exclusiveMinimum: 1, maximum: 1 }, 'bounds'],
  [{ type: 'number', multipleOf: 0.1 }, '/multipleOf'],
  [{ type: 'integer', multipleOf: 1234 }, '/multipleOf'],
  [{ type: 'integer', minimum: '1' }, '/minimum'],
  [{ type: 'text' }, '/type'],
  [{ enum: [] }, 'no value'],
  [{ const: 1, type: 'string' }, 'no value'],
  [{ enum: [1, 2], maximum: 0 }, 'no value'],
  [{ enum: ['a'], pattern: 'a' }, 'pattern beside enum'],
  [{ propertyNames: { pattern: 'a' } }, 'propertyNames'],
  [{ if: {} }, 'keyword if'],
  [{ $ref: 'http://example.org/x' }, '$ref'],
  [{ $ref: '#/$defs/none' }, '$ref'],
  [{ $ref: '#/constructor' }, '$ref'],
  [{ oneOf: [{ type: 'integer' }, { type: 'number' }] }, 'oneOf'],
  [{ oneOf: [{ type: 'object', properties: { a: { const: 1 } } }, { type: 'object' }] }, 'oneOf'],
  [{ allOf: [{ type: 'string' }, { type: 'null' }] }, 'no value fits'],
  [{ allOf: [{ pattern: 'a' }, { pattern: 'b' }] }, 'pattern'],
  [{ allOf: [{ $ref: '#' }], type: 'null' }, 'refers to itself'],
  [{ anyOf: [] }, 'anyOf'],
  [false, 'false'],
  ['x' as unknown as JsonSchema, '"x"'],
] as [JsonSchema, string][])('%j is refused', (schema, reason) => {
  expect(() => schemaToGbnf(schema)).toThrow(expect.objectContaining({ code: 'SCHEMA_UNSUPPORTED' }));
  expect(() => schemaToGbnf(schema)).toThrow(reason);
});

test('a schema that means itself, or is endlessly deep, is refused and not followed', () => {
  const itself = { anyOf: [{ $ref: '#' }, { type: 'null' }] };
  expect(() => writeRandomly({ schema: itself }, 1)).toThrow(
    expect.objectContaining({ code: 'SCHEMA_UNSUPPORTED' }),
  );
  for (const depth of [5000, 200_000]) {
    let deep: JsonSchema = {};
    for (let i = 0; i < depth; i++) deep = { type: 'array', items: deep };
    const refused = expect.objectContaining({ code: 'SCHEMA_UNSUPPORTED' });
    expect(() => schemaToGbnf(deep)).toThrow(refused);
    expect(() => writeRandomly({ schema: deep }, 1)).toThrow(refused);
  }
  const doubling = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => {
      const next = { $ref: `#/$defs/d${i + 1}` };
      return [`d${i}`, { type: 'null', anyOf: [next, next] }];
    }),
  );
  let tower: JsonSchema = {};
  for (let i = 0; i < 12; i++) {
    const branches = Array.from({ length: 40 }, (_, j) => ({ required: [`r${j}`] }));
    tower = { properties: { x: tower }, anyOf: branches };
  }
  for (const costly of [
    { $ref: '#/$defs/d0', $defs: { ...doubling, d30: false } },
    tower,
    { type: 'string', pattern: `${'('.repeat(2000)}${')'.repeat(2000)}` },
    { properties: { ['x'.repeat(20_000)]: {} }, additionalProperties: true },
  ]) {
    expect(() => schemaToGbnf(costly)).toThrow(expect.objectContaining({ code: 'SCHEMA_UNSUPPORTED' }));
  }
  const wide = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, { $ref: '#' }]));
  expect(() => schemaToGbnf({ properties: wide })).not.toThrow();
});

test('many numbers of the same kind are one rule', () => {
  const properties = Object.fromEntries(
    Array.from({ length: 400 }, (_, i) => [`k${i}`, { type: 'integer' }]),
  );
  expect(schemaToGbnf({ properties }).length).toBeLessThan(100_000);
  expect(() => accepts({ properties })).not.toThrow();
});

test('a place deep inside is named in short', () => {
  let deep: JsonSchema = { not: {} };
  for (let i = 0; i < 100; i++) deep = { properties: { inside: deep } };
  expect(() => schemaToGbnf(deep)).toThrow(/^.{0,700}…[a-z/]+inside of the JSON schema/);
});

test('alternatives that a required constant tells apart may stand in oneOf', () => {
  const shape = (kind: string) => ({
    type: 'object',
    properties: { kind: { const: kind }, size: { type: 'integer', minimum: 1, maximum: 9 } },
    required: ['kind', 'size'],
  });
  const schema = { oneOf: [shape('circle'), shape('square')] };
  const fits = accepts(schema);
  expect(fits('{"kind":"circle","size":3}')).toBe(true);
  expect(fits('{"kind":"other","size":3}')).toBe(false);
  expect(judge(schema)({ kind: 'square', size: 1 })).toBe(true);
});

test('schemas with anything in any place: a grammar, or SCHEMA_UNSUPPORTED', () => {
  const random = new Random(99);
  const words = [
    ...[
      'type',
      'enum',
      'const',
      'anyOf',
      'oneOf',
      'allOf',
      '$ref',
      'properties',
      'required',
      'items',
      'title',
    ],
    ...['additionalProperties', 'minProperties', 'maxProperties', 'prefixItems', 'minItems', 'maxItems'],
    ...[
      'uniqueItems',
      'minLength',
      'maxLength',
      'pattern',
      'format',
      'minimum',
      'exclusiveMaximum',
      'multipleOf',
    ],
  ];
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)]!;
  const anything = (depth: number): unknown => {
    const kind = random.below(depth > 0 ? 10 : 5);
    if (kind < 3) return pick<unknown>([0, 1, -1.5, 2e9, null, true, false, '', 'object', 'a+', 'date']);
    if (kind < 5)
      return pick<unknown>(['#', '#/a', '#/%', '#/anyOf/0', 'string', 'integer', 7, 'array', ['a', 'a']]);
    if (kind < 7) return Array.from({ length: random.below(3) }, () => anything(depth - 1));
    return Object.fromEntries(
      Array.from({ length: 1 + random.below(3) }, () => [pick(words), anything(depth - 1)]),
    );
  };
  let written = 0;
  for (let round = 0; round < 3000; round++) {
    const schema = Object.fromEntries(
      Array.from({ length: 1 + random.below(3) }, () => [pick(words), anything(3)]),
    );
    try {
      parseGbnf(schemaToGbnf(schema as JsonSchema));
      written++;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      // A schema that means itself becomes a grammar that does.
      if (code === 'GRAMMAR_INVALID') expect(message).toMatch(/begin with itself|no finite text/);
      else expect(code, `${JSON.stringify(schema)} ${message}`).toBe('SCHEMA_UNSUPPORTED');
    }
  }
  expect(written).toBeGreaterThan(120);
});
