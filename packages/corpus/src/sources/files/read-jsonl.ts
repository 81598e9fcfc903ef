import type { Document } from '../../document.ts';
import { reasonOf } from './damage.ts';
import { decodeUtf8 } from './decode-text.ts';
import type { FileReading } from './file-reading.ts';
import { makeDocument } from './make-document.ts';
import { readBytes } from './read-bytes.ts';
import { mapFields, readRecord } from './read-record.ts';
import { splitLines } from './split-lines.ts';

/** One document a line. A line that is none is a complaint; so is what lies behind a damaged place. */
export async function* readJsonl(file: FileReading): AsyncGenerator<Document> {
  const { source, limits } = file;
  for await (const { bytes, number } of splitLines(readBytes(file.path, file), limits.recordBytes)) {
    const key = `${file.key}/${number}`;
    const text = bytes && decodeUtf8(bytes);
    if (text === undefined) {
      await file.complain({
        key,
        why: bytes ? 'not UTF-8' : `a line of more than ${limits.recordBytes} bytes`,
      });
      continue;
    }
    if (text.trim() === '') continue;
    const document = readLine(text, { key, file });
    if (typeof document === 'string') await file.complain({ key, why: document });
    else {
      file.signal.throwIfAborted();
      yield document;
    }
  }

  function readLine(text: string, line: { key: string; file: FileReading }): Document | string {
    try {
      const record: unknown = JSON.parse(text);
      const names = record !== null && typeof record === 'object' ? Object.keys(record) : [];
      const mapping = mapFields(names, source.fields);
      if (source.fields?.text !== undefined && mapping.text === undefined)
        return `no field ${JSON.stringify(source.fields.text)}`;
      return makeDocument(readRecord(record, { key: line.key, mapping }), source);
    } catch (error) {
      return `not JSON: ${reasonOf(error).slice(0, 120)}`;
    }
  }
}
