/** HTTP headers as `Headers`, a `Map` or a list of pairs: one name may stand several times. */
export type HeaderFields = Iterable<readonly [string, string]>;

/** All values of one header, in order; names are compared without case. */
export function headerValues(headers: HeaderFields, name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (const [key, value] of headers) if (key.trim().toLowerCase() === wanted) values.push(value);
  return values;
}
