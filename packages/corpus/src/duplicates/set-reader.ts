import { join } from 'node:path';
import { BinaryReader } from './binary-file.ts';
import { type UnitIndex, unitOf } from './corpus-index.ts';
import { signatureFiles } from './signature-files.ts';

/** Files open at a time: units may be thousands. */
const OPEN_UNITS = 64;

/** Documents up to which a unit's index is read whole; of a larger one, what is asked for. */
const SMALL_UNIT = 1 << 16;

interface OpenUnit {
  index: BinaryReader;
  whole: Uint32Array | undefined;
  sets: BinaryReader;
}

/**
 * The sets of runs of documents anywhere in the corpus, sorted, each member once. Those read last stay in memory, up
 * to a number of bytes.
 */
export class SetReader {
  #units: readonly UnitIndex[];
  #limit: number;
  #bytes = 0;
  #kept = new Map<number, Uint32Array>();
  #open = new Map<string, OpenUnit>();

  constructor(units: readonly UnitIndex[], memoryBytes: number) {
    this.#units = units;
    this.#limit = memoryBytes;
  }

  /** @param document - its number, counted over all units */
  read(document: number): Uint32Array {
    const kept = this.#kept.get(document);
    if (kept) return kept;
    const set = this.#load(document);
    this.#bytes += set.byteLength;
    this.#kept.set(document, set);
    for (const [oldest, old] of this.#kept) {
      if (this.#bytes <= this.#limit || oldest === document) break;
      this.#bytes -= old.byteLength;
      this.#kept.delete(oldest);
    }
    return set;
  }

  close(): void {
    for (const unit of this.#open.values()) closeUnit(unit);
    this.#open.clear();
  }

  #load(document: number): Uint32Array {
    const unit = unitOf(this.#units, document);
    const files = this.#files(unit);
    const at = 2 * (document - unit.first);
    const [low, high, nextLow, nextHigh] = files.whole?.subarray(at, at + 4) ?? files.index.integers(at, 4);
    const start = high! * 2 ** 32 + low!;
    const set = files.sets.integers(start, nextHigh! * 2 ** 32 + nextLow! - start).sort();
    let unique = 0;
    for (let i = 0; i < set.length; i++) if (i === 0 || set[i] !== set[i - 1]) set[unique++] = set[i]!;
    // A view of few members would keep the whole buffer.
    return unique === set.length ? set : set.slice(0, unique);
  }

  #files(unit: UnitIndex): OpenUnit {
    const open = this.#open.get(unit.name);
    if (open) return open;
    if (this.#open.size >= OPEN_UNITS) {
      const [name, oldest] = this.#open.entries().next().value!;
      closeUnit(oldest);
      this.#open.delete(name);
    }
    const index = new BinaryReader(join(unit.dir, signatureFiles.index));
    const files = {
      index,
      whole: unit.documents <= SMALL_UNIT ? index.integers(0, index.bytes / 4) : undefined,
      sets: new BinaryReader(join(unit.dir, signatureFiles.sets)),
    };
    this.#open.set(unit.name, files);
    return files;
  }
}

function closeUnit(unit: OpenUnit): void {
  unit.index.close();
  unit.sets.close();
}
