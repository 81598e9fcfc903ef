import { crc32, inflateRawSync } from 'node:zlib';
import { broken, tooLarge, unreadFormat } from '../document-error.ts';
import type { IngestLimits } from '../ingest-limits.ts';

/** More than any office document has; a bomb of names stops here. */
const MOST_MEMBERS = 20_000;

/**
 * XML of an office document shrinks to a tenth or a fiftieth; deflate's own bound is 1,032. What is small when unpacked may
 * shrink as it likes.
 */
const HIGHEST_RATIO = 250;
const SMALL = 4 * 2 ** 20;

export interface ZipMember {
  name: string;
  method: number;
  crc: number;
  packed: number;
  /** As the archive claims; what counts is counted while unpacking. */
  unpacked: number;
  /** Of its local header. */
  offset: number;
}

/**
 * The members of a ZIP, from its central directory (APPNOTE 6.3.10, 4.3). Folders are left out.
 * @throws LucieError DOCUMENT_BROKEN when it is not whole, or has names that point outside of it or stand twice: two
 * programs would read such a file differently. DOCUMENT_FORMAT for one with a password.
 */
export function listMembers(bytes: Uint8Array): ZipMember[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, start } = directory(view);
  const members = new Map<string, ZipMember>();
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== 0x02014b50)
      throw broken('a ZIP whose list of parts is damaged');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      view.readUInt16LE(at + field),
    );
    const name = view.toString('utf8', at + 46, at + 46 + nameLength!).replaceAll('\\', '/');
    if (view.readUInt16LE(at + 8) & 1)
      throw unreadFormat('a file with a password', 'save it without one and add it again');
    checkName(name);
    if (members.has(name)) throw broken('a ZIP that has two parts of the same name');
    members.set(name, {
      name,
      method: view.readUInt16LE(at + 10),
      crc: view.readUInt32LE(at + 16),
      packed: view.readUInt32LE(at + 20),
      unpacked: view.readUInt32LE(at + 24),
      offset: view.readUInt32LE(at + 42),
    });
    at += 46 + nameLength! + extraLength! + commentLength!;
  }
  return [...members.values()].filter((member) => !member.name.endsWith('/'));
}

/** The end record stands in the last 64 KiB, before a comment. */
function directory(view: Buffer): { count: number; start: number } {
  const last = view.length - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.readUInt32LE(at) !== 0x06054b50 || at + 22 + view.readUInt16LE(at + 20) !== view.length)
      continue;
    const [count, start] = [view.readUInt16LE(at + 10), view.readUInt32LE(at + 16)];
    if (count > MOST_MEMBERS) throw broken(`a ZIP of ${count.toLocaleString('en')} parts`);
    return { count, start };
  }
  throw broken('a ZIP that ends too early');
}

function checkName(name: string): void {
  if (name.includes('\0') || name.startsWith('/') || /^[a-z]:/i.test(name) || name.split('/').includes('..'))
    throw broken('a ZIP with a part that would be unpacked outside of it');
}

/** Unpacks members one by one and stops when they hold more than the limits allow, whatever the archive claims. */
export class ZipArchive {
  readonly #view: Buffer;
  readonly #limits: IngestLimits;
  readonly #members: Map<string, ZipMember>;
  #left: number;

  constructor(bytes: Uint8Array, limits: IngestLimits) {
    this.#view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
    this.#left = limits.expandedBytes;
    this.#members = new Map(listMembers(bytes).map((member) => [member.name, member]));
    let claimed = 0;
    for (const member of this.#members.values()) claimed += member.unpacked;
    if (claimed > limits.expandedBytes) throw tooLarge('expandedBytes', claimed, limits);
  }

  get names(): string[] {
    return [...this.#members.keys()].sort();
  }

  /** The bytes of a member; undefined when there is none of that name. */
  read(name: string): Buffer | undefined {
    const member = this.#members.get(name);
    if (!member) return undefined;
    const content = this.#unpack(member, this.#packed(member));
    this.#left -= content.length;
    if (content.length !== member.unpacked || crc32(content) !== member.crc)
      throw broken(`a part ${member.name} that is damaged`);
    return content;
  }

  #packed(member: ZipMember): Buffer {
    const { offset } = member;
    if (offset + 30 > this.#view.length || this.#view.readUInt32LE(offset) !== 0x04034b50)
      throw broken('a ZIP whose parts are not where its list says');
    const start = offset + 30 + this.#view.readUInt16LE(offset + 26) + this.#view.readUInt16LE(offset + 28);
    if (start + member.packed > this.#view.length) throw broken('a ZIP that ends too early');
    return this.#view.subarray(start, start + member.packed);
  }

  #unpack(member: ZipMember, packed: Buffer): Buffer {
    const most = Math.min(this.#left, Math.max(SMALL, packed.length * HIGHEST_RATIO));
    if (member.method === 0 && packed.length <= most) return packed;
    if (member.method === 0)
      throw tooLarge('expandedBytes', `more than ${this.#limits.expandedBytes}`, this.#limits);
    if (member.method !== 8)
      throw broken(`a part ${member.name} packed by a method that documents do not use`);
    try {
      return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE')
        throw broken(`a part ${member.name} that is damaged`, error);
      if (most === this.#left)
        throw tooLarge(
          'expandedBytes',
          `more than ${this.#limits.expandedBytes.toLocaleString('en')}`,
          this.#limits,
        );
      throw broken(
        `a part ${member.name} that unpacks to more than ${HIGHEST_RATIO} times its size, as ZIP bombs do`,
      );
    }
  }
}
