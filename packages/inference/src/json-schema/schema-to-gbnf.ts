import { arrayToGbnf } from './array-to-gbnf.ts';
import { Branches } from './disjoint.ts';
import { flatten, type Lookup } from './flatten.ts';
import { oneOf } from './gbnf-text.ts';
import {
  asSchema,
  asSchemas,
  briefly,
  constraintsOf,
  type JsonSchema,
  NothingFits,
  type SchemaObject,
  unsupported,
} from './json-schema.ts';
import { numberToGbnf } from './number-to-gbnf.ts';
import { objectToGbnf, type Writer } from './object-to-gbnf.ts';
import { stringToGbnf } from './string-to-gbnf.ts';
import { TYPES, typesOf } from './types-of.ts';
import { valuesToGbnf } from './values-to-gbnf.ts';

/** A class without characters. */
const NOTHING = '[^\\x00-\\U0010FFFF]';
const DEEPEST = 200;
/** Schemas written and references followed; those of people have hundreds. */
const MOST_WORK = 5000;

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
  /** Schemas that are being written: by what name they are called inside themselves. */
  #open = new Map<SchemaObject, { name: string; called: boolean }>();
  #any: string | undefined;
  #depth = 0;
  #opened = 0;
  #work = 0;
  #lookup: Lookup;

  constructor(schema: JsonSchema) {
    this.#schema = schema;
    this.#lookup = { resolve: this.#resolve, branches: new Branches(this.#resolve) };
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
    if (schema === false) throw new NothingFits(where, 'the schema false', 'one that some value fits');
    this.#spend(where);
    if (this.#depth >= DEEPEST) {
      throw unsupported(where, `more than ${DEEPEST} schemas in schemas`, 'a flatter schema');
    }
    if (schema === true) return this.#anything();
    const open = this.#open.get(schema);
    if (open) {
      open.called = true;
      return open.name;
    }
    return this.#writeOnce(schema, where);
  }

  /** What holds itself becomes a rule that names itself. */
  #writeOnce(schema: SchemaObject, where: string): string {
    const mine = { name: `s${this.#opened++}`, called: false };
    this.#open.set(schema, mine);
    this.#depth++;
    let text = NOTHING;
    try {
      text = this.#schemaText(schema, where);
    } finally {
      this.#depth--;
      this.#open.delete(schema);
      if (mine.called) this.#lines.push(`${mine.name} ::= ${text}`);
    }
    return mine.called ? mine.name : text;
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
      if (word === 'oneOf') this.#lookup.branches.checkDisjoint(branches, where);
      return alternatives(branches, (branch, i) => this.write(branch, `${where}/${word}/${i}`), where);
    }
    return alternatives(flatten(own, this.#lookup, where), (plain) => this.#plain(plain, where), where);
  }

  /** A schema without references and combinations. */
  #plain(schema: SchemaObject, where: string): string {
    if (schema.enum !== undefined || schema.const !== undefined) {
      return this.define(valuesToGbnf(schema, where));
    }
    const types = typesOf(schema, where);
    if (Object.keys(schema).length === 0) return this.#anything();
    return alternatives(types, (type) => this.#typed(type, schema, where), where);
  }

  #typed(type: string, schema: SchemaObject, where: string): string {
    switch (type) {
      case 'object':
        return objectToGbnf(schema, this, where);
      case 'array':
        return arrayToGbnf(schema, this, where);
      case 'string':
        return this.define(stringToGbnf(schema, where));
      case 'number':
      case 'integer':
        return this.define(numberToGbnf(schema, this, { where, whole: type === 'integer' }));
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
    let text = NOTHING;
    try {
      text = this.write(target, String(ref));
    } finally {
      this.#lines.push(`${name} ::= ${text}`);
    }
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

/**
 * Those parts that something fits.
 * @throws NothingFits when there is none: for the only one with its own reason
 */
function alternatives<T>(parts: readonly T[], write: (part: T, i: number) => string, where: string): string {
  const written: string[] = [];
  for (const [i, part] of parts.entries()) {
    try {
      written.push(write(part, i));
    } catch (error) {
      if (!(error instanceof NothingFits) || parts.length === 1) throw error;
    }
  }
  if (written.length > 0) return oneOf(written);
  throw new NothingFits(where, 'parts that no value fits together', 'some that fit');
}

/** Percent escapes of a fragment, where they are such. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
