import { LucieError } from '@lucie/ledger';

/** First bytes of a Megatron index file. */
export const MAGIC = new TextEncoder().encode('MMIDIDX\0\0');
export const VERSION = 1;

/** Megatron's codes of the two id widths in use here. */
export const DTYPE_CODE = { uint16: 8, int32: 4 } as const;
export type IdType = keyof typeof DTYPE_CODE;

/** The narrowest id type that holds a vocabulary. */
export function idTypeFor(vocabSize: number): IdType {
  return vocabSize <= 65_535 ? 'uint16' : 'int32';
}

export function idBytes(type: IdType): 2 | 4 {
  return type === 'uint16' ? 2 : 4;
}

/** A `.idx` file's content. */
export interface ShardIndex {
  type: IdType;
  /** Tokens of each sequence. Here one sequence is one document with its end token. */
  lengths: Int32Array;
  /** Index of each document's first sequence, with the number of sequences at the end. */
  documents: BigInt64Array;
}

/**
 * The bytes of a `.idx` file: magic, version (u64), type code (u8), number of sequences (u64), entries of the document
 * index (u64), lengths (i32), byte offsets in the `.bin` file (i64), document index (i64); little-endian throughout.
 * Layout of Megatron-LM's `megatron/core/datasets/indexed_dataset.py`.
 */
export function encodeIndex({ type, lengths, documents }: ShardIndex): Uint8Array {
  const bytes = new Uint8Array(HEADER + lengths.length * 12 + documents.length * 8);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setBigUint64(9, BigInt(VERSION), true);
  view.setUint8(17, DTYPE_CODE[type]);
  view.setBigUint64(18, BigInt(lengths.length), true);
  view.setBigUint64(26, BigInt(documents.length), true);
  let at = HEADER;
  for (const length of lengths) {
    view.setInt32(at, length, true);
    at += 4;
  }
  let offset = 0;
  for (const length of lengths) {
    view.setBigInt64(at, BigInt(offset), true);
    offset += length * idBytes(type);
    at += 8;
  }
  for (const document of documents) {
    view.setBigInt64(at, document, true);
    at += 8;
  }
  return bytes;
}

const HEADER = 34;

/**
 * Reads a `.idx` file's bytes and checks it against itself and the size of its `.bin` file.
 * @throws LucieError `SHARD_FOREIGN` (another format), `SHARD_TRUNCATED` (a file too short), `SHARD_INVALID`
 */
export function decodeIndex(bytes: Uint8Array, place: { prefix: string; binBytes: number }): ShardIndex {
  const { prefix, binBytes } = place;
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw fault('FOREIGN', prefix, 'no Megatron index');
  if (bytes.length < HEADER) throw fault('TRUNCATED', prefix, `an index of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getBigUint64(9, true);
  if (version !== BigInt(VERSION)) throw fault('FOREIGN', prefix, `index version ${version}`);
  const code = view.getUint8(17);
  const type = (Object.keys(DTYPE_CODE) as IdType[]).find((name) => DTYPE_CODE[name] === code);
  if (!type) throw fault('FOREIGN', prefix, `type code ${code}`);
  const sequences = Number(view.getBigUint64(18, true));
  const entries = Number(view.getBigUint64(26, true));
  const expected = HEADER + sequences * 12 + entries * 8;
  if (bytes.length !== expected) {
    const what = `an index of ${bytes.length} bytes where its counts ask for ${expected}`;
    throw fault(bytes.length < expected ? 'TRUNCATED' : 'INVALID', prefix, what);
  }
  const lengths = new Int32Array(sequences);
  let at = HEADER;
  for (let i = 0; i < sequences; i++, at += 4) lengths[i] = view.getInt32(at, true);
  let offset = 0;
  for (const length of lengths) {
    if (length < 0 || view.getBigInt64(at, true) !== BigInt(offset)) {
      throw fault('INVALID', prefix, 'sequences that do not follow each other');
    }
    offset += length * idBytes(type);
    at += 8;
  }
  const documents = new BigInt64Array(entries);
  for (let i = 0; i < entries; i++, at += 8) documents[i] = view.getBigInt64(at, true);
  if (!isDocumentIndex(documents, sequences)) throw fault('INVALID', prefix, 'a broken document index');
  if (binBytes !== offset) {
    const what = `${binBytes} bytes of tokens where the index asks for ${offset}`;
    throw fault(binBytes < offset ? 'TRUNCATED' : 'INVALID', prefix, what);
  }
  return { type, lengths, documents };
}

/** From 0 to the number of sequences without a step back. */
function isDocumentIndex(documents: BigInt64Array, sequences: number): boolean {
  return (
    documents[0] === 0n &&
    documents.at(-1) === BigInt(sequences) &&
    documents.every((entry, i) => i === 0 || entry >= documents[i - 1]!)
  );
}

export function fault(
  kind: 'FOREIGN' | 'TRUNCATED' | 'INVALID' | 'MISSING',
  prefix: string,
  found: string,
): LucieError {
  return new LucieError({
    code: `SHARD_${kind}`,
    found: `${found} at ${prefix}`,
    expected: 'a whole token shard (.bin and .idx, Megatron format, uint16 or int32)',
    todo: 'remove the tokens stage and call make again',
  });
}
