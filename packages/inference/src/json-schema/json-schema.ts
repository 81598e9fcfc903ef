import { LucieError } from '@lucie/ledger';

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
  return new LucieError({
    code: 'SCHEMA_UNSUPPORTED',
    found: `${found} at ${where || 'the top'} of the JSON schema`,
    expected,
    todo: 'change the schema there',
    exitCode: 2,
  });
}

/**
 * The schema without its annotations.
 * @throws LucieError `SCHEMA_UNSUPPORTED` for a keyword that is not honoured, so that none is ever ignored
 */
export function constraintsOf(schema: SchemaObject, where: string): SchemaObject {
  const entries = Object.entries(schema).filter(([word]) => !ANNOTATIONS.has(word));
  for (const [word] of entries) {
    if (!KNOWN.has(word)) {
      throw unsupported(where, `the keyword ${word}`, `one of ${[...KNOWN].join(', ')}`);
    }
  }
  return Object.fromEntries(entries);
}

/** @throws LucieError `SCHEMA_UNSUPPORTED` when it is neither an object nor a boolean */
export function asSchema(value: unknown, where: string): JsonSchema {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as SchemaObject;
  throw unsupported(where, JSON.stringify(value) ?? 'nothing', 'a schema: an object, true or false');
}

/** @throws LucieError `SCHEMA_UNSUPPORTED` when it is no list of schemas, or an empty one */
export function asSchemas(value: unknown, where: string): JsonSchema[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw unsupported(where, 'no schemas', 'a list of at least one schema');
  }
  return value.map((one, i) => asSchema(one, `${where}/${i}`));
}

/** A count among the constraints, e.g. `minItems`. */
export function countOf(schema: SchemaObject, word: string, where: string): number | undefined {
  const value = schema[word];
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)) {
    return value as number | undefined;
  }
  throw unsupported(`${where}/${word}`, JSON.stringify(value), 'a whole number from 0');
}

/** A step of a JSON pointer (RFC 6901). */
export function pointerStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
