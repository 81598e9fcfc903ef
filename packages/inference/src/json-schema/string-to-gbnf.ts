import { literal, MOST_TIMES, times } from './gbnf-text.ts';
import { NothingFits, type SchemaObject, unsupported } from './json-schema.ts';
import { CHARACTER, FORMATS } from './json-string.ts';
import { PatternUnsupported, patternToGbnf } from './pattern-to-gbnf.ts';
import { patternWithLength } from './pattern-with-length.ts';

/**
 * GBNF of strings; of length and one of the others only one, as a grammar cannot hold two at once. Beside a `pattern`
 * the `format` is an annotation, as draft 2020-12 has it by default: validation libraries write both for the same thing.
 */
export function stringToGbnf(schema: SchemaObject, where: string): string {
  const least = (schema.minLength as number | undefined) ?? 0;
  const most = (schema.maxLength as number | undefined) ?? Infinity;
  const { format } = schema;
  let { pattern } = schema;
  const lengths = least > 0 || most < Infinity;
  const counted = lengths && pattern !== undefined;
  if (counted) pattern = patternWithLength(pattern as string, least, most);
  if (lengths && (counted ? pattern === undefined : format !== undefined)) {
    throw unsupported(
      where,
      'a length together with pattern or format',
      'one of them, or a pattern such as ^[a-z]+$',
    );
  }
  if (least > most) throw new NothingFits(where, `minLength ${least}`, `at most ${most}`);
  if (least > MOST_TIMES) throw unsupported(where, `minLength ${least}`, `at most ${MOST_TIMES}`);
  return `${literal('"')} ${body()} ${literal('"')}`;

  function body(): string {
    if (pattern !== undefined) return patternBody(pattern as string, `${where}/pattern`);
    if (format !== undefined) {
      const known = FORMATS.get(String(format));
      if (known) return known;
      throw unsupported(`${where}/format`, JSON.stringify(format), [...FORMATS.keys()].join(', '));
    }
    // A larger bound is kept by a smaller one.
    return times(CHARACTER, least, most === Infinity ? Infinity : Math.min(most, MOST_TIMES));
  }
}

function patternBody(pattern: string, where: string): string {
  try {
    return `(${patternToGbnf(pattern)})`;
  } catch (error) {
    if (!(error instanceof PatternUnsupported)) throw error;
    throw unsupported(
      where,
      error.message,
      'characters, classes, groups, alternatives, quantifiers, ^ at the beginning and $ at the end',
    );
  }
}
