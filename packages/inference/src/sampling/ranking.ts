/** Ids stand in the low 21 bits of a key, scores in the 32 above: 53 are exact in a double. */
const ID_ROOM = 2 ** 21;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * One number that orders a score and its index: smaller for larger scores, and for the smaller index of equal ones. So
 * typed arrays sort candidates natively, without a comparison in JavaScript.
 */
export function rankKey(score: number, index: number): number {
  // Adding 0 makes −0 equal to 0.
  float[0] = score + 0;
  const raw = bits[0]!;
  const ordered = raw >= 0x80000000 ? ~raw >>> 0 : raw + 0x80000000;
  return (0xffffffff - ordered) * ID_ROOM + index;
}

/** The index inside a key. */
export function indexOfKey(key: number): number {
  return key % ID_ROOM;
}

let keys = new Float64Array(1024);

function room(size: number): Float64Array {
  if (keys.length < size) keys = new Float64Array(2 * size);
  return keys;
}

/** Indices of the scores above `floor`, best first; the first of equals comes first. Undefined when they are more than `most`. */
export function rankedAbove(scores: Float32Array, floor: number, most = Infinity): Uint32Array | undefined {
  const buffer = room(Math.min(scores.length, most));
  let size = 0;
  for (let i = 0; i < scores.length; i++) {
    if (!(scores[i]! > floor)) continue;
    if (size === most) return undefined;
    buffer[size++] = rankKey(scores[i]!, i);
  }
  return sortedIndices(buffer, size);
}

/** Indices of the scores that are taken, best first; the first of equals comes first. */
export function rankedOf(scores: Float32Array, takes: (score: number) => boolean): Uint32Array {
  const buffer = room(scores.length);
  let size = 0;
  for (let i = 0; i < scores.length; i++) if (takes(scores[i]!)) buffer[size++] = rankKey(scores[i]!, i);
  return sortedIndices(buffer, size);
}

function sortedIndices(buffer: Float64Array, size: number): Uint32Array {
  const sorted = buffer.subarray(0, size).sort();
  const indices = new Uint32Array(size);
  for (let i = 0; i < size; i++) indices[i] = indexOfKey(sorted[i]!);
  return indices;
}

/**
 * Indices of the `k` largest scores, best first; the first of equals comes first. NaN and −Infinity are left out.
 * One pass: what exceeds the worst of the best so far is collected, and the collection is cut back whenever it is full.
 */
export function rankedBest(scores: Float32Array, k: number): Uint32Array {
  const full = 4 * k + 64;
  if (full >= scores.length) return rankedOf(scores, (score) => score > -Infinity).subarray(0, k);
  const buffer = room(full);
  let size = 0;
  let floor = -Infinity;
  for (let i = 0; i < scores.length; i++) {
    // A later index loses against an equal score, so only what is larger can enter.
    if (!(scores[i]! > floor)) continue;
    buffer[size++] = rankKey(scores[i]!, i);
    if (size < full) continue;
    buffer.subarray(0, size).sort();
    size = k;
    floor = scores[indexOfKey(buffer[k - 1]!)]!;
  }
  return sortedIndices(buffer, size).subarray(0, k);
}

/** Index of the largest value, the first of equals; −1 when none is a number above −Infinity. */
export function argmax(values: Float32Array): number {
  let best = -1;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value > max) {
      max = value;
      best = i;
    }
  }
  return best;
}
