import { type Document, parseExtra } from '../../document.ts';

/** What stands in `extra` under a path with dots. JSON inside strings, as some data sets nest it, is opened. */
export function extraValue(document: Pick<Document, 'extra'>, path: string): unknown {
  let value: unknown = parseExtra(document);
  for (const key of path.split('.')) {
    if (typeof value === 'string') value = parsed(value);
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/**
 * The same as a number: a number, a numeral, or RedPajama v2's `[[start, end, value]]`; undefined for all else.
 */
export function extraNumber(document: Pick<Document, 'extra'>, path: string): number | undefined {
  let value = extraValue(document, path);
  if (Array.isArray(value) && value.length === 1 && Array.isArray(value[0]))
    value = (value[0] as unknown[])[2];
  if (typeof value === 'string' && /^\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(value)) value = Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
