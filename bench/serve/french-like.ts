import { Random } from '@lucie/ledger';

const ONSETS = 'b c d f g l m n p r s t v bl br ch cr dr fl fr gr pl pr tr qu gn ph'.split(' ');
const VOWELS = 'a e i o u é è ou ai eu an en in on oi au'.split(' ');
const ENDINGS = 's t r l nt tion ment té ence que eur ière age'.split(' ');
const SMALL =
  'le la les de des du un une et à en que qui dans pour par sur est sont avec ne pas il elle on'.split(' ');

/** Words that look like French, frequent ones short and the rest rare: text for a tokenizer, and for its prompts. */
export class FrenchLike {
  #random: Random;
  #words: readonly string[];

  /** @param seed - separates texts; the words themselves are the same for every seed */
  constructor(seed: number, size = 20_000) {
    this.#random = new Random(seed, 'french-like');
    this.#words = lexicon(size);
  }

  /** `count` words as sentences and paragraphs. */
  text(count: number): string {
    let out = '';
    let fresh = true;
    for (let i = 0; i < count; i++) {
      const word = this.#word();
      out += fresh ? word.charAt(0).toUpperCase() + word.slice(1) : word;
      const dice = this.#random.below(80);
      fresh = dice < 6;
      out += dice === 0 ? '.\n\n' : fresh ? '. ' : dice < 12 ? ', ' : ' ';
    }
    return `${out.trim()}.`;
  }

  #word(): string {
    // A third of running French is small words; the rest follows Zipf roughly.
    if (this.#random.below(3) === 0) return SMALL[this.#random.below(SMALL.length)]!;
    return this.#words[Math.floor(this.#words.length * this.#random.float() ** 3)]!;
  }
}

const lexicons = new Map<number, readonly string[]>();

function lexicon(size: number): readonly string[] {
  const made = lexicons.get(size);
  if (made) return made;
  const random = new Random(1, 'lexicon');
  const pick = (from: readonly string[]) => from[random.below(from.length)]!;
  const words = new Set<string>();
  while (words.size < size) {
    let word = '';
    for (let i = random.below(3); i >= 0; i--) word += pick(ONSETS) + pick(VOWELS);
    words.add(random.below(2) === 0 ? word : word + pick(ENDINGS));
  }
  const all = [...words];
  lexicons.set(size, all);
  return all;
}
