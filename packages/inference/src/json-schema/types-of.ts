import {
  ARRAY_WORDS,
  briefly,
  NUMBER_WORDS,
  OBJECT_WORDS,
  type SchemaObject,
  STRING_WORDS,
  unsupported,
} from './json-schema.ts';

/** Words that speak about one type, by type. */
const WORDS = new Map<string, readonly string[]>([
  ['object', OBJECT_WORDS],
  ['array', ARRAY_WORDS],
  ['string', STRING_WORDS],
  ['number', NUMBER_WORDS],
  ['integer', NUMBER_WORDS],
  ['boolean', []],
  ['null', []],
]);
/** `integer` is left out: each is a number. */
export const TYPES = ['object', 'array', 'string', 'number', 'boolean', 'null'];

/** The types that a schema names, or else those that its words speak about, or else all. */
export function typesOf(schema: SchemaObject, where: string): string[] {
  const { type } = schema;
  if (type === undefined) {
    const described = TYPES.filter((name) => WORDS.get(name)!.some((word) => schema[word] !== undefined));
    return described.length > 0 ? described : TYPES;
  }
  const types = [type].flat();
  for (const name of types) {
    if (typeof name !== 'string' || !WORDS.has(name)) {
      throw unsupported(`${where}/type`, briefly(name), [...WORDS.keys()].join(', '));
    }
  }
  if (types.length === 0) throw unsupported(`${where}/type`, 'no type', 'at least one');
  return [...new Set(types as string[])].filter((name) => name !== 'integer' || !types.includes('number'));
}
