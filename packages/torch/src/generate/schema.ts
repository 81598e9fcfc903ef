/** One argument of an operator, as its schema says. */
export interface SchemaArgument {
  name: string;
  /** e.g. `Tensor`, `SymInt[]`, `Tensor?[]`, without alias marks. */
  type: string;
  optional: boolean;
  /** Absent when the caller must give a value. */
  default?: string;
  /** The tensor is overwritten: `Tensor(a!)`. */
  mutable: boolean;
  /** Stands after `*`. */
  keyword: boolean;
}

/** An operator's schema, taken apart. */
export interface Schema {
  /** e.g. `aten::mul.Tensor`. */
  name: string;
  text: string;
  args: SchemaArgument[];
  returns: { type: string; mutable: boolean }[];
}

/**
 * Parses what libtorch prints for an operator: `aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`.
 * @throws Error for text of another form
 */
export function parseSchema(text: string): Schema {
  const match = /^([\w:.]+)\((.*)\) -> (.*)$/.exec(text);
  if (!match) throw new Error(`not an operator's schema: ${text}`);
  const [, name, args, returns] = match as unknown as [string, string, string, string];
  const parts = splitOutside(args);
  const star = parts.indexOf('*');
  const inner = returns.startsWith('(') ? returns.slice(1, -1) : returns;
  return {
    name,
    text,
    args: parts
      .map((part, at) => ({ part, keyword: star >= 0 && at > star }))
      .filter(({ part }) => part !== '*')
      .map(({ part, keyword }) => parseArgument(part, keyword)),
    returns: splitOutside(inner).map((part) => parseType(part.split(' ')[0]!)),
  };
}

function parseArgument(text: string, keyword: boolean): SchemaArgument {
  const match = /^(\S+(?: -> [^)]*\)\S*)?) (\w+)(?:=(.*))?$/.exec(text);
  if (!match) throw new Error(`not an operator's argument: ${text}`);
  const { type, mutable } = parseType(match[1]!);
  const optional = type.endsWith('?');
  return {
    name: match[2]!,
    type: optional ? type.slice(0, -1) : type,
    optional,
    mutable,
    keyword,
    ...(match[3] === undefined ? {} : { default: match[3] }),
  };
}

/** Drops alias marks `(a!)` and fixed list lengths `[3]`. */
function parseType(text: string): { type: string; mutable: boolean } {
  return { type: text.replace(/\([^)]*\)/g, '').replace(/\[\d+\]/g, '[]'), mutable: text.includes('!') };
}

/** Splits at `, ` outside brackets and quotes. */
function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let current = '';
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    if ('([{'.includes(char)) depth++;
    if (')]}'.includes(char)) depth--;
    if (char === ',' && depth === 0 && !quoted) {
      parts.push(current.trim());
      current = '';
    } else current += char;
  }
  if (current.trim()) parts.push(current.trim());
  return parts;
}
