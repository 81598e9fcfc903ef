import { canonicalJson, LucieError } from '@lucie/ledger';

/** A JSON schema of draft 2020-12: `true` is any JSON, `false` none. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
export type SchemaObject = { readonly [keyword: string]: unknown };

/** Keywords that describe and demand nothing. */
const ANNOTATIONS = new Set([
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  // OpenAPI's hint which branch of oneOf to read.
  'discriminator',
  // OpenAPI's word for examples.
  'example',
  // What a string holds, which JSON Schema's own validators do not look at either (draft 2020-12, validation, section 8).
  'contentEncoding',
  'contentMediaType',
]);

export const OBJECT_WORDS = [
  'properties',
  'required',
  'additionalProperties',
  'minProperties',
  'maxProperties',
] as const;
export const ARRAY_WORDS = ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems'] as const;
export const STRING_WORDS = ['minLength', 'maxLength', 'pattern', 'format'] as const;
export const NUMBER_WORDS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
] as const;
const GENERAL_WORDS = ['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref'];
const KNOWN = new Set<string>([
  ...GENERAL_WORDS,
  ...OBJECT_WORDS,
  ...ARRAY_WORDS,
  ...STRING_WORDS,
  ...NUMBER_WORDS,
]);

/** The error for what cannot be honoured. `where` is a JSON pointer into the schema. */
export function unsupported(where: string, found: string, expected: string): LucieError {
  return new LucieError(detailsOf(where, found, expected));
}

/** The same where no value fits at all: among alternatives, such a one may be left out. */
export class NothingFits extends LucieError {
  constructor(where: string, found: string, expected: string) {
    super(detailsOf(where, found, expected));
  }
}

function detailsOf(where: string, found: string, expected: string) {
  const place = where.length > 200 ? `${where.slice(0, 60)}…${where.slice(-100)}` : where;
  return {
    code: 'SCHEMA_UNSUPPORTED',
    found: `${found} at ${place || 'the top'} of the JSON schema`,
    expected,
    todo: 'change the schema there',
    exitCode: 2,
  } as const;
}

/** The shapes that values of keywords have; schemas inside are looked at where they are used. */
const SHAPES: readonly { words: readonly string[]; fits: (value: unknown) => boolean; expected: string }[] = [
  {
    words: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
    fits: Number.isFinite,
    expected: 'a number',
  },
  {
    words: ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
    fits: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    expected: 'a whole number from 0',
  },
  { words: ['enum'], fits: Array.isArray, expected: 'a list of values' },
  {
    words: ['required'],
    fits: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
    expected: 'a list of names',
  },
  { words: ['pattern', 'format', '$ref'], fits: (value) => typeof value === 'string', expected: 'a text' },
  { words: ['uniqueItems'], fits: (value) => typeof value === 'boolean', expected: 'true or false' },
  {
    words: ['properties'],
    fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    expected: 'an object of schemas',
  },
];
const SHAPE_OF = new Map(SHAPES.flatMap((shape) => shape.words.map((word) => [word, shape] as const)));

/**
 * The schema without its annotations.
 * @throws LucieError `SCHEMA_UNSUPPORTED` for a keyword that is not honoured, so that none is ever ignored, and for a
 * value that the keyword cannot have
 */
export function constraintsOf(schema: SchemaObject, where: string): SchemaObject {
  const entries = Object.entries(schema).filter(([word, value]) => !describes(word, value));
  for (const [word, value] of entries) {
    if (!KNOWN.has(word)) {
      throw unsupported(where, `the keyword ${word}`, `one of ${[...KNOWN].join(', ')}`);
    }
    const shape = SHAPE_OF.get(word);
    if (shape && !shape.fits(value)) {
      throw unsupported(`${where}/${word}`, briefly(value), shape.expected);
    }
  }
  return Object.fromEntries(entries);
}

/** Whether a word demands nothing: an annotation, one of the `x-` kind, or that names be texts, which they are. */
function describes(word: string, value: unknown): boolean {
  if (word === 'propertyNames') return value === true || canonicalJson(value) === '{"type":"string"}';
  return ANNOTATIONS.has(word) || word.startsWith('x-');
}

/** @throws LucieError `SCHEMA_UNSUPPORTED` when it is neither an object nor a boolean */
export function asSchema(value: unknown, where: string): JsonSchema {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as SchemaObject;
  throw unsupported(where, briefly(value), 'a schema: an object, true or false');
}

/** @throws LucieError `SCHEMA_UNSUPPORTED` when it is no list of schemas, or an empty one */
export function asSchemas(value: unknown, where: string): JsonSchema[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw unsupported(where, 'no schemas', 'a list of at least one schema');
  }
  return value.map((one, i) => asSchema(one, `${where}/${i}`));
}

/** A value as an error names it. */
export function briefly(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A step of a JSON pointer (RFC 6901). */
export function pointerStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
