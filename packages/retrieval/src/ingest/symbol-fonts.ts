/** Letters of the font Symbol from 0x41 to 0x5a and from 0x61 to 0x7a (Unicode's mapping of Adobe's Symbol encoding). */
const CAPITALS = 'ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ';
const SMALL = 'αβχδεφγηιϕκλμνοπθρστυϖωξψζ';

/** Its other signs that school texts have. */
const SYMBOL = new Map<number, string>([
  ...[...CAPITALS].map((sign, i) => [0x41 + i, sign] as const),
  ...[...SMALL].map((sign, i) => [0x61 + i, sign] as const),
  ...Object.entries({
    34: '∀',
    36: '∃',
    45: '−',
    94: '⊥',
    126: '∼',
    163: '≤',
    165: '∞',
    171: '↔',
    172: '←',
    174: '→',
    176: '°',
    177: '±',
    179: '≥',
    180: '×',
    181: '∝',
    182: '∂',
    183: '•',
    184: '÷',
    185: '≠',
    186: '≡',
    187: '≈',
    199: '∩',
    200: '∪',
    204: '⊂',
    206: '∈',
    208: '∠',
    214: '√',
    215: '⋅',
    219: '⇔',
    222: '⇒',
    229: '∑',
    242: '∫',
  }).map(([code, sign]) => [Number(code), sign] as const),
]);

/** Wingdings: what word processors print for bullets, arrows and boxes. */
const WINGDINGS = new Map<number, string>(
  Object.entries({
    45: '-',
    111: '□',
    113: '❑',
    118: '❖',
    167: '▪',
    168: '□',
    183: '•',
    216: '➢',
    224: '→',
    232: '➔',
    251: '✗',
    252: '✓',
    254: '☑',
  }).map(([code, sign]) => [Number(code), sign]),
);

/**
 * The sign that a font of symbols shows for a character, which is in Unicode's private area or in the font's own place;
 * undefined where that is not known.
 */
export function symbolSign(code: number, font: string): string | undefined {
  const place = code >= 0xf000 && code <= 0xf0ff ? code - 0xf000 : code;
  return (/^symbol/i.test(font) ? SYMBOL : WINGDINGS).get(place);
}
