import { MOST_TIMES, times } from './gbnf-text.ts';
import { asSchema, asSchemas, NothingFits, type SchemaObject, unsupported } from './json-schema.ts';
import type { Writer } from './object-to-gbnf.ts';

/** GBNF of arrays. Without `items`, what follows `prefixItems` is left away unless `minItems` demands it. */
export function arrayToGbnf(schema: SchemaObject, writer: Writer, where: string): string {
  const prefix =
    schema.prefixItems === undefined ? [] : asSchemas(schema.prefixItems, `${where}/prefixItems`);
  const least = (schema.minItems as number | undefined) ?? 0;
  const asked = (schema.maxItems as number | undefined) ?? Infinity;
  const items = asSchema(schema.items ?? (prefix.length === 0 || least > prefix.length), `${where}/items`);
  // A larger bound is kept by a smaller one.
  const bounded = asked === Infinity ? Infinity : Math.min(asked, MOST_TIMES);
  const most = Math.min(bounded, items === false ? prefix.length : Infinity);
  if (schema.uniqueItems !== undefined && schema.uniqueItems !== false && most > 1) {
    throw unsupported(`${where}/uniqueItems`, 'uniqueItems', 'false: equal items cannot be kept out');
  }
  if (least > MOST_TIMES) throw unsupported(where, `minItems ${least}`, `at most ${MOST_TIMES}`);
  if (least > most) throw new NothingFits(where, `minItems ${least}`, `at most ${most}`);
  const { space } = writer;
  const empty = `"[" ${space} "]"`;
  if (most === 0) return empty;
  let after = '';
  if (items !== false && most > prefix.length) {
    const item = writer.define(writer.write(items, `${where}/items`));
    const room = most - prefix.length;
    const need = Math.max(least - prefix.length, 0);
    if (prefix.length === 0) {
      const more = times(`("," ${space} ${item})`, Math.max(need - 1, 0), room - 1);
      const some = `"[" ${space} ${item} ${more} ${space} "]"`;
      return least === 0 ? `(${empty} | ${some})` : some;
    }
    after = times(`("," ${space} ${item})`, need, room);
  }
  // From the last to the first: the ones after `minItems` may be left away together with all that follow.
  for (let i = Math.min(prefix.length, most) - 1; i >= 0; i--) {
    const item = writer.define(writer.write(prefix[i]!, `${where}/prefixItems/${i}`));
    const part = `${i > 0 ? `"," ${space} ` : ''}${item} ${after}`.trim();
    after = i < least ? writer.define(part) : `${writer.define(part)}?`;
  }
  return `"[" ${space} ${after} ${space} "]"`;
}
