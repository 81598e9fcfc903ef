import { canonicalJson } from '@lucie/ledger';
import type { Branches, Resolve } from './disjoint.ts';
import { asSchemas, constraintsOf, type JsonSchema, type SchemaObject, unsupported } from './json-schema.ts';

/** What a schema's parts are looked up with. */
export interface Lookup {
  resolve: Resolve;
  branches: Branches;
}

const MOST_ALTERNATIVES = 64;
const DEEPEST = 32;

/**
 * A schema as alternatives without `$ref`, `allOf`, `anyOf` and `oneOf`: what stands beside them is merged into each.
 * Alternatives that nothing fits are left out.
 * @throws LucieError `SCHEMA_UNSUPPORTED`
 */
export function flatten(schema: JsonSchema, lookup: Lookup, where: string, depth = 0): SchemaObject[] {
  if (schema === true) return [{}];
  if (schema === false) return [];
  if (depth > DEEPEST) throw unsupported(where, 'a schema that refers to itself', 'an end of the references');
  const { $ref, allOf, anyOf, oneOf, ...own } = constraintsOf(schema, where);
  const again = (part: JsonSchema, at: string) => flatten(part, lookup, at, depth + 1);
  let all: SchemaObject[] = [own];
  const cross = (others: SchemaObject[], at: string) => {
    all = all.flatMap((one) => others.flatMap((other) => merge(one, other, at)));
    if (all.length > MOST_ALTERNATIVES) {
      throw unsupported(at, `${all.length} alternatives`, `at most ${MOST_ALTERNATIVES}`);
    }
  };
  if ($ref !== undefined) cross(again(lookup.resolve($ref, where), where), where);
  if (allOf !== undefined) {
    for (const [i, part] of asSchemas(allOf, `${where}/allOf`).entries()) {
      cross(again(part, `${where}/allOf/${i}`), `${where}/allOf`);
    }
  }
  for (const [word, list] of Object.entries({ anyOf, oneOf })) {
    if (list === undefined) continue;
    const branches = asSchemas(list, `${where}/${word}`);
    if (word === 'oneOf') lookup.branches.checkDisjoint(branches, where);
    cross(
      branches.flatMap((branch, i) => again(branch, `${where}/${word}/${i}`)),
      `${where}/${word}`,
    );
  }
  return all;
}

/** What fits both; empty when that is plainly nothing. */
function merge(a: SchemaObject, b: SchemaObject, where: string): SchemaObject[] {
  const merged = new Map<string, unknown>(Object.entries(a));
  for (const [word, value] of Object.entries(b)) {
    const have = merged.get(word);
    if (have === undefined) merged.set(word, value);
    else if (word === 'type') {
      const types = commonTypes(have, value);
      if (types.length === 0) return [];
      merged.set(word, types);
    } else if (['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'].includes(word)) {
      merged.set(word, Math.max(have as number, value as number));
    } else if (['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'].includes(word)) {
      merged.set(word, Math.min(have as number, value as number));
    } else if (word === 'required') {
      merged.set(word, [...new Set([...(have as string[]), ...(value as string[])])]);
    } else if (word === 'enum') {
      const other = new Set((value as unknown[]).map(canonicalJson));
      merged.set(
        word,
        (have as unknown[]).filter((one) => other.has(canonicalJson(one))),
      );
    } else if (word === 'properties') {
      merged.set(word, mergeProperties(have as SchemaObject, value as SchemaObject));
    } else if (word === 'items' || word === 'additionalProperties') {
      merged.set(word, { allOf: [have, value] });
    } else if (canonicalJson(have) !== canonicalJson(value)) {
      throw unsupported(where, `two different values of ${word}`, 'one that can be honoured alone');
    }
  }
  checkAdditional(a, b, where);
  checkAdditional(b, a, where);
  if ((a.prefixItems ?? b.prefixItems) !== undefined && a.items !== b.items) {
    throw unsupported(where, 'prefixItems and items in different parts', 'both in the same part');
  }
  return [Object.fromEntries(merged)];
}

function mergeProperties(a: SchemaObject, b: SchemaObject): SchemaObject {
  const merged = new Map(Object.entries(a));
  for (const [name, schema] of Object.entries(b)) {
    const have = merged.get(name);
    merged.set(name, have === undefined ? schema : { allOf: [have, schema] });
  }
  return Object.fromEntries(merged);
}

/** `additionalProperties` of one part would speak about properties that the other part names. */
function checkAdditional(a: SchemaObject, b: SchemaObject, where: string): void {
  if (a.additionalProperties === undefined || a.additionalProperties === true) return;
  const known = Object.keys((a.properties ?? {}) as SchemaObject);
  const others = Object.keys((b.properties ?? {}) as SchemaObject);
  if (others.some((name) => !known.includes(name))) {
    throw unsupported(where, 'additionalProperties beside properties of another part', 'it in one part only');
  }
}

function commonTypes(a: unknown, b: unknown): string[] {
  const [first, second] = [[a].flat(), [b].flat()] as string[][];
  const both = first!.flatMap((type) =>
    second!.includes(type)
      ? [type]
      : type === 'number' && second!.includes('integer')
        ? ['integer']
        : type === 'integer' && second!.includes('number')
          ? ['integer']
          : [],
  );
  return [...new Set(both)];
}
