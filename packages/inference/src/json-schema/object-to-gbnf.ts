import { literal, MOST_TIMES, times } from './gbnf-text.ts';
import {
  asSchema,
  type JsonSchema,
  NothingFits,
  pointerStep,
  type SchemaObject,
  unsupported,
} from './json-schema.ts';
import { bodyExcept, exactBody } from './json-string.ts';

/** What parts of a grammar are written with. */
export interface Writer {
  /** The name of a rule with this text. */
  define(body: string): string;
  /** GBNF of what fits the schema. */
  write(schema: JsonSchema, where: string): string;
  /** The name of the rule for white space: bounded, so that a model cannot go on with it forever. */
  space: string;
}

const LONGEST_NAME = 256;

interface Member {
  text: string;
  required: boolean;
}

/**
 * GBNF of objects: properties in the order of the schema, then others where `additionalProperties` says so. Without
 * that word there are others only in objects that name no properties.
 */
export function objectToGbnf(schema: SchemaObject, writer: Writer, where: string): string {
  const named = propertiesOf(schema, where);
  const required = (schema.required ?? []) as string[];
  const least = (schema.minProperties as number | undefined) ?? 0;
  const most = (schema.maxProperties as number | undefined) ?? Infinity;
  const others = asSchema(schema.additionalProperties ?? named.size === 0, `${where}/additionalProperties`);
  for (const name of required) {
    // Named only as required: it is one of the others, under a fixed name.
    if (!named.has(name)) named.set(name, schema.additionalProperties === undefined ? true : others);
  }
  for (const name of named.keys()) {
    if (name.length > LONGEST_NAME) {
      throw unsupported(where, `a name of ${name.length} characters`, `at most ${LONGEST_NAME}`);
    }
  }
  const must = new Set(required);
  for (const [name, property] of named) {
    if (must.size < least && property !== false) must.add(name);
  }
  if (must.size < least) {
    throw unsupported(where, `minProperties ${least}`, 'at least so many properties with names');
  }
  if (must.size > most) {
    throw unsupported(where, `maxProperties ${most}`, `at least the ${must.size} that are required`);
  }
  const members: Member[] = [];
  for (const [name, property] of named) {
    const at = `${where}/properties/${pointerStep(name)}`;
    if (property === false && must.has(name))
      throw new NothingFits(at, 'false for a required property', 'a schema');
    // Optional ones that could be too many are left out: what remains still fits.
    if (property === false || (named.size > most && !must.has(name))) continue;
    const value = writer.write(property, at);
    members.push({
      text: `${literal('"')} ${exactBody(name)} ${literal('":')} " "? ${value}`,
      required: must.has(name),
    });
  }
  // A larger bound is kept by a smaller one.
  const room = most === Infinity ? Infinity : Math.min(most - members.length, MOST_TIMES);
  const { space } = writer;
  let after = '""';
  let first = '""';
  if (others !== false && room > 0) {
    const key = bodyExcept([...named.keys()], (body) => writer.define(body));
    const member = writer.define(
      `${literal('"')} ${key} ${literal('":')} " "? ${writer.write(others, `${where}/additionalProperties`)}`,
    );
    after = times(`("," ${space} ${member})`, 0, room);
    first = `(${member} ${times(`("," ${space} ${member})`, 0, room - 1)})?`;
  }
  // From the last to the first: what may follow when something stands already, and when nothing does.
  for (const { text, required: always } of members.reverse()) {
    const member = writer.define(text);
    const following = writer.define(after);
    after = always ? `"," ${space} ${member} ${following}` : `("," ${space} ${member})? ${following}`;
    first = always ? `${member} ${following}` : `(${member} ${following} | ${writer.define(first)})`;
  }
  return `"{" ${space} (${first}) ${space} "}"`;
}

function propertiesOf(schema: SchemaObject, where: string): Map<string, JsonSchema> {
  return new Map(
    Object.entries(schema.properties ?? {}).map(([name, value]) => [
      name,
      asSchema(value, `${where}/properties/${pointerStep(name)}`),
    ]),
  );
}
