import { asSchema, type JsonSchema, type SchemaObject } from './json-schema.ts';

const DEEPEST = 8;

/**
 * True if no value can fit both: by type, by the values of `const` and `enum`, or by a property that both require.
 * False says only that this is not plain.
 */
export function disjoint(
  a: JsonSchema,
  b: JsonSchema,
  resolve: (ref: unknown, where: string) => JsonSchema,
  depth = 0,
): boolean {
  if (a === false || b === false) return true;
  if (a === true || b === true || depth > DEEPEST) return false;
  if (a.$ref !== undefined && disjoint(resolve(a.$ref, ''), b, resolve, depth + 1)) return true;
  if (b.$ref !== undefined && disjoint(a, resolve(b.$ref, ''), resolve, depth + 1)) return true;
  const [types, others] = [typesOf(a), typesOf(b)];
  if (types && others && !types.some((type) => others.includes(type))) return true;
  const [values, otherValues] = [valuesOf(a), valuesOf(b)];
  if (values && otherValues) return !values.some((value) => otherValues.includes(value));
  if (types?.join() !== 'object' || others?.join() !== 'object') return false;
  const [mine, theirs] = [
    asSchema(a.properties ?? {}, ''),
    asSchema(b.properties ?? {}, ''),
  ] as SchemaObject[];
  const required = [a.required, b.required].map((list) => (Array.isArray(list) ? list : [])) as string[][];
  return required[0]!.some(
    (name) =>
      required[1]!.includes(name) &&
      Object.hasOwn(mine!, name) &&
      Object.hasOwn(theirs!, name) &&
      disjoint(asSchema(mine![name], name), asSchema(theirs![name], name), resolve, depth + 1),
  );
}

/** Types of what can fit, integers counted as numbers; undefined where the schema does not say. */
function typesOf(schema: SchemaObject): string[] | undefined {
  const values = valuesOf(schema);
  if (values) return values.map((text) => typeOf(JSON.parse(text)));
  if (schema.type === undefined) return undefined;
  return ([schema.type].flat() as string[]).map((type) => (type === 'integer' ? 'number' : type));
}

function valuesOf(schema: SchemaObject): string[] | undefined {
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  return Array.isArray(schema.enum) ? schema.enum.map((value) => JSON.stringify(value)) : undefined;
}

/** The type of a value in JSON schema's words, without `integer`. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
