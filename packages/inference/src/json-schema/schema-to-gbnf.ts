import { arrayToGbnf } from './array-to-gbnf.ts';
import { typeOf } from './disjoint.ts';
import { checkDisjoint, flatten } from './flatten.ts';
import { literal, oneOf } from './gbnf-text.ts';
import {
  ARRAY_WORDS,
  asSchema,
  asSchemas,
  briefly,
  constraintsOf,
  type JsonSchema,
  NUMBER_WORDS,
  OBJECT_WORDS,
  type SchemaObject,
  STRING_WORDS,
  unsupported,
} from './json-schema.ts';
import { numberToGbnf } from './number-to-gbnf.ts';
import { objectToGbnf, type Writer } from './object-to-gbnf.ts';
import { stringToGbnf } from './string-to-gbnf.ts';

const DEEPEST = 200;
/** Schemas written and references followed; those of people have hundreds. */
const MOST_WORK = 5000;

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
const TYPES = ['object', 'array', 'string', 'number', 'boolean', 'null'];

/**
 * A GBNF grammar (root `root`) whose every text is JSON that fits the schema (draft 2020-12). It may write less than
 * the schema allows, never more: objects keep the order of their properties, white space is bounded, integers stay
 * within ±(2^53 − 1). A schema without `type` but with words about one type describes that type.
 * @throws LucieError `SCHEMA_UNSUPPORTED`, naming the keyword and where it stands, for what cannot be honoured
 */
export function schemaToGbnf(schema: JsonSchema): string {
  return new SchemaWriter(asSchema(schema, '')).grammar();
}

class SchemaWriter implements Writer {
  readonly space: string;
  #schema: JsonSchema;
  #names = new Map<string, string>();
  #lines: string[] = [];
  #references = new Map<string, string>();
  #any: string | undefined;
  #depth = 0;
  #work = 0;

  constructor(schema: JsonSchema) {
    this.#schema = schema;
    this.space = this.define('"" | " " | "\\n" " "{0,16}');
  }

  grammar(): string {
    const body = this.write(this.#schema, '');
    return [`root ::= ${body}`, ...this.#lines, ''].join('\n');
  }

  define(body: string): string {
    const known = this.#names.get(body);
    if (known) return known;
    const name = `r${this.#names.size}`;
    this.#names.set(body, name);
    this.#lines.push(`${name} ::= ${body}`);
    return name;
  }

  write(schema: JsonSchema, where: string): string {
    if (schema === false) throw unsupported(where, 'the schema false', 'one that some value fits');
    this.#spend(where);
    if (++this.#depth > DEEPEST) {
      throw unsupported(where, `more than ${DEEPEST} schemas in schemas`, 'a flatter schema');
    }
    const text = schema === true ? this.#anything() : this.#schemaText(schema, where);
    this.#depth--;
    return text;
  }

  /** Alternatives within alternatives multiply. */
  #spend(where: string): void {
    if (++this.#work > MOST_WORK) {
      throw unsupported(
        where,
        `more than ${MOST_WORK} schemas once written out`,
        'fewer alternatives within others',
      );
    }
  }

  #schemaText(schema: SchemaObject, where: string): string {
    const own = constraintsOf(schema, where);
    const words = Object.keys(own);
    // Alone, these keep what they refer to whole, so that a schema can hold itself.
    if (words.join() === '$ref') return this.#reference(own.$ref, where);
    if (words.join() === 'anyOf' || words.join() === 'oneOf') {
      const word = words[0]!;
      const branches = asSchemas(own[word], `${where}/${word}`);
      if (word === 'oneOf') checkDisjoint(branches, this.#resolve, where);
      const parts = branches.flatMap((branch, i) =>
        branch === false ? [] : [this.write(branch, `${where}/${word}/${i}`)],
      );
      if (parts.length > 0) return oneOf(parts);
    }
    const parts = flatten(own, this.#resolve, where).map((plain) => this.#plain(plain, where));
    if (parts.length === 0) throw unsupported(where, 'parts that no value fits together', 'some that fit');
    return oneOf(parts);
  }

  /** A schema without references and combinations. */
  #plain(schema: SchemaObject, where: string): string {
    if (schema.enum !== undefined || schema.const !== undefined) return values(schema, where);
    const types = typesOf(schema, where);
    if (Object.keys(schema).length === 0) return this.#anything();
    return oneOf(types.map((type) => this.#typed(type, schema, where)));
  }

  #typed(type: string, schema: SchemaObject, where: string): string {
    switch (type) {
      case 'object':
        return objectToGbnf(schema, this, where);
      case 'array':
        return arrayToGbnf(schema, this, where);
      case 'string':
        return stringToGbnf(schema, where);
      case 'number':
      case 'integer':
        return numberToGbnf(schema, this, { where, whole: type === 'integer' });
      case 'boolean':
        return '("true" | "false")';
      default:
        return '"null"';
    }
  }

  #anything(): string {
    if (this.#any !== undefined) return this.#any;
    this.#any = 'any';
    const parts = TYPES.map((type) => this.#typed(type, {}, ''));
    this.#lines.push(`any ::= ${parts.join(' | ')}`);
    return this.#any;
  }

  #reference(ref: unknown, where: string): string {
    const target = this.#resolve(ref, where);
    const known = this.#references.get(ref as string);
    if (known) return known;
    const name = `ref${this.#references.size}`;
    this.#references.set(ref as string, name);
    this.#lines.push(`${name} ::= ${this.write(target, String(ref))}`);
    return name;
  }

  /** Follows references that lead to references, as long as they lead anywhere. */
  #resolve = (ref: unknown, where: string): JsonSchema => {
    if (typeof ref !== 'string' || !/^#(\/|$)/.test(ref)) {
      throw unsupported(`${where}/$ref`, briefly(ref), 'a place in this schema, such as #/$defs/name');
    }
    this.#spend(where);
    let at: unknown = this.#schema;
    for (const step of ref.split('/').slice(1)) {
      const name = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
      const inside = typeof at === 'object' && at !== null && Object.hasOwn(at, name);
      if (!inside) throw unsupported(`${where}/$ref`, ref, 'a place that is there');
      at = (at as SchemaObject)[name];
    }
    return asSchema(at, ref);
  };
}

/** Percent escapes of a fragment, where they are such. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function typesOf(schema: SchemaObject, where: string): string[] {
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

/** `enum` and `const`, filtered by `type`. */
function values(schema: SchemaObject, where: string): string {
  const { enum: listed, const: only, type, ...rest } = schema;
  const [word] = Object.keys(rest);
  if (word) throw unsupported(where, `${word} beside enum or const`, 'only type beside them');
  const types = type === undefined ? undefined : typesOf({ type }, where);
  const fits = (value: unknown) =>
    !types || types.includes(typeOf(value)) || (types.includes('integer') && Number.isInteger(value));
  let all = (listed ?? [only]) as unknown[];
  if (listed !== undefined && only !== undefined) {
    all = all.filter((value) => JSON.stringify(value) === JSON.stringify(only));
  }
  const fitting = all.filter(fits);
  if (fitting.length === 0) throw unsupported(where, 'no value that fits', 'at least one in enum or const');
  return oneOf(fitting.map((value) => literal(JSON.stringify(value))));
}
