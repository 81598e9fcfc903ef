import { type FileHandle, open } from 'node:fs/promises';
import { sha256 } from '@lucie/ledger';

const MAGIC = Buffer.from('LUCIEPRE');
const VERSION = 1;

/** What the head of a stored prefix says of it. */
export interface PrefixHead {
  tokens: number[];
  /** What wrote it: another engine's memory may look otherwise. */
  engine: string;
  /** SHA-256 of the state. */
  sha256: string;
  /** For people. */
  name: string;
}

/** SHA-256 of tokens as 32-bit little-endian numbers: the name of their file. */
export function tokensHash(tokens: readonly number[]): string {
  const bytes = Buffer.alloc(4 * tokens.length);
  for (const [i, token] of tokens.entries()) bytes.writeUInt32LE(token, 4 * i);
  return sha256(bytes);
}

/** SHA-256, hexadecimal, on a thread of libuv's pool: hundreds of megabytes would hold up the event loop. */
export async function hashState(state: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', state)).toString('hex');
}

/** A file: eight letters, length of the head (32 bits, little-endian), the head as JSON, llama.cpp's state to the end. */
export function prefixFile(head: PrefixHead, state: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify({ version: VERSION, ...head }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([MAGIC, length, json, state]);
}

/** The head of a file, and where its state begins; undefined for any other file. */
export async function readHead(
  handle: FileHandle,
): Promise<{ head: PrefixHead; start: number; size: number } | undefined> {
  const { size } = await handle.stat();
  const first = Buffer.alloc(MAGIC.length + 4);
  await handle.read(first, 0, first.length, 0);
  const length = first.readUInt32LE(MAGIC.length);
  const start = first.length + length;
  if (!first.subarray(0, MAGIC.length).equals(MAGIC) || start > size) return undefined;
  const json = Buffer.alloc(length);
  await handle.read(json, 0, length, first.length);
  try {
    const head = JSON.parse(json.toString()) as PrefixHead & { version: number };
    const whole =
      head.version === VERSION &&
      Array.isArray(head.tokens) &&
      head.tokens.every((token) => Number.isInteger(token) && token >= 0 && token < 2 ** 31);
    return whole ? { head, start, size } : undefined;
  } catch {
    return undefined;
  }
}

/** The state of a file whose head is known; undefined when the file is not what it was, or gone. */
export async function readState(path: string, known: PrefixHead): Promise<Buffer | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const found = await readHead(handle);
    if (!found || found.head.sha256 !== known.sha256) return undefined;
    const state = Buffer.allocUnsafeSlow(found.size - found.start);
    let read = 0;
    while (read < state.length) {
      const { bytesRead } = await handle.read(state, read, state.length - read, found.start + read);
      if (bytesRead === 0) return undefined;
      read += bytesRead;
    }
    return (await hashState(state)) === known.sha256 ? state : undefined;
  } finally {
    await handle.close();
  }
}
