import type { Random } from '@lucie/ledger';
import type { JsonSchema } from '../src/index.ts';

const NAMES = ['a', 'ab', 'abc', 'âge', 'x y', 'quo"te', 'b\\s', '', '🙂'];
const PATTERNS = ['^[a-c]{2,4}$', '^(ja|nein)+$', '\\d', '^a.?$|^b', '^["\\\\]{1,2}x*$', '^[^a-z\\s]\\w?$'];
const FORMATS = ['date', 'time', 'date-time', 'uuid', 'email', 'ipv4'];

/** A schema of all that is honoured, of so many levels. References go to `#/$defs/leaf` and `#/$defs/tree`. */
export function randomSchema(random: Random, depth: number): JsonSchema {
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)]!;
  const maybe = (word: string, value: unknown) => (random.below(2) ? { [word]: value } : {});
  const inner = () => randomSchema(random, depth - 1);
  const leaves: (() => JsonSchema)[] = [
    () => ({ type: pick(['boolean', 'null', 'string', 'number', 'integer']) }),
    () => integer(random),
    () => number(random),
    () => {
      const least = random.below(4);
      return { type: 'string', ...maybe('minLength', least), ...maybe('maxLength', least + random.below(5)) };
    },
    () => ({ type: 'string', pattern: pick(PATTERNS) }),
    () => ({ type: 'string', format: pick(FORMATS) }),
    () => ({ enum: [1, -2.5, 'deux', null, [1, 'a'], { b: true }, 'a"\n'].slice(random.below(6)) }),
    () => ({ const: pick([0, 'é"', false, { a: [] }]), description: 'only this' }),
    () => ({ type: ['integer', 'null', 'string'], minimum: -3, maximum: 12 + random.below(200) }),
    () => ({ $ref: '#/$defs/leaf' }),
  ];
  const nodes: (() => JsonSchema)[] = [
    () => object(random, inner),
    () => object(random, inner),
    () => array(random, inner),
    () => ({ anyOf: [inner(), inner()] }),
    () => ({ oneOf: [integer(random), { type: 'boolean' }, object(random, inner)] }),
    () => ({ allOf: [integer(random, 400), { minimum: -80 }], maximum: 300 }),
    () => ({
      allOf: [
        { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
        { properties: { a: { minimum: 7 }, ab: inner() }, required: ['ab'] },
      ],
    }),
    () => ({
      properties: { k: { type: 'string', maxLength: 3 } },
      anyOf: [{ required: ['k'] }, { maxProperties: 0 }],
    }),
    () => ({ $ref: '#/$defs/tree' }),
  ];
  return pick(depth > 0 ? [...leaves, ...nodes, ...nodes] : leaves)();
}

function integer(random: Random, span = 3000): JsonSchema {
  const minimum = random.below(2 * span) - span;
  const maximum = minimum + random.below(span);
  return [
    { type: 'integer', minimum, maximum },
    { type: 'integer', exclusiveMinimum: minimum - 0.5, exclusiveMaximum: maximum + 1 },
    { type: 'integer', minimum },
    { type: 'integer', maximum },
    { type: 'integer', multipleOf: 1 + random.below(30) },
    { type: 'integer', minimum, maximum: minimum + 90, multipleOf: 1 + random.below(30) },
  ][span === 400 ? 0 : random.below(6)]!;
}

function number(random: Random): JsonSchema {
  const minimum = Math.round(random.normal() * 1000) / [1, 10, 100, 1000][random.below(4)]!;
  const maximum = minimum + Math.round(random.float() * 1e6) / 1e5;
  return [
    { type: 'number', minimum, maximum },
    { type: 'number', exclusiveMinimum: minimum, exclusiveMaximum: maximum + 1e-7 },
    { type: 'number', minimum },
    { type: 'number', exclusiveMaximum: maximum },
  ][random.below(4)]!;
}

function object(random: Random, inner: () => JsonSchema): JsonSchema {
  const names = random.shuffle([...NAMES]).slice(0, random.below(5));
  const required = names.filter(() => random.below(2));
  return {
    type: 'object',
    title: 'anything',
    properties: Object.fromEntries(names.map((name) => [name, inner()])),
    required,
    ...(random.below(3) ? {} : { additionalProperties: random.below(2) ? inner() : random.below(2) === 0 }),
    ...(random.below(4) ? {} : { maxProperties: Math.max(required.length, 2) }),
    ...(random.below(4) ? {} : { minProperties: required.length }),
  };
}

function array(random: Random, inner: () => JsonSchema): JsonSchema {
  const minItems = random.below(4);
  return [
    { type: 'array', items: inner(), minItems, maxItems: minItems + random.below(3) },
    { type: 'array', items: inner(), ...(random.below(2) ? { minItems } : {}) },
    { type: 'array', prefixItems: [inner(), inner()], items: inner(), minItems, maxItems: minItems + 1 },
    { type: 'array', prefixItems: [inner(), inner()], items: false },
    { type: 'array', prefixItems: [inner()], minItems },
  ][random.below(5)]!;
}

/** What the references of random schemas mean: a leaf, and a tree that holds itself. */
export const definitions = {
  leaf: { type: 'integer', minimum: 17, maximum: 23 },
  tree: {
    type: 'object',
    properties: {
      value: { $ref: '#/$defs/leaf' },
      children: { type: 'array', items: { $ref: '#/$defs/tree' }, maxItems: 2 },
    },
    required: ['value'],
  },
};
