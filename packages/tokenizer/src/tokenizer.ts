import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { LucieError } from '@lucie/ledger';
import { fromAlphabet, toAlphabet } from './byte-alphabet.ts';
import { type Merge, Merger } from './merger.ts';
import type { PreTokenizer } from './pre-tokenizers.ts';
import { parseTokenizerJson } from './tokenizer-json.ts';
import { utf8Runs } from './utf8-runs.ts';
import { grown, WordTable } from './word-table.ts';

export interface SpecialToken {
  id: number;
  /** As written in a template, e.g. `<|eot_id|>`. */
  text: string;
}

/** What a tokenizer is made of: the content of `tokenizer.json`. */
export interface TokenizerModel {
  preTokenizer: PreTokenizer;
  /** By id: special tokens as they are written, all others in the byte alphabet. All 256 bytes are among them. */
  tokens: string[];
  merges: Merge[];
  specials: SpecialToken[];
}

/** Pieces of up to this many UTF-16 units are remembered with their ids. */
const CACHED_UNITS = 64;
/** The memory of pieces is emptied when it holds this many UTF-16 units: about 100 MB in all. */
const CACHE_UNITS = 1 << 24;

const utf8 = new TextEncoder();

/** Byte-level BPE. Encoding keeps state only to be fast: the same text always gives the same ids. */
export class Tokenizer {
  readonly model: TokenizerModel;
  readonly vocabSize: number;
  readonly specialTokens: readonly SpecialToken[];
  #ids: Map<string, number>;
  #bytesById: (Uint8Array | undefined)[];
  #byteIds = new Int32Array(256);
  #specialIds: Map<string, number>;
  #specialPattern: RegExp | undefined;
  #merger: Merger;
  #output = new Uint32Array(1 << 12);
  #length = 0;
  #word = new Int32Array(CACHED_UNITS * 3);
  #bytes = new Uint8Array(CACHED_UNITS * 3);
  #cache = new WordTable();
  /** Per cached piece, where its ids begin in `#cachedIds`; they end where the next one's begin. */
  #cachedStarts = new Int32Array(1 << 12);
  #cachedIds = new Uint32Array(1 << 13);

