/** A word cut at the end of a line, and the one below that goes on. */
const CUT = /([\p{L}]+)-$/u;
const GOES_ON = /^([\p{Ll}]+)/u;

/** French keeps its hyphen before these (« dit-il », « celui-ci », « vas-y »). */
const AFTER = new Set(
  'je tu il elle on nous vous ils elles ce moi toi lui leur le la les y en ci là même mêmes être t uns unes'.split(
    ' ',
  ),
);
/** And after these (« peut-être », « vingt-deux », « sous-sol »). */
const BEFORE = new Set(
  (
    'peut est sont a ont vingt trente quarante cinquante soixante quatre dix non sous demi mi semi quasi ex vice arc avant après ' +
    'grand petit au par là ci quelques celui celle ceux cela chef rendez moi toi soi lui elle eux nous vous tout contre porte ' +
    'nord sud saint sainte dit fait vas peux dois'
  ).split(' '),
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
    return AFTER.has(second) || BEFORE.has(first);
  }
}
