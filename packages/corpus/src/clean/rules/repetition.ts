import { mix32 } from '../words.ts';
import type { NormalisedWords } from './normalised-words.ts';

/** How much of a text says the same again, by length of the run of words. */
export interface Repetition {
  /**
   * n = 2, 3, 4 → characters of the most frequent run of n words × how often it stands, ÷ characters of all words
   * (overlaps count twice, as in RedPajama v2); 0 where no run stands twice. Of equally frequent runs the first.
   */
  top: Map<number, number>;
  /** n = 5 … 10 → share of the characters that stand in runs of n words found more than once; each counts once. */
  duplicated: Map<number, number>;
}

const TOP = [2, 3, 4];
const LONGEST = 10;

/**
 * Runs of n words that stand twice are made of two runs of n − 1 words that do: each length looks only where the one
 * before found something, and a run is named by its two halves. The whole is linear in the text and exact.
 */
export function repetitionOf(words: NormalisedWords): Repetition {
  const result: Repetition = { top: new Map(), duplicated: new Map() };
  let level = firstLevel(words);
  for (let n = 2; n <= LONGEST; n++) {
    level = nextLevel(level);
    if (TOP.includes(n)) result.top.set(n, topShare(words, level, n));
    else result.duplicated.set(n, duplicatedShare(words, level, n));
  }
  return result;
}

/** The runs of one length. */
interface Level {
  /** For each position the number, from 1, of the run that begins there; 0 where it stands only once. */
  runs: Int32Array;
  /** Positions with a run, ascending. */
  places: Int32Array;
  /** Highest number in `runs`. */
  distinct: number;
  topCount: number;
  topPlace: number;
}

function firstLevel({ ids, vocabulary }: NormalisedWords): Level {
  const counts = new Int32Array(vocabulary.length);
  for (let i = 0; i < ids.length; i++) counts[ids[i]!]!++;
  const runs = new Int32Array(ids.length);
  let found = 0;
  for (let i = 0; i < ids.length; i++) if (counts[ids[i]!]! > 1) runs[i] = ids[i]! + 1;
  const places = new Int32Array(ids.length);
  for (let i = 0; i < ids.length; i++) if (runs[i]) places[found++] = i;
  return { runs, places: places.subarray(0, found), distinct: vocabulary.length, topCount: 0, topPlace: -1 };
}

function nextLevel(shorter: Level): Level {
  const { runs, places } = shorter;
  let size = 16;
  while (size < 2 * places.length) size *= 2;
  /** Open addressing: number of the run in each slot; its halves and its count by number. */
  const slots = new Int32Array(size);
  const left = new Int32Array(places.length + 1);
  const right = new Int32Array(places.length + 1);
  const counts = new Int32Array(places.length + 1);
  const firsts = new Int32Array(places.length + 1);
  const numbers = new Int32Array(places.length);
  let distinct = 0;
  for (let k = 0; k + 1 < places.length; k++) {
    const i = places[k]!;
    if (places[k + 1] !== i + 1) continue;
    const a = runs[i]!;
    const b = runs[i + 1]!;
    let slot = mix32(a ^ Math.imul(b, 0x9e3779b1)) & (size - 1);
    let number = slots[slot]!;
    while (number !== 0 && (left[number] !== a || right[number] !== b)) {
      slot = (slot + 1) & (size - 1);
      number = slots[slot]!;
    }
    if (number === 0) {
      number = ++distinct;
      slots[slot] = number;
      left[number] = a;
      right[number] = b;
      firsts[number] = i;
    }
    counts[number]!++;
    numbers[k] = number;
  }
  let topCount = 0;
  let topPlace = -1;
  for (let number = 1; number <= distinct; number++) {
    if (counts[number]! <= topCount) continue;
    topCount = counts[number]!;
    topPlace = firsts[number]!;
  }
  const own = new Int32Array(runs.length);
  const kept = new Int32Array(places.length);
  let found = 0;
  for (let k = 0; k < places.length; k++) {
    const number = numbers[k]!;
    if (number === 0 || counts[number]! < 2) continue;
    own[places[k]!] = number;
    kept[found++] = places[k]!;
  }
  return { runs: own, places: kept.subarray(0, found), distinct, topCount, topPlace };
}

function topShare(words: NormalisedWords, level: Level, n: number): number {
  if (level.topCount < 2) return 0;
  let length = 0;
  for (let i = level.topPlace; i < level.topPlace + n; i++) length += words.lengths[words.ids[i]!]!;
  return (length * level.topCount) / words.characters;
}

function duplicatedShare(words: NormalisedWords, level: Level, n: number): number {
  let covered = 0;
  let end = 0;
  for (const place of level.places) {
    for (let i = Math.max(place, end); i < place + n; i++) covered += words.lengths[words.ids[i]!]!;
    end = place + n;
  }
  return words.characters === 0 ? 0 : covered / words.characters;
}
