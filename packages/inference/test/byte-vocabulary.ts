import { Random } from '@lucie/ledger';
import { type Grammar, Sampler, type SamplingOptions } from '../src/index.ts';

/** Tokens of more than one byte: pieces of JSON, half characters, a character of four bytes. */
const LONGER: (string | number[])[] = [
  ...[
    '{"',
    '": ',
    '", "',
    '"}',
    '[[',
    ']]',
    'true',
    'null',
    '12',
    '-1',
    '0.5',
    'été',
    '🙂',
    'a',
    'ab',
    'abc',
  ],
  [0xc3],
  [0xa9, 0x22],
  [0xf0, 0x9f],
  [0x99, 0x82],
];
const texts = [
  ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
  ...LONGER.map((text) =>
    typeof text === 'string' ? new Uint8Array(Buffer.from(text)) : Uint8Array.from(text),
  ),
];

/** Every byte, some longer pieces, then a control token without text and the token that ends. */
export const byteVocabulary = {
  size: texts.length + 2,
  stopIds: new Set([texts.length + 1]),
  bytes: (token: number): Uint8Array => texts[token] ?? new Uint8Array(),
};
export const CONTROL = texts.length;
export const END = texts.length + 1;

export function tokenOf(text: string): number {
  return texts.findIndex((bytes) => Buffer.from(bytes).equals(Buffer.from(text)));
}

const noise = (() => {
  const random = new Random(1, 'noise');
  return Float32Array.from({ length: 8192 }, () => 4 * random.float());
})();

/** Pieces that make a random model write JSON rather than bytes at random, so that its texts end. */
const likely = ['"', ']', '}', ',', ':', ' ', '0', '1', '5', '.', '-', 'a', 'ab', '"}', ']]'].map(tokenOf);

/**
 * What a random model writes under a grammar, until it ends or has written `most` tokens.
 * @returns the bytes as text, with whether the grammar was complete or the model ended
 */
export function writeRandomly(
  grammar: Grammar,
  seed: number,
  opts: SamplingOptions & { most?: number } = {},
): { text: string; ended: boolean; tokens: number[] } {
  const { most = 300, ...options } = opts;
  const sampler = new Sampler(
    { temperature: 1.5, topK: 0, topP: 1, seed, grammar, ...options },
    { vocabulary: byteVocabulary },
  );
  const random = new Random(seed, 'model');
  const logits = new Float32Array(byteVocabulary.size);
  const tokens: number[] = [];
  let ended = sampler.complete;
  while (!ended && tokens.length < most) {
    const from = random.below(noise.length - logits.length);
    logits.set(noise.subarray(from, from + logits.length));
    for (const token of likely) logits[token]! += 4;
    logits[END] = 8;
    const { token } = sampler.sample(logits, tokens);
    if (token === END) ended = true;
    else {
      tokens.push(token);
      ended = sampler.complete;
    }
  }
  const bytes = Buffer.concat(tokens.map((token) => byteVocabulary.bytes(token)));
  return { text: new TextDecoder('utf-8', { fatal: ended, ignoreBOM: true }).decode(bytes), ended, tokens };
}
