import type { Found } from './make-document.ts';
import { normaliseDate } from './normalise-date.ts';
import { normaliseLanguage } from './normalise-language.ts';
import type { Fields } from './options.ts';

type Field = keyof Fields;

/** Where a document's fields are looked for, in this order, when the source does not name them. */
const USUAL: Readonly<Record<Field, readonly string[]>> = {
  text: ['text', 'content', 'raw_content', 'body'],
  id: ['id', 'doc_id', 'docid', 'uuid'],
  title: ['title'],
  date: ['date', 'published', 'created', 'timestamp', 'date_download'],
  url: ['url', 'uri'],
  language: ['language', 'lang'],
  licence: ['licence', 'license'],
  author: ['author', 'authors', 'creator'],
};

/** For each field of a document the column or key that holds it. */
export type Mapping = Partial<Record<Field, string>>;

/** Chooses among the names that are there: the source's own word, else the first usual one, however it is capitalised. */
export function mapFields(names: ReadonlySet<string> | readonly string[], fields: Fields = {}): Mapping {
  const there = new Set(names);
  const lower = new Map([...there].reverse().map((name) => [name.toLowerCase(), name]));
  const mapping: Mapping = {};
  for (const field of Object.keys(USUAL) as Field[]) {
    const own = fields[field];
    const name =
      own ??
      USUAL[field].find((usual) => there.has(usual)) ??
      USUAL[field].map((usual) => lower.get(usual)).find((usual) => usual !== undefined);
    if (name !== undefined && there.has(name)) mapping[field] = name;
  }
  return mapping;
}

/**
 * What a record (a line of JSON, a row of a table) holds. Its `author` and every key that is no field of a document go
 * to `extra`, beside what an `extra` of its own says.
 */
export function readRecord(record: unknown, opts: { key: string; mapping: Mapping }): Found {
  const entries = isObject(record) ? Object.entries(record) : [];
  const values = new Map(entries);
  const value = (field: Field): unknown => {
    const name = opts.mapping[field];
    return name === undefined ? undefined : values.get(name);
  };
  const { author: _, ...document } = opts.mapping;
  const taken = new Set<string>([...Object.values(document), 'extra']);
  return {
    key: textOf(value('id')) || opts.key,
    text: textOf(value('text')),
    title: textOf(value('title')),
    date: normaliseDate(value('date')),
    url: textOf(value('url')),
    language: normaliseLanguage(textOf(value('language'))),
    licence: textOf(value('licence')),
    extra: extraOf(
      values.get('extra'),
      entries
        .filter(([name, inner]) => !taken.has(name) && inner !== null)
        .map(([name, inner]) => [name === opts.mapping.author ? 'author' : name, inner]),
    ),
  };
}

/** `extra` as text: of its own if there is nothing else, otherwise both in one. */
function extraOf(own: unknown, others: [string, unknown][]): string {
  if (typeof own === 'string' && others.length === 0 && isObject(parse(own))) return own;
  const inner = typeof own === 'string' ? parse(own) : own;
  const kept: [string, unknown][] = isObject(inner)
    ? Object.entries(inner)
    : inner === undefined || inner === null
      ? []
      : [['extra', inner]];
  return JSON.stringify(Object.fromEntries([...others, ...kept]));
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return json === '' ? undefined : json;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}
