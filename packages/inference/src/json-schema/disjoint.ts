import { canonicalJson } from '@lucie/ledger';
import { asSchema, type JsonSchema, type SchemaObject, unsupported } from './json-schema.ts';

/** Finds what a `$ref` means. */
export type Resolve = (ref: unknown, where: string) => JsonSchema;

const DEEPEST = 8;
/** Comparisons and values within one schema: some tens of milliseconds. */
const MOST_WORK = 100_000;

/** The branches of `oneOf` of one schema: whether one value may fit two of them. */
export class Branches {
  #resolve: Resolve;
  /** Canonical texts of what `const` and `enum` list: each is written once. */
  #values = new WeakMap<SchemaObject, ReadonlySet<string>>();
  #work = 0;

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  /** @throws LucieError `SCHEMA_UNSUPPORTED` unless no value plainly fits two of the branches */
  checkDisjoint(branches: readonly JsonSchema[], where: string): void {
    if (this.#toldApart(branches, where)) return;
    for (let i = 0; i < branches.length; i++) {
      for (let j = 0; j < i; j++) {
        if (this.#disjoint(branches[i]!, branches[j]!, { where, depth: 0 })) continue;
        throw unsupported(
          `${where}/oneOf`,
          `branches ${j} and ${i} that one value may fit`,
          'branches that differ by type, const, enum or such a required property; or anyOf',
        );
      }
    }
  }

  /** Whether the values of all branches, or of one property that all require, differ: looked at once, not in pairs. */
  #toldApart(branches: readonly JsonSchema[], where: string): boolean {
    const all = branches.map((branch) => this.#target(branch, where));
    const differ = (parts: readonly (JsonSchema | undefined)[]): boolean => {
      const seen = new Set<string>();
      return parts.every((part) => {
        const values = typeof part === 'object' ? this.#valuesOf(part, where) : undefined;
        if (!values) return false;
        for (const value of values) {
          if (seen.has(value)) return false;
          seen.add(value);
        }
        this.#spend(values.size, where);
        return true;
      });
    };
    if (differ(all)) return true;
    if (!all.every((branch) => typeof branch === 'object' && branch.type === 'object')) return false;
    const objects = all as SchemaObject[];
    return requiredOf(objects[0]!).some((name) =>
      differ(
        objects.map((branch) => (requiredOf(branch).includes(name) ? propertyOf(branch, name) : undefined)),
      ),
    );
  }

  /**
   * True if no value can fit both: by type, by the values of `const` and `enum`, or by a property that both require.
   * False says only that this is not plain.
   */
  #disjoint(a: JsonSchema, b: JsonSchema, at: { where: string; depth: number }): boolean {
    const { where, depth } = at;
    this.#spend(1, where);
    if (a === false || b === false) return true;
    if (a === true || b === true || depth > DEEPEST) return false;
    const below = { where, depth: depth + 1 };
    if (a.$ref !== undefined && this.#disjoint(this.#resolve(a.$ref, where), b, below)) return true;
    if (b.$ref !== undefined && this.#disjoint(a, this.#resolve(b.$ref, where), below)) return true;
    const [values, others] = [this.#valuesOf(a, where), this.#valuesOf(b, where)];
    const [types, otherTypes] = [typesOf(a, values), typesOf(b, others)];
    if (types && otherTypes && !types.some((type) => otherTypes.includes(type))) return true;
    if (values && others) {
      const [few, many] = values.size < others.size ? [values, others] : [others, values];
      this.#spend(few.size, where);
      return [...few].every((value) => !many.has(value));
    }
    if (types?.join() !== 'object' || otherTypes?.join() !== 'object') return false;
    return requiredOf(a).some((name) => {
      if (!requiredOf(b).includes(name)) return false;
      const [mine, theirs] = [propertyOf(a, name), propertyOf(b, name)];
      return mine !== undefined && theirs !== undefined && this.#disjoint(mine, theirs, below);
    });
  }

  /** What a branch that only refers means. */
  #target(branch: JsonSchema, where: string): JsonSchema {
    let at = branch;
    for (let i = 0; i < DEEPEST && typeof at === 'object' && Object.keys(at).join() === '$ref'; i++) {
      at = this.#resolve(at.$ref, where);
    }
    return at;
  }

  #valuesOf(schema: SchemaObject, where: string): ReadonlySet<string> | undefined {
    const listed =
      schema.const !== undefined ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : undefined;
    if (!listed) return undefined;
    let values = this.#values.get(schema);
    if (!values) {
      this.#spend(listed.length, where);
      values = new Set(listed.map(canonicalJson));
      this.#values.set(schema, values);
    }
    return values;
  }

  #spend(work: number, where: string): void {
    this.#work += work;
    if (this.#work > MOST_WORK) {
      throw unsupported(
        `${where}/oneOf`,
        'too many branches and values to tell apart',
        'fewer, or one required property with a const of its own in each branch',
      );
    }
  }
}

/** Types of what can fit, integers counted as numbers; undefined where the schema does not say. */
function typesOf(schema: SchemaObject, values: ReadonlySet<string> | undefined): string[] | undefined {
  if (values) return [...new Set(Array.from(values, typeOfText))];
  if (schema.type === undefined) return undefined;
  return ([schema.type].flat() as string[]).map((type) => (type === 'integer' ? 'number' : type));
}

function requiredOf(schema: SchemaObject): readonly string[] {
  return Array.isArray(schema.required) ? schema.required : [];
}

function propertyOf(schema: SchemaObject, name: string): JsonSchema | undefined {
  const properties = asSchema(schema.properties ?? {}, '');
  if (typeof properties === 'boolean' || !Object.hasOwn(properties, name)) return undefined;
  return asSchema(properties[name], name);
}

/** The type of a value in JSON schema's words, without `integer`. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The same of its JSON, by the first character. */
function typeOfText(text: string): string {
  const types = { '{': 'object', '[': 'array', '"': 'string', t: 'boolean', f: 'boolean', n: 'null' };
  return types[text[0] as keyof typeof types] ?? 'number';
}
