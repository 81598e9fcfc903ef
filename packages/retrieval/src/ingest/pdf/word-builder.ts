import { cleanText } from '../clean-text.ts';
import { isUnseen } from '../colour.ts';
import { symbolSign } from '../symbol-fonts.ts';
import type { GraphicsState } from './graphics-state.ts';
import type { Ground } from './ground.ts';
import { apply, multiply } from './matrix.ts';
import type { Word } from './print.ts';
import { contains, type Rectangle } from './rectangle.ts';

/** Smaller print than this, in points, is not for reading. */
const SMALLEST_SIZE = 2;
/** A gap wider than this, in sizes, parts two words: spaces are at least 0.2 wide, kerning at most 0.1. */
const GAP = 0.15;
/** Text this near to level is level: scans are a little askew. */
const ASKEW = 5;
const MOSTLY_TRANSPARENT = 0.1;

/** Accents that old TeX prints as letters of their own, and what they make of the next letter. */
const ACCENTS = new Map([
  ['`', '\u0300'],
  ['´', '\u0301'],
  ['ˆ', '\u0302'],
  ['˜', '\u0303'],
  ['¨', '\u0308'],
  ['¸', '\u0327'],
]);

/** A character about to be printed. */
export interface Glyph {
  text: string;
  /** In text space, along the line, from the current position. */
  from: number;
  to: number;
  /** The font's size where it is not the text's (Type 3). */
  scale: number;
  bold: boolean;
  font: string;
  /** Inside a layer that is switched off. */
  off: boolean;
}

interface Draft extends Word {
  key: string;
  start: readonly [number, number];
  end: readonly [number, number];
  state: GraphicsState;
  off: boolean;
  accent?: string;
}

/** Joins printed characters to words and tells which of them nobody sees. */
export class WordBuilder {
  readonly words: Word[] = [];
  /** Where each word's middle is on the page. */
  readonly middles: (readonly [number, number])[] = [];
  characters = 0;
  #draft: Draft | undefined;
  #spaced = true;
  readonly #page: Rectangle;
  readonly #ground: Ground;

  constructor(page: Rectangle, ground: Ground) {
    this.#page = page;
    this.#ground = ground;
  }

  add(glyph: Glyph, state: GraphicsState): void {
    const text = readable(glyph.text);
    if (text.trim() === '') {
      this.flush();
      this.#spaced = true;
      return;
    }
    const matrix = multiply(state.ctm, state.textMatrix);
    const at = (x: number): [number, number] =>
      apply(matrix, state.x + x * state.stretch, state.y + state.rise);
    const [start, end] = [at(glyph.from), at(glyph.to)];
    const size = Math.abs(state.fontSize) * glyph.scale * Math.hypot(matrix[2], matrix[3]);
    const direction = Math.sign(state.fontSize) || 1;
    const angle = roundAngle(Math.atan2(matrix[1] * direction, matrix[0] * direction));
    const [x0, y] = turn(start, angle);
    const [x1] = turn(end, angle);
    if (![x0, x1, y, size].every(Number.isFinite)) return;
    const key = `${glyph.font} ${size.toFixed(1)} ${angle} ${glyph.off} ${state.mode} ${state.fill} ${state.stroke} ${state.fillOpacity} ${state.strokeOpacity}`;

    const last = this.#draft;
    if (last?.accent && /^\p{L}$/u.test(text) && Math.abs(x0 - last.x0) < size * 0.6) {
      last.text = last.text.slice(0, -1) + (text === 'ı' ? 'i' : text) + last.accent;
      delete last.accent;
      last.x1 = Math.max(last.x1, x1);
      last.end = end;
      return;
    }
    const joins =
      last !== undefined &&
      last.key === key &&
      Math.abs(y - last.y) < size * 0.1 &&
      x0 - last.x1 < size * GAP &&
      x0 - last.x1 > -size * 0.5;
    if (!joins) {
      this.flush();
      this.#draft = {
        text: '',
        x0,
        x1,
        y,
        size,
        bold: glyph.bold,
        spaced: this.#spaced,
        angle,
        key,
        start,
        end,
        state: { ...state },
        off: glyph.off,
      };
      this.#spaced = false;
    }
    const draft = this.#draft!;
    draft.text += text;
    draft.x1 = Math.max(draft.x1, x1);
    draft.end = end;
    const accent = ACCENTS.get(text);
    if (accent) draft.accent = accent;
    else delete draft.accent;
  }

  /** A new line or another place: what follows is no continuation of the last word. */
  flush(): void {
    const draft = this.#draft;
    if (!draft) return;
    this.#draft = undefined;
    const { visible, invisible } = cleanText(draft.text);
    const { x0, x1, y, size, bold, spaced, angle } = draft;
    const word = { x0, x1, y, size, bold, spaced, angle };
    const [dx, dy] = across(angle, size * 0.3);
    const middle = [
      (draft.start[0] + draft.end[0]) / 2 + dx,
      (draft.start[1] + draft.end[1]) / 2 + dy,
    ] as const;
    if (invisible !== '') this.#push({ ...word, text: invisible, why: 'invisible' }, middle);
    if (visible === '') return;
    const why = this.#hiding(draft, middle);
    this.#push({ ...word, text: visible, ...(why ? { why } : {}) }, middle);
  }

  #push(word: Word, middle: readonly [number, number]): void {
    this.words.push(word);
    this.middles.push(middle);
    this.characters += word.text.length;
  }

  #hiding({ state, size, off }: Draft, [x, y]: readonly [number, number]): Word['why'] {
    if (!contains(this.#page, x, y)) return 'off-page';
    const [fills, strokes] = [[0, 2, 4, 6].includes(state.mode), [1, 2, 5, 6].includes(state.mode)];
    if (off || !(fills || strokes) || !contains(state.clip, x, y)) return 'invisible';
    if (size < SMALLEST_SIZE) return 'size';
    const paints: [GraphicsState['fill'], number][] = [];
    if (fills) paints.push([state.fill, state.fillOpacity]);
    if (strokes) paints.push([state.stroke, state.strokeOpacity]);
    if (paints.every(([, opacity]) => opacity < MOSTLY_TRANSPARENT)) return 'invisible';
    const ground = this.#ground.at(x, y);
    return paints.every(([colour]) => colour && ground && isUnseen(colour, ground)) ? 'colour' : undefined;
  }
}

/** Usual letters for ligatures, hyphens and symbols; nothing for what has no character. */
function readable(text: string): string {
  return text
    .replace(/[\ufb00-\ufb06]/g, (ligature) => ligature.normalize('NFKC'))
    .replace(/[\uf020-\uf0ff]/g, (symbol) => symbolSign(symbol.charCodeAt(0), 'Wingdings') ?? '\ufffd')
    .replace(/[\u00ad\u2010\u2011]/g, '-');
}

/** Radians to whole degrees from 0 to 359. */
function roundAngle(radians: number): number {
  const degrees = (Math.round((radians * 180) / Math.PI) + 360) % 360;
  const right = (Math.round(degrees / 90) * 90) % 360;
  const off = Math.abs(degrees - right);
  return Math.min(off, 360 - off) <= ASKEW ? right : degrees;
}

/** The page turned back by an angle, so that its text is level. */
export function turn([x, y]: readonly [number, number], angle: number): [number, number] {
  if (angle === 0) return [x, y];
  const radians = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return [x * cos + y * sin, y * cos - x * sin];
}

/** From the base line up to the middle of the letters. */
function across(angle: number, height: number): [number, number] {
  return turn([0, -height], -angle);
}
