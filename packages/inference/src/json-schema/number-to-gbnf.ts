import { NothingFits, type SchemaObject, unsupported } from './json-schema.ts';
import { listedMultiples, multiplesOf } from './multiples.ts';
import { type Bound, decimalsBetween, integersBetween, SAFE } from './number-range.ts';
import type { Writer } from './object-to-gbnf.ts';

/** Without bounds: as JSON writes numbers (RFC 8259, section 6), with so few digits that each is finite. */
const ANY_NUMBER = '("-"? ("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?)';

const WHOLE_ROOM = 'bounds with a whole number within ±(2^53 − 1) between them';

/** GBNF of numbers, or of whole numbers, with their bounds kept exactly. */
export function numberToGbnf(
  schema: SchemaObject,
  writer: Writer,
  { where, whole }: { where: string; whole: boolean },
): string {
  const least = boundOf(schema, ['minimum', 'exclusiveMinimum'], (a, b) => a > b);
  const most = boundOf(schema, ['maximum', 'exclusiveMaximum'], (a, b) => a < b);
  const none = (room: string) => new NothingFits(where, 'bounds that no number fits', room);
  if (schema.multipleOf !== undefined) {
    return multiples(schema.multipleOf, { least, most }, writer, where);
  }
  if (whole) return integersBetween(...wholeBounds(least, most)) ?? raise(none(WHOLE_ROOM));
  if (!least && !most) return ANY_NUMBER;
  return decimalsBetween(least, most) ?? raise(none('bounds with a number of up to 15 digits between them'));
}

function multiples(
  factor: unknown,
  { least, most }: { least?: Bound | undefined; most?: Bound | undefined },
  writer: Writer,
  where: string,
): string {
  if (!Number.isSafeInteger(factor) || (factor as number) < 1) {
    throw unsupported(
      `${where}/multipleOf`,
      JSON.stringify(factor),
      'a whole number from 1: doubles cannot keep to others',
    );
  }
  const [from, to] = wholeBounds(least, most);
  if (factor === 1) {
    return (
      integersBetween(from, to) ?? raise(new NothingFits(where, 'bounds that no number fits', WHOLE_ROOM))
    );
  }
  const text = !least && !most ? multiplesOf(factor as number, (body) => writer.define(body)) : undefined;
  return (
    text ??
    listedMultiples(BigInt(factor as number), from, to) ??
    raise(
      unsupported(
        `${where}/multipleOf`,
        `multipleOf ${factor} with these bounds`,
        'bounds with 1 to 1,000 multiples between them, or none and a factor up to 100',
      ),
    )
  );
}

/** The strictest of two words. */
function boundOf(
  schema: SchemaObject,
  [inclusive, exclusive]: [string, string],
  stricter: (a: number, b: number) => boolean,
): Bound | undefined {
  const [loose, strict] = [schema[inclusive], schema[exclusive]] as (number | undefined)[];
  if (strict !== undefined && (loose === undefined || !stricter(loose, strict))) {
    return { value: strict, exclusive: true };
  }
  return loose === undefined ? undefined : { value: loose, exclusive: false };
}

function wholeBounds(least: Bound | undefined, most: Bound | undefined): [bigint, bigint] {
  let from = -SAFE;
  let to = SAFE;
  if (least && least.value >= -Number.MAX_SAFE_INTEGER) {
    const first = Math.ceil(least.value);
    from = BigInt(first) + (least.exclusive && first === least.value ? 1n : 0n);
  }
  if (most && most.value <= Number.MAX_SAFE_INTEGER) {
    const last = Math.floor(most.value);
    to = BigInt(last) - (most.exclusive && last === most.value ? 1n : 0n);
  }
  return [from, to];
}

function raise(error: Error): never {
  throw error;
}
