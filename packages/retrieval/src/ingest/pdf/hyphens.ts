/** A word cut at the end of a line, and the one below that goes on. */
const CUT = /([\p{L}]+)-$/u;
const GOES_ON = /^([\p{Ll}]+)/u;

/** French keeps its hyphen before these (« dit-il », « peut-être »), which end no word that is cut in two. */
const AFTER = new Set('il ils elle elles on vous lui toi là même mêmes être t'.split(' '));

/** It may before these, where the first part is a word: « celui-ci », but « mer-ci »; « prends-le », but « simp-le ». */
const AFTER_WORDS = new Set('ce ci je tu nous moi leur le la les y en'.split(' '));

/** And after these, where the second part is a word: « sous-sol », but « sous-trait ». */
const BEFORE = new Set(
  (
    'peut est vingt trente quarante cinquante soixante quatre dix non sous demi mi semi quasi ex vice arc avant après ' +
    'grand petit au par là ci quelques celui celle ceux cela chef rendez moi elle eux nous vous tout contre porte ' +
    'nord sud saint sainte'
  ).split(' '),
);

const NUMBERS = new Set(
  'un deux trois quatre cinq six sept huit neuf dix onze douze vingt vingts'.split(' '),
);

/** Tells whether the hyphen at the end of a line belongs to the word, by what the rest of the document writes. */
export class Hyphens {
  readonly #words = new Set<string>();

  /** @param lines - print lines of the document. */
  constructor(lines: Iterable<string>) {
    for (const line of lines) {
      for (const [word] of line
        .toLowerCase()
        .replace(CUT, '')
        .matchAll(/\p{L}+(?:-\p{L}+)*/gu)) {
        this.#words.add(word);
      }
    }
  }

  /** Two lines as one text. */
  join(above: string, below: string): string {
    const cut = CUT.exec(above);
    const rest = GOES_ON.exec(below);
    if (!cut || !rest) return `${above} ${below}`;
    const [first, second] = [cut[1]!.toLowerCase(), rest[1]!.toLowerCase()];
    return this.#keeps(first, second) ? above + below : above.slice(0, -1) + below;
  }

  #keeps(first: string, second: string): boolean {
    if (this.#words.has(`${first}-${second}`)) return true;
    if (this.#words.has(first + second)) return false;
    if (AFTER.has(second)) return true;
    if (AFTER_WORDS.has(second)) return this.#words.has(first) || BEFORE.has(first);
    return BEFORE.has(first) && (this.#words.has(second) || NUMBERS.has(second));
  }
}
