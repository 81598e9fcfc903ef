import { fromAlphabet } from './byte-alphabet.ts';
import type { Merge } from './merger.ts';
import { PairQueue } from './pair-queue.ts';
import { PairTable } from './pair-table.ts';
import { grown } from './word-table.ts';

export interface LearnOptions {
  /** Tokens to end with, the initial ones included; fewer when the text has no more frequent pairs. */
  vocabularySize: number;
  /** A pair rarer than this is not merged. */
  minFrequency: number;
  /** In bytes. */
  maxTokenLength: number;
  /** Called now and then with the number of tokens so far. */
  onProgress?: (tokens: number) => void;
}

/**
 * Learns byte-pair merges (Sennrich et al. 2016, on bytes): again and again the most frequent pair of neighbours becomes
 * one token. Ties fall to the lower left id, then the lower right id. Counts are kept up to date per merge, touching
 * only the words that hold the pair.
 *
 * A pair is left alone when its text is already a token (such as a special one: `</s>` in a text must never become
 * the end of the document) or longer than allowed.
 * @param words - pre-tokens as UTF-8 strings with their counts; their order does not matter
 * @param tokens - the initial tokens by id, in the byte alphabet; new ones are appended
 */
export function learnMerges(
  words: Iterable<[word: string, count: number]>,
  tokens: string[],
  options: LearnOptions,
): Merge[] {
  const index = new PairIndex(words, tokens);
  const known = new Set(tokens);
  const merges: Merge[] = [];
  while (tokens.length < options.vocabularySize) {
    const pair = index.takeMostFrequent(options.minFrequency);
    if (pair === undefined) break;
    const [left, right] = pair;
    const text = tokens[left]! + tokens[right]!;
    if (text.length > options.maxTokenLength || known.has(text)) continue;
    index.merge(left, right, tokens.length);
    merges.push([left, right, tokens.length]);
    tokens.push(text);
    known.add(text);
    if (merges.length % 256 === 0) options.onProgress?.(tokens.length);
  }
  return merges;
}

/** The words as sequences of ids, with the count of every pair of neighbours and where it occurs. */
class PairIndex {
  #ids = new Int32Array(1 << 16);
  /** Where each word begins in `#ids`, and how many ids it has now. */
  #starts: number[] = [];
  #lengths: number[] = [];
  #counts: number[] = [];
  #pairs = new PairTable(1 << 12);
  #queue = new PairQueue();
  #pairCounts = new Float64Array(1 << 12);
  /** Occurrences: per pair a linked list of words, each word once. */
  #heads = new Int32Array(1 << 12);
  #nodeWords = new Int32Array(1 << 12);
  #nodeNext = new Int32Array(1 << 12);
  #nodes = 0;

  constructor(words: Iterable<[string, number]>, tokens: readonly string[]) {
    const idOfByte = new Int32Array(256).fill(-1);
    for (const [id, token] of tokens.entries()) {
      const bytes = fromAlphabet(token);
      if (bytes?.length === 1) idOfByte[bytes[0]!] = id;
    }
    const encoder = new TextEncoder();
    let used = 0;
    for (const [text, count] of words) {
      const bytes = encoder.encode(text);
      const word = this.#starts.length;
      if (used + bytes.length > this.#ids.length) this.#ids = grown(this.#ids, used + bytes.length);
      for (const [i, byte] of bytes.entries()) this.#ids[used + i] = idOfByte[byte]!;
      this.#starts.push(used);
      this.#lengths.push(bytes.length);
      this.#counts.push(count);
      for (let at = used; at < used + bytes.length - 1; at++) {
        this.#add(this.#ids[at]!, this.#ids[at + 1]!, word);
      }
      used += bytes.length;
    }
    this.#queueFrom(0);
  }

  /** Takes the most frequent pair out of the index's queue; `undefined` when none reaches `minFrequency`. */
  takeMostFrequent(minFrequency: number): [left: number, right: number] | undefined {
    for (;;) {
      const top = this.#queue.pop();
      if (top === undefined) return undefined;
      const [pair, count] = top;
      const [left, right] = this.#queue.pair(pair);
      const now = this.#pairCounts[pair]!;
      if (now !== count) {
        // Counts fall while a pair waits; it goes back with what is left of it.
        if (now > 0) this.#queue.push(pair, now);
      } else return count >= Math.max(1, minFrequency) ? [left, right] : undefined;
    }
  }

  /** Replaces every occurrence of (left, right), from the left of each word, by `result`. */
  merge(left: number, right: number, result: number): void {
    const pair = this.#pairs.get(left, right);
    const before = this.#pairs.size;
    for (let node = this.#heads[pair]!; node !== 0; node = this.#nodeNext[node]!) {
      this.#mergeIn(this.#nodeWords[node]!, [left, right, result]);
    }
    this.#pairCounts[pair] = 0;
    this.#heads[pair] = 0;
    this.#queueFrom(before);
  }

  #mergeIn(word: number, [left, right, result]: Merge): void {
    const ids = this.#ids;
    const start = this.#starts[word]!;
    const end = start + this.#lengths[word]!;
    let written = start;
    for (let at = start; at < end; at++) {
      if (ids[at] !== left || at + 1 >= end || ids[at + 1] !== right) {
        ids[written++] = ids[at]!;
        continue;
      }
      if (written > start) {
        this.#remove(ids[written - 1]!, left, word);
        this.#add(ids[written - 1]!, result, word);
      }
      if (at + 2 < end) {
        this.#remove(right, ids[at + 2]!, word);
        this.#add(result, ids[at + 2]!, word);
      }
      ids[written++] = result;
      at++;
    }
    this.#lengths[word] = written - start;
  }

  #remove(left: number, right: number, word: number): void {
    this.#pairCounts[this.#pairs.get(left, right)]! -= this.#counts[word]!;
  }

  #add(left: number, right: number, word: number): void {
    let pair = this.#pairs.get(left, right);
    if (pair < 0) {
      pair = this.#pairs.size;
      this.#pairs.set(left, right, pair);
      this.#queue.name(pair, left, right);
      if (pair >= this.#pairCounts.length) {
        this.#pairCounts = grown(this.#pairCounts, pair + 1);
        this.#heads = grown(this.#heads, pair + 1);
      }
    }
    this.#pairCounts[pair]! += this.#counts[word]!;
    const head = this.#heads[pair]!;
    // Words are visited one after the other, so a word already listed is at the head. Node 0 stands for none.
    if (head !== 0 && this.#nodeWords[head] === word) return;
    const node = ++this.#nodes;
    if (node >= this.#nodeWords.length) {
      this.#nodeWords = grown(this.#nodeWords, node + 1);
      this.#nodeNext = grown(this.#nodeNext, node + 1);
    }
    this.#nodeWords[node] = word;
    this.#nodeNext[node] = head;
    this.#heads[pair] = node;
  }

  #queueFrom(first: number): void {
    for (let pair = first; pair < this.#pairs.size; pair++) {
      if (this.#pairCounts[pair]! > 0) this.#queue.push(pair, this.#pairCounts[pair]!);
    }
  }
}