  /** Takes over `model`: it must not be changed afterwards. */
  constructor(model: TokenizerModel) {
    this.model = model;
    this.vocabSize = model.tokens.length;
    this.specialTokens = model.specials;
    this.#ids = new Map(model.tokens.map((token, id) => [token, id]));
    this.#specialIds = new Map(model.specials.map(({ id, text }) => [text, id]));
    this.#bytesById = model.tokens.map((token) =>
      this.#specialIds.has(token) ? undefined : fromAlphabet(token),
    );
    for (const [id, bytes] of this.#bytesById.entries()) {
      if (bytes?.length === 1) this.#byteIds[bytes[0]!] = id;
    }
    this.#merger = new Merger(model.merges);
    if (model.specials.length > 0) {
      const longestFirst = model.specials.map(({ text }) => text).sort((a, b) => b.length - a.length);
      this.#specialPattern = new RegExp(
        `(${longestFirst.map((text) => RegExp.escape(text)).join('|')})`,
        'u',
      );
    }
  }

  /**
   * Reads `tokenizer.json`: byte-level BPE with one of our pre-tokenizers, made here or elsewhere.
   * @throws LucieError `TOKENIZER_MISSING`, `TOKENIZER_INVALID`, `TOKENIZER_UNSUPPORTED`
   */
  static async fromFile(path: string): Promise<Tokenizer> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (cause) {
      throw new LucieError({
        code: 'TOKENIZER_MISSING',
        found: `no readable file ${path}`,
        expected: 'a tokenizer.json',
        todo: 'train one with ./lucie tokenizer train, or name the folder of a model that has one',
        cause,
      });
    }
    return new Tokenizer(parseTokenizerJson(text, path));
  }

  /**
   * Ids of a text. The texts of special tokens are plain text, so that what a user types never ends a message, unless
   * `special` asks for them to be read as tokens. A lone surrogate counts as U+FFFD, its UTF-8 form.
   */
  encode(text: string, opts: { special?: boolean } = {}): Uint32Array {
    this.#length = 0;
    if (!opts.special || !this.#specialPattern) this.#encodeText(text);
    else {
      for (const [i, part] of text.split(this.#specialPattern).entries()) {
        if (i % 2 === 0) this.#encodeText(part);
        else this.#emit(this.#specialIds.get(part)!);
      }
    }
    return this.#output.slice(0, this.#length);
  }

  /** Ids of any bytes: valid stretches of UTF-8 as `encode` gives them, every other byte as the token of that byte. */
  encodeBytes(bytes: Uint8Array): Uint32Array {
    this.#length = 0;
    const runs = isUtf8(bytes) ? [{ valid: true, run: bytes }] : utf8Runs(bytes);
    for (const { valid, run } of runs) {
      if (valid) {
        this.#encodeText(Buffer.from(run.buffer, run.byteOffset, run.byteLength).toString('utf8'));
      } else for (const byte of run) this.#emit(this.#byteIds[byte]!);
    }
    return this.#output.slice(0, this.#length);
  }

  /**
   * The text of ids; what is not valid UTF-8 becomes U+FFFD. Special tokens are left out unless `special` asks for them.
   * @throws LucieError `TOKEN_UNKNOWN`
   */
  decode(ids: Iterable<number>, opts: { special?: boolean } = {}): string {
    return Buffer.from(this.decodeBytes(ids, opts)).toString('utf8');
  }

  /**
   * The bytes of ids: `decodeBytes(encodeBytes(b))` is `b` for every `b`. Special tokens are left out unless `special`
   * asks for them.
   * @throws LucieError `TOKEN_UNKNOWN`
   */
  decodeBytes(ids: Iterable<number>, opts: { special?: boolean } = {}): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const id of ids) parts.push(this.tokenBytes(id, opts));
    return new Uint8Array(Buffer.concat(parts));
  }

  /** The bytes of one token; none for a special one unless `special`. */
  tokenBytes(id: number, opts: { special?: boolean } = {}): Uint8Array {
    const token = this.model.tokens[id];
    if (token === undefined) {
      throw new LucieError({
        code: 'TOKEN_UNKNOWN',
        found: `token id ${id}`,
        expected: `0 to ${this.vocabSize - 1}`,
        todo: 'use the tokenizer that the model was trained with',
      });
    }
    const bytes = this.#bytesById[id];
    if (bytes) return bytes;
    return opts.special ? utf8.encode(token) : new Uint8Array(0);
  }

  /** Id of a token as the vocabulary writes it: a special token's text, or bytes in the alphabet. */
  tokenId(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /**
   * Id of a special token.
   * @throws LucieError `SPECIAL_TOKEN_MISSING`
   */
  specialId(text: string): number {
    const id = this.#specialIds.get(text);
    if (id === undefined) {
      throw new LucieError({
        code: 'SPECIAL_TOKEN_MISSING',
        found: `the special tokens ${[...this.#specialIds.keys()].join(' ') || '(none)'}`,
        expected: `${text} among them`,
        todo: 'use a tokenizer that was trained here',
      });
    }
    return id;
  }

  #encodeText(text: string): void {
    const { scan } = this.model.preTokenizer;
    for (let at = 0; at < text.length; ) {
      const end = scan(text, at);
      if (end - at > CACHED_UNITS) {
        const length = this.#encodeWord(text, at, end);
        for (let i = 0; i < length; i++) this.#emit(this.#word[i]!);
      } else this.#emitCached(text, at, end);
      at = end;
    }
  }

  #emitCached(text: string, start: number, end: number): void {
    const before = this.#cache.size;
    const piece = this.#cache.intern(text, start, end);
    if (piece === before) this.#remember(piece, this.#encodeWord(text, start, end));
    const from = this.#cachedStarts[piece]!;
    const to = this.#cachedStarts[piece + 1]!;
    const needed = this.#length + to - from;
    if (needed > this.#output.length) this.#output = grown(this.#output, needed);
    for (let i = from; i < to; i++) this.#output[this.#length++] = this.#cachedIds[i]!;
    if (this.#cache.units > CACHE_UNITS) this.#cache = new WordTable();
  }

  /** Stores `#word[0, length)` as the ids of a piece. */
  #remember(piece: number, length: number): void {
    const from = this.#cachedStarts[piece]!;
    if (piece + 2 > this.#cachedStarts.length) this.#cachedStarts = grown(this.#cachedStarts, piece + 2);
    if (from + length > this.#cachedIds.length) this.#cachedIds = grown(this.#cachedIds, from + length);
    for (let i = 0; i < length; i++) this.#cachedIds[from + i] = this.#word[i]!;
    this.#cachedStarts[piece + 1] = from + length;
  }

  /** Leaves the ids of the pre-token text[start, end) in `#word` and returns how many there are. */
  #encodeWord(text: string, start: number, end: number): number {
    const most = (end - start) * 3;
    if (this.#bytes.length < most) {
      this.#bytes = new Uint8Array(most);
      this.#word = new Int32Array(most);
    }
    const piece = text.slice(start, end);
    const { written } = utf8.encodeInto(piece, this.#bytes);
    if (this.model.preTokenizer.ignoreMerges) {
      const whole = this.#ids.get(toAlphabet(this.#bytes.subarray(0, written)));
      if (whole !== undefined) {
        this.#word[0] = whole;
        return 1;
      }
    }
    for (let i = 0; i < written; i++) this.#word[i] = this.#byteIds[this.#bytes[i]!]!;
    return this.#merger.merge(this.#word, written);
  }

  #emit(id: number): void {
    if (this.#length === this.#output.length) this.#output = grown(this.#output, this.#length + 1);
    this.#output[this.#length++] = id;
  }
}
