import { readXml } from './xml-events.ts';

interface Level {
  format: string;
  /** `%1.%2` */
  text: string;
  start: number;
}

const LEVELS = 9;

/** Numbers of list items, counted as Word counts them (ECMA-376 part 1, 17.9): a `num` points to an `abstractNum` with levels. */
export class Numbering {
  readonly #levels = new Map<string, Level[]>();
  readonly #lists = new Map<string, { abstract: string; restart: Map<number, number> }>();
  readonly #counts = new Map<string, number[]>();

  /** @param bytes - `word/numbering.xml`, if the document has one. */
  constructor(bytes: Uint8Array | undefined) {
    if (bytes) this.#read(bytes);
  }

  /** What stands before the next item of a list: `3.`, `b)`, empty for bullets. */
  next(numId: string, level: number): string {
    const list = this.#lists.get(numId);
    const levels = list && this.#levels.get(list.abstract);
    const own = levels?.[level];
    if (!list || !levels || !own) return '';
    const counts = this.#counts.get(list.abstract) ?? [];
    this.#counts.set(list.abstract, counts);
    const restart = list.restart.get(level);
    if (restart !== undefined) {
      counts[level] = restart - 1;
      list.restart.delete(level);
    }
    counts[level] = (counts[level] ?? own.start - 1) + 1;
    counts.length = level + 1;
    if (own.format === 'bullet' || own.format === 'none') return '';
    return own.text.replace(/%([1-9])/g, (_, digit: string) => {
      const at = Number(digit) - 1;
      return numeral(counts[at] ?? levels[at]?.start ?? 1, levels[at]?.format ?? 'decimal');
    });
  }

  #read(bytes: Uint8Array): void {
    let abstract = '';
    let numId = '';
    let level = 0;
    const current = () => this.#levels.get(abstract)?.[level];
    readXml(bytes, 'numbering.xml', {
      open: ({ name, attributes }) => {
        const value = attributes.get('val') ?? '';
        if (name === 'w:abstractNum') {
          abstract = attributes.get('abstractNumId') ?? '';
          this.#levels.set(abstract, []);
        } else if (name === 'w:lvl') {
          level = levelOf(attributes.get('ilvl'));
          const levels = numId === '' ? this.#levels.get(abstract) : undefined;
          if (levels) levels[level] = { format: 'decimal', text: '', start: 1 };
        } else if (name === 'w:num') {
          numId = attributes.get('numId') ?? '';
          this.#lists.set(numId, { abstract: '', restart: new Map() });
        } else if (name === 'w:abstractNumId') {
          const list = this.#lists.get(numId);
          if (list) list.abstract = value;
        } else if (name === 'w:lvlOverride') level = levelOf(attributes.get('ilvl'));
        else if (name === 'w:startOverride') this.#lists.get(numId)?.restart.set(level, Number(value) || 0);
        else if (numId === '' && name === 'w:start' && current()) current()!.start = Number(value) || 0;
        else if (numId === '' && name === 'w:numFmt' && current()) current()!.format = value;
        else if (numId === '' && name === 'w:lvlText' && current()) current()!.text = value;
      },
      close: (name) => {
        if (name === 'w:num') numId = '';
      },
    });
  }
}

function levelOf(text: string | undefined): number {
  const level = Number(text ?? 0);
  return Number.isInteger(level) && level >= 0 && level < LEVELS ? level : 0;
}

function numeral(count: number, format: string): string {
  if (format === 'lowerLetter' || format === 'upperLetter') {
    const letter = String.fromCharCode(97 + ((Math.max(count, 1) - 1) % 26));
    const letters = letter.repeat(Math.min(1 + Math.floor((Math.max(count, 1) - 1) / 26), 20));
    return format === 'upperLetter' ? letters.toUpperCase() : letters;
  }
  if (format === 'lowerRoman' || format === 'upperRoman') {
    const roman = romanNumeral(count);
    return format === 'lowerRoman' ? roman.toLowerCase() : roman;
  }
  return format === 'decimalZero' ? String(count).padStart(2, '0') : String(count);
}

const ROMAN: readonly [number, string][] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

function romanNumeral(count: number): string {
  if (count < 1 || count > 3999) return String(count);
  let left = count;
  let text = '';
  for (const [value, letters] of ROMAN) {
    while (left >= value) {
      text += letters;
      left -= value;
    }
  }
  return text;
}
