import { Random } from '@lucie/ledger';

/** A made document. */
export interface MadeText {
  id: string;
  text: string;
  /** Id of the document that it repeats with changes; its own where it is new. */
  origin: string;
}

export interface MakeTextsOptions {
  seed: number;
  /** Words of an original on average; from 0.3 to 1.7 times as many occur. */
  words: number;
  /** Of the documents, those that are changed copies of an earlier one. */
  share: number;
  /** Copies of copies too, so that chains of small changes occur. */
  chains?: boolean;
  /** Most of the words that a change touches; 0.09 gives similarities from about 0.6 to 1. */
  change?: number;
}

type Mutation = (random: Random, words: string[], amount: number) => string[];

const syllables =
  'la le ra re ri so sa ta te ti tu na ne ni no ma me mi mo pa pe pré con dé ver tion ment eur ée ais ité ance'.split(
    ' ',
  );
const particles = 'le la les de des et à un une que qui dans pour est'.split(' ');

/** The ways in which copies differ. `amount`: the part of the words that is touched. */
export const mutations: Readonly<Record<string, Mutation>> = {
  none: (_random, words) => words,
  replace(random, words, amount) {
    const copy = [...words];
    for (let i = Math.round(amount * words.length); i > 0; i--)
      copy[random.below(copy.length)] = `neuf${random.below(1e6)}`;
    return copy;
  },
  delete: (random, words, amount) => words.filter(() => random.float() >= amount),
  insert: (random, words, amount) =>
    words.flatMap((word) => (random.float() < amount ? [word, `ajout${random.below(1e6)}`] : [word])),
  swap(random, words, amount) {
    const copy = [...words];
    for (let i = Math.round(amount * words.length); i > 0 && words.length > 1; i--) {
      const at = random.below(copy.length - 1);
      [copy[at], copy[at + 1]] = [copy[at + 1]!, copy[at]!];
    }
    return copy;
  },
  cut: (_random, words, amount) => words.slice(0, Math.max(1, Math.round(words.length * (1 - 4 * amount)))),
  header: (random, words, amount) => [
    ...Array.from({ length: Math.round(4 * amount * words.length) }, () => `menu${random.below(1e6)}`),
    ...words,
  ],
  move(random, words, amount) {
    const length = Math.max(1, Math.round(2 * amount * words.length));
    const from = random.below(Math.max(1, words.length - length));
    const rest = [...words.slice(0, from), ...words.slice(from + length)];
    const to = random.below(rest.length + 1);
    return [...rest.slice(0, to), ...words.slice(from, from + length), ...rest.slice(to)];
  },
};

/** Documents that look like French, some of them changed copies of earlier ones. The same options give the same texts. */
export function makeTexts(count: number, opts: MakeTextsOptions): MadeText[] {
  const random = new Random(opts.seed, 'texts');
  const vocabulary = makeVocabulary(random, 6000);
  const kinds = Object.keys(mutations);
  const made: { id: string; words: string[]; origin: string }[] = [];
  const originals: typeof made = [];
  for (let i = 0; i < count; i++) {
    const id = `doc-${String(i).padStart(6, '0')}`;
    const from = opts.chains ? made : originals;
    if (from.length > 0 && random.float() < opts.share) {
      const source = from[random.below(from.length)]!;
      const mutate = mutations[kinds[random.below(kinds.length)]!]!;
      const words = mutate(random, source.words, (opts.change ?? 0.09) * random.float());
      made.push({ id, words, origin: source.id });
    } else {
      const length = Math.max(8, Math.round(opts.words * (0.3 + 1.4 * random.float())));
      made.push({ id, words: makeWords(random, vocabulary, length), origin: id });
      originals.push(made.at(-1)!);
    }
  }
  return made.map(({ id, words, origin }) => ({ id, text: words.join(' '), origin }));
}

function makeVocabulary(random: Random, size: number): string[] {
  const words = new Set(particles);
  while (words.size < size) {
    let word = '';
    for (let i = 1 + random.below(3); i >= 0; i--) word += syllables[random.below(syllables.length)];
    words.add(word);
  }
  return [...words];
}

/** Words, a few of them everywhere and most of them rare, with capitals and what stands behind a word. */
function makeWords(random: Random, vocabulary: readonly string[], count: number): string[] {
  let start = true;
  return Array.from({ length: count }, () => {
    const word = vocabulary[Math.floor(vocabulary.length * random.float() ** 2.5)]!;
    const dice = random.below(60);
    const shown = start ? word.charAt(0).toUpperCase() + word.slice(1) : word;
    start = dice < 4;
    return (
      shown +
      (dice === 0 ? '.\n\n' : dice < 4 ? '.' : dice < 8 ? ',' : dice === 8 ? ' »' : dice === 9 ? '…' : '')
    );
  });
}
