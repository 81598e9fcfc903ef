import { canonicalJson } from '@lucie/ledger';
import { typeOf } from './disjoint.ts';
import { literal, oneOf } from './gbnf-text.ts';
import { briefly, NothingFits, type SchemaObject, unsupported } from './json-schema.ts';
import { typesOf } from './types-of.ts';

/** More do not fit into a grammar. */
const MOST = 40_000;

/** Words that can be asked of a value as it stands; each speaks about numbers or strings alone. */
const CHECKS: Readonly<Record<string, (value: unknown, bound: never) => boolean>> = {
  minimum: (value, bound: number) => typeof value !== 'number' || value >= bound,
  maximum: (value, bound: number) => typeof value !== 'number' || value <= bound,
  exclusiveMinimum: (value, bound: number) => typeof value !== 'number' || value > bound,
  exclusiveMaximum: (value, bound: number) => typeof value !== 'number' || value < bound,
  minLength: (value, bound: number) => typeof value !== 'string' || [...value].length >= bound,
  maxLength: (value, bound: number) => typeof value !== 'string' || [...value].length <= bound,
};

/** GBNF of the values of `enum` and `const`, those that the other words let through. */
export function valuesToGbnf(schema: SchemaObject, where: string): string {
  const { enum: listed, const: only, type, ...rest } = schema;
  const words = Object.keys(rest);
  const unknown = words.find((word) => !Object.hasOwn(CHECKS, word));
  if (unknown) throw unsupported(where, `${unknown} beside enum or const`, 'only type, bounds and lengths');
  const types = type === undefined ? undefined : typesOf({ type }, where);
  const fits = (value: unknown) =>
    (!types || types.includes(typeOf(value)) || (types.includes('integer') && Number.isInteger(value))) &&
    words.every((word) => CHECKS[word]!(value, rest[word] as never));
  let all = (listed ?? [only]) as unknown[];
  if (all.length > MOST) throw unsupported(`${where}/enum`, `${all.length} values`, `at most ${MOST}`);
  if (listed !== undefined && only !== undefined) {
    const text = canonicalJson(only);
    all = all.filter((value) => canonicalJson(value) === text);
  }
  const fitting = all.filter(fits);
  if (fitting.length === 0) {
    const shown = briefly(listed ?? only);
    throw new NothingFits(where, `no value that fits among ${shown}`, 'at least one in enum or const');
  }
  return oneOf(fitting.map((value) => literal(JSON.stringify(value))));
}
