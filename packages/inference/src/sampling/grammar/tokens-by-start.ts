/** A text that ends after its first byte, or one of 256 second bytes. */
const SECONDS = 257;

/**
 * The texts of a vocabulary by their first two bytes: what a grammar refuses there is refused for hundreds of tokens at
 * once. A tree of all bytes would save little more, and takes many times as long to build.
 */
export interface TokensByStart {
  /** Tokens one after the other: objects for each text would take twenty times the room. */
  texts: Uint8Array;
  /** [tokens + 1] where a token's text begins */
  starts: Uint32Array;
  /** [256 · 257 + 1] where in `tokens` those begin whose texts start so: alone, then by second byte */
  groups: Uint32Array;
  /** Tokens by group, then by id. Those without text are left out. */
  tokens: Uint32Array;
}

/** @param all - bytes by token */
export function tokensByStart(all: readonly Uint8Array[]): TokensByStart {
  const starts = new Uint32Array(all.length + 1);
  const groups = new Uint32Array(256 * SECONDS + 1);
  for (let id = 0; id < all.length; id++) {
    const text = all[id]!;
    starts[id + 1] = starts[id]! + text.length;
    if (text.length > 0) groups[groupOf(text) + 1]!++;
  }
  for (let i = 1; i < groups.length; i++) groups[i]! += groups[i - 1]!;
  const free = groups.slice();
  const tokens = new Uint32Array(groups.at(-1)!);
  for (let id = 0; id < all.length; id++) {
    if (all[id]!.length > 0) tokens[free[groupOf(all[id]!)]!++] = id;
  }
  return { texts: Buffer.concat(all), starts, groups, tokens };
}

function groupOf(text: Uint8Array): number {
  return text[0]! * SECONDS + (text.length > 1 ? text[1]! + 1 : 0);
}

/**
 * Every token whose text is admitted, in no order.
 * @param step - the state after one more byte, or null where it is refused
 */
export function admittedTokens<State>(
  { texts, starts, groups, tokens }: TokensByStart,
  from: State,
  step: (state: State, byte: number) => State | null,
): number[] {
  const found: number[] = [];
  for (let first = 0; first < 256; first++) {
    const group = first * SECONDS;
    if (groups[group] === groups[group + SECONDS]) continue;
    const one = step(from, first);
    if (!one) continue;
    for (let i = groups[group]!; i < groups[group + 1]!; i++) found.push(tokens[i]!);
    for (let second = 0; second < 256; second++) {
      const [begin, end] = [groups[group + second + 1]!, groups[group + second + 2]!];
      const two = begin < end ? step(one, second) : null;
      if (!two) continue;
      for (let i = begin; i < end; i++) {
        const token = tokens[i]!;
        const last = starts[token + 1]!;
        let state: State | null = two;
        for (let at = starts[token]! + 2; at < last && state; at++) state = step(state, texts[at]!);
        if (state) found.push(token);
      }
    }
  }
  return found;
}
