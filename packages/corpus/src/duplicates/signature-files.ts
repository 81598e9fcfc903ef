import { join } from 'node:path';
import { BinaryWriter } from './binary-file.ts';

/** Keys of bands are cut into so many slices by their first 12 bits: the smallest part that is compared at a time. */
export const SLICES = 4096;
export const SLICE_SHIFT = 20;
/** Integers of 32 bits that a key takes: low half, high half, row. */
export const ENTRY = 3;
/** Integers before a run's entries: where each slice begins, in entries, and where the last one ends. */
export const RUN_HEADER = SLICES + 1;
/** Entries that are sorted into slices in memory, then written: a run. */
const RUN_ENTRIES = 1 << 20;

/** Files of a unit of the step `signatures`. */
export const signatureFiles = {
  /** A line per document: `DocumentLine`. */
  documents: 'documents.jsonl',
  /** Runs: a table of slices, then the entries of each slice, in the order of their rows. */
  bands: 'bands.bin',
  /** Hashes of the runs of words of each document, as they come in the text; for verification. */
  sets: 'sets.bin',
  /** Where each document's set begins in `sets`, in integers: low half, high half; one more for the end. */
  index: 'sets.idx',
  /** `Counts` */
  counts: 'counts.json',
} as const;

/** What `counts.json` holds. */
export interface Counts {
  documents: number;
  /** Keys of bands. */
  entries: number;
}

/** What decides who stays. */
export interface DocumentLine {
  id: string;
  /** As in the document, `9999` where nobody knows. */
  date: string;
  /** `licenceRank` */
  licence: number;
  /** Of all words. */
  hash: string;
}

/** Writes the files of a unit, document by document. */
export class SignatureWriter {
  documents = 0;
  entries = 0;
  #lines: BinaryWriter;
  #bands: BinaryWriter;
  #sets: BinaryWriter;
  #index: BinaryWriter;
  #low = new Int32Array(4096);
  #high = new Int32Array(4096);
  #row = new Int32Array(4096);
  #used = 0;
  #position = 0;
  #word = new Uint32Array(2);

  constructor(dir: string) {
    this.#lines = new BinaryWriter(join(dir, signatureFiles.documents));
    this.#bands = new BinaryWriter(join(dir, signatureFiles.bands));
    this.#sets = new BinaryWriter(join(dir, signatureFiles.sets));
    this.#index = new BinaryWriter(join(dir, signatureFiles.index));
  }

  /** @param keys - low and high halves in turn; none for a text without words */
  add(line: DocumentLine, keys: Int32Array, set: Int32Array): void {
    this.#lines.text(
      `{"id":${JSON.stringify(line.id)},"date":${JSON.stringify(line.date)},"licence":${line.licence},"hash":"${line.hash}"}\n`,
    );
    this.#mark();
    this.#sets.write(set);
    this.#position += set.length;
    const count = keys.length / 2;
    if (this.#used + count > RUN_ENTRIES) this.#flush();
    while (this.#used + count > this.#low.length) this.#grow();
    for (let i = 0; i < count; i++) {
      this.#low[this.#used] = keys[2 * i]!;
      this.#high[this.#used] = keys[2 * i + 1]!;
      this.#row[this.#used++] = this.documents;
    }
    this.entries += count;
    this.documents++;
  }

  close(): void {
    this.#mark();
    if (this.#used > 0) this.#flush();
    for (const file of this.#files()) file.close();
  }

  abandon(): void {
    for (const file of this.#files()) file.abandon();
  }

  #files(): BinaryWriter[] {
    return [this.#lines, this.#bands, this.#sets, this.#index];
  }

  #mark(): void {
    this.#word[0] = this.#position % 2 ** 32;
    this.#word[1] = Math.floor(this.#position / 2 ** 32);
    this.#index.write(this.#word);
  }

  #grow(): void {
    const wider = (old: Int32Array) => {
      const wide = new Int32Array(2 * old.length);
      wide.set(old);
      return wide;
    };
    this.#low = wider(this.#low);
    this.#high = wider(this.#high);
    this.#row = wider(this.#row);
  }

  /** Sorts the entries into slices by counting: rows keep their order. */
  #flush(): void {
    const run = new Int32Array(RUN_HEADER + ENTRY * this.#used);
    for (let i = 0; i < this.#used; i++) run[(this.#high[i]! >>> SLICE_SHIFT) + 1]!++;
    for (let slice = 0; slice < SLICES; slice++) run[slice + 1]! += run[slice]!;
    const next = run.slice(0, SLICES);
    for (let i = 0; i < this.#used; i++) {
      const at = RUN_HEADER + ENTRY * next[this.#high[i]! >>> SLICE_SHIFT]!++;
      run[at] = this.#low[i]!;
      run[at + 1] = this.#high[i]!;
      run[at + 2] = this.#row[i]!;
    }
    this.#bands.write(run);
    this.#used = 0;
  }
}
