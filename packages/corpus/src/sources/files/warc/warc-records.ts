import { ByteReader } from '../byte-reader.ts';

/** A record of a WARC file (ISO 28500). */
export interface WarcRecord {
  /** From 1, counting every record of the file. */
  number: number;
  /** `WARC-Type`: `response`, `conversion`, … */
  type: string;
  /** Names in lower case; the first value of each. */
  headers: ReadonlyMap<string, string>;
  block: Buffer;
}

const VERSION = /^WARC\/\d\.\d$/;
/** A header line, and all of a record's, beyond any that is meant. */
const LINE = 65_536;
const LINES = 1000;

/**
 * The wanted records of a WARC file in order; the blocks of others are passed over. Where no record begins, the next one is
 * looked for. Our own reader, since `warcio` prints its warnings, takes damaged gzip for plain bytes without a word,
 * and has no bound on what a header holds.
 */
export async function* warcRecords(
  bytes: AsyncIterable<Buffer>,
  opts: {
    wants(record: Omit<WarcRecord, 'block'>): boolean;
    maxBytes: number;
    /** Of a larger record its first `maxBytes`, in place of a complaint. */
    cut?: boolean;
    complain(number: number, why: string): unknown;
  },
): AsyncGenerator<WarcRecord> {
  const reader = new ByteReader(bytes);
  let number = 1;
  let lost = false;
  try {
    for (let line = await reader.line(LINE); line !== undefined; line = await reader.line(LINE)) {
      const text = line.toString('latin1').trim();
      if (text === '') continue;
      if (!VERSION.test(text)) {
        if (!lost) await opts.complain(number++, 'no WARC record where one should begin');
        lost = true;
        continue;
      }
      lost = false;
      const headers = await readHeaders(reader);
      const length = Number(/^\d{1,15}$/.exec(headers?.get('content-length') ?? '')?.[0] ?? Number.NaN);
      if (!headers || Number.isNaN(length)) {
        await opts.complain(
          number++,
          headers ? 'a WARC record without a length' : 'a WARC record whose header does not end',
        );
        continue;
      }
      const head = { number: number++, type: headers.get('warc-type') ?? '', headers };
      const wanted = opts.wants(head);
      const taken = opts.cut ? Math.min(length, opts.maxBytes) : length;
      if (wanted && taken > opts.maxBytes) await opts.complain(head.number, `a record of ${length} bytes`);
      const block = wanted && taken <= opts.maxBytes ? await reader.take(taken) : undefined;
      if (block) {
        yield { ...head, block };
        await reader.skip(length - taken);
      } else if (wanted && taken <= opts.maxBytes)
        await opts.complain(head.number, 'the file ends inside this record');
      else if (!(await reader.skip(length))) await opts.complain(number++, 'the file ends inside a record');
    }
  } finally {
    await reader.close();
  }
}

async function readHeaders(reader: ByteReader): Promise<Map<string, string> | undefined> {
  const headers = new Map<string, string>();
  let last = '';
  for (let count = 0; count < LINES; count++) {
    const line = await reader.line(LINE);
    if (line === undefined) return undefined;
    const text = line.toString('utf8');
    if (text.trim() === '') return headers;
    const colon = text.indexOf(':');
    if (/^[ \t]/.test(text)) headers.set(last, `${headers.get(last) ?? ''} ${text.trim()}`);
    else if (colon > 0) {
      last = text.slice(0, colon).trim().toLowerCase();
      if (!headers.has(last)) headers.set(last, text.slice(colon + 1).trim());
    }
  }
  return undefined;
}

/** The address of a record; some tools write it between brackets. */
export function targetUrl(record: Pick<WarcRecord, 'headers'>): string {
  return (record.headers.get('warc-target-uri') ?? '').replace(/^<(.*)>$/, '$1');
}
