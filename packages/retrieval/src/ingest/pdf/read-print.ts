import { type Colour, fromHex } from '../colour.ts';
import { type GraphicsState, initialState } from './graphics-state.ts';
import { Ground } from './ground.ts';
import { IDENTITY, type Matrix, multiply } from './matrix.ts';
import { asLine, isDot, isInside, type Outline, readOutlines, straightLines } from './path-shapes.ts';
import type { Print, Rule } from './print.ts';
import { area, overlap, type Rectangle, transform } from './rectangle.ts';
import { WordBuilder } from './word-builder.ts';

/** What pdf.js has made of a page: numbers of instructions and what each is given. */
export interface Instructions {
  fnArray: readonly number[];
  argsArray: readonly unknown[];
}

export interface PageSetting {
  /** Points from the visible part's upper left corner, after its rotation. */
  width: number;
  height: number;
  transform: Matrix;
  numbers: Readonly<Record<string, number>>;
  font: (id: string) => FontFacts | undefined;
  /** Whether a layer is shown. */
  shown: (layer: unknown) => boolean;
  /** Stops at so many characters of one page. */
  characters: number;
}

/** What the reader needs to know of a font. */
export interface FontFacts {
  name: string;
  bold: boolean;
  /** Of Type 3 fonts, whose letters are drawings in any unit. */
  fontMatrix?: Matrix | undefined;
  bbox?: readonly number[] | undefined;
  type3: boolean;
}

interface Frame {
  /** To go back to. */
  state: GraphicsState;
  /** The coordinates at its beginning; a form's own matrix is no sign of a picture. */
  base: Matrix;
  /** Something was painted since. */
  painted: boolean;
  /** A mask is being drawn, which is nothing that one sees. */
  mask: boolean;
}

/** Beyond these numbers, lines and dots are a drawing. */
const MOST_RULES = 20_000;
const MOST_DOTS = 500;

/**
 * Follows a page's drawing instructions and notes its words with their place, size and colour, its straight lines and
 * its pictures. Pictures are not among the instructions, since they are not decoded: they show as a change of
 * coordinates after which nothing is painted, and a picture always fills the unit square of its coordinates.
 */
export function readPrint(list: Instructions, setting: PageSetting): Print {
  const page: Rectangle = { x0: 0, y0: 0, x1: setting.width, y1: setting.height };
  const ground = new Ground();
  const builder = new WordBuilder(page, ground);
  const rules: Rule[] = [];
  const dots: Rectangle[] = [];
  const layers: boolean[] = [];
  let [pictures, beneath, strokes] = [0, 0, 0];
  let state = initialState(setting.transform, page);
  let frame: Frame = { state, base: state.ctm, painted: false, mask: false };
  const frames: Frame[] = [];
  const names = new Map(Object.entries(setting.numbers).map(([name, number]) => [number, name]));
  const pageArea = Math.max(1, area(page));

  const save = (mask = frame.mask): void => {
    frames.push(frame);
    frame = { state, base: state.ctm, painted: false, mask };
    state = { ...state };
  };
  const notePicture = (): void => {
    if (frame.painted || frame.mask || state.ctm === frame.base) return;
    const where = overlap(transform(state.ctm, { x0: 0, y0: 0, x1: 1, y1: 1 }), state.clip);
    const share = area(where) / pageArea;
    if (share < 0.001) return;
    frame.painted = true;
    pictures += share;
    if (share > 0.5) beneath = builder.words.length;
    ground.paint(box(where), undefined, 1);
  };
  const restore = (): void => {
    notePicture();
    const parent = frames.pop();
    if (!parent) return;
    if (frame.painted) parent.painted = true;
    state = frame.state;
    frame = parent;
  };
  const clipTo = (rectangle: Rectangle): void => {
    state.clip = overlap(state.clip, transform(state.ctm, rectangle));
  };
  const paint = (outline: Outline): void => {
    if (state.blended) return;
    ground.paint(outline, state.fill, state.fillOpacity);
    if (state.fillOpacity < 0.9 || !outline.upright) return;
    builder.words.forEach((word, i) => {
      const [x, y] = builder.middles[i]!;
      if (!word.why && isInside(outline, x, y)) word.why = 'invisible';
    });
  };
  const path = (how: string, data: ArrayLike<number>): void => {
    const outlines = readOutlines(data, state.ctm);
    if (pendingClip) {
      const all = outlines.filter((outline) => outline.points.length > 1);
      if (all.length === 1) state.clip = overlap(state.clip, all[0]!);
      pendingClip = false;
    }
    if (how === 'endPath' || frame.mask) return;
    frame.painted = true;
    for (const outline of outlines) {
      strokes += outline.points.length;
      if (rules.length < MOST_RULES && /stroke/i.test(how)) rules.push(...straightLines(outline));
      if (dots.length < MOST_DOTS && isDot(outline)) dots.push(outline);
      if (!/fill/i.test(how)) continue;
      const line = outline.upright ? asLine(outline) : undefined;
      if (line && rules.length < MOST_RULES) rules.push(line);
      paint(clipped(outline, state.clip));
    }
  };
  const show = (glyphs: readonly unknown[]): void => {
    if (frame.mask || glyphs.length === 0) return;
    frame.painted = true;
    const font = setting.font(state.font);
    const unit = font?.fontMatrix?.[0] ?? 0.001;
    const direction = Math.sign(state.fontSize) || 1;
    const off = layers.includes(false);
    let x = 0;
    for (const glyph of glyphs) {
      if (typeof glyph === 'number') {
        x -= (glyph * state.fontSize) / 1000;
        continue;
      }
      const { width, unicode, isSpace } = (glyph ?? {}) as {
        width?: number;
        unicode?: string;
        isSpace?: boolean;
      };
      const advance = (Number(width) || 0) * unit * state.fontSize;
      const spacing = (state.charSpacing + (isSpace ? state.wordSpacing : 0)) * direction;
      builder.add(
        {
          text: typeof unicode === 'string' ? unicode : '',
          from: x,
          to: x + advance,
          scale: font?.type3 ? type3Scale(font) : 1,
          bold: font?.bold ?? false,
          font: state.font,
          off,
        },
        state,
      );
      x += advance + spacing;
      if (builder.characters > setting.characters) return;
    }
    state.x += x * state.stretch;
  };
  const move = (x: number, y: number): void => {
    state.x = state.lineX += x;
    state.y = state.lineY += y;
  };
  let pendingClip = false;

  for (let i = 0; i < list.fnArray.length && builder.characters <= setting.characters; i++) {
    const args = (list.argsArray[i] ?? []) as readonly unknown[];
    const number = (index: number): number => (Number.isFinite(args[index]) ? (args[index] as number) : 0);
    const name = names.get(list.fnArray[i]!) ?? '';
    switch (name) {
      case 'save':
        save();
        break;
      case 'restore':
      case 'paintFormXObjectEnd':
      case 'endGroup':
      case 'endAnnotation':
        restore();
        break;
      case 'transform':
        state.ctm = multiply(state.ctm, matrix(args));
        break;
      case 'paintFormXObjectBegin':
        save();
        if (args[0]) state.ctm = multiply(state.ctm, matrix(args[0]));
        if (args[1]) clipTo(rectangle(args[1]));
        frame.base = state.ctm;
        break;
      case 'beginGroup': {
        const group = (args[0] ?? {}) as { matrix?: unknown; bbox?: unknown; smask?: unknown };
        save(frame.mask || Boolean(group.smask));
        if (group.bbox) {
          const inner = group.matrix ? multiply(state.ctm, matrix(group.matrix)) : state.ctm;
          state.clip = overlap(state.clip, transform(inner, rectangle(group.bbox)));
        }
        break;
      }
      case 'beginAnnotation': {
        save();
        state = { ...initialState(setting.transform, page), font: state.font };
        if (args[1]) clipTo(rectangle(args[1]));
        if (args[2]) state.ctm = multiply(state.ctm, matrix(args[2]));
        if (args[3]) state.ctm = multiply(state.ctm, matrix(args[3]));
        frame.painted = true;
        break;
      }
      case 'beginMarkedContent':
        layers.push(true);
        break;
      case 'beginMarkedContentProps':
        layers.push(args[0] !== 'OC' || args[1] === null || setting.shown(args[1]));
        break;
      case 'endMarkedContent':
        layers.pop();
        break;
      case 'setGState':
        for (const [key, value] of pairs(args[0])) setParameter(state, key, value);
        break;
      case 'setFillRGBColor':
        state.fill = readColour(args);
        break;
      case 'setStrokeRGBColor':
        state.stroke = readColour(args);
        break;
      case 'setFillColorN':
        state.fill = undefined;
        break;
      case 'setStrokeColorN':
        state.stroke = undefined;
        break;
      case 'clip':
      case 'eoClip':
        pendingClip = true;
        break;
      case 'constructPath': {
        const data = Array.isArray(args[1]) ? (args[1] as unknown[])[0] : undefined;
        path(names.get(number(0)) ?? '', data ? (data as ArrayLike<number>) : []);
        break;
      }
      case 'shadingFill':
        frame.painted = true;
        ground.paint(box(state.clip), undefined, 1);
        break;
      case 'beginText':
        builder.flush();
        Object.assign(state, { textMatrix: IDENTITY, x: 0, y: 0, lineX: 0, lineY: 0 });
        break;
      case 'endText':
        builder.flush();
        break;
      case 'setCharSpacing':
        state.charSpacing = number(0);
        break;
      case 'setWordSpacing':
        state.wordSpacing = number(0);
        break;
      case 'setHScale':
        state.stretch = number(0) / 100;
        break;
      case 'setLeading':
        state.leading = -number(0);
        break;
      case 'setFont':
        state.font = String(args[0]);
        state.fontSize = number(1);
        break;
      case 'setTextRenderingMode':
        state.mode = number(0);
        break;
      case 'setTextRise':
        state.rise = number(0);
        break;
      case 'moveText':
        move(number(0), number(1));
        break;
      case 'setLeadingMoveText':
        state.leading = number(1);
        move(number(0), number(1));
        break;
      case 'nextLine':
        move(0, state.leading);
        break;
      case 'setTextMatrix':
        Object.assign(state, { textMatrix: matrix(args[0]), x: 0, y: 0, lineX: 0, lineY: 0 });
        break;
      case 'showText':
        show(Array.isArray(args[0]) ? args[0] : []);
        break;
    }
  }
  builder.flush();
  while (frames.length > 0) restore();
  notePicture();
  const { width, height } = setting;
  return {
    width,
    height,
    words: builder.words,
    rules,
    dots,
    pictures: Math.min(1, pictures),
    beneath,
    strokes,
  };
}

function setParameter(state: GraphicsState, key: string, value: unknown): void {
  if (key === 'ca' && typeof value === 'number') state.fillOpacity = value;
  else if (key === 'CA' && typeof value === 'number') state.strokeOpacity = value;
  else if (key === 'BM') state.blended = value !== 'source-over' && value !== 'Normal';
  else if (key === 'Font' && Array.isArray(value)) {
    state.font = String(value[0]);
    state.fontSize = Number(value[1]) || 0;
  }
}

/** The share of a Type 3 font's size that its letters have; drawings of unknown extent count as usual letters. */
function type3Scale(font: FontFacts): number {
  const [, bottom = 0, , top = 0] = font.bbox ?? [];
  const scale = Math.abs((top - bottom) * (font.fontMatrix?.[3] ?? 0.001));
  return scale > 0 && Number.isFinite(scale) ? scale : 1;
}

function clipped(outline: Outline, clip: Rectangle): Outline {
  return { ...outline, ...overlap(outline, clip) };
}

function box(rectangle: Rectangle): Outline {
  return { ...rectangle, points: [], upright: true };
}

function readColour(args: readonly unknown[]): Colour | undefined {
  return typeof args[0] === 'string' ? fromHex(args[0]) : undefined;
}

function pairs(value: unknown): [string, unknown][] {
  return Array.isArray(value) ? value.filter((pair): pair is [string, unknown] => Array.isArray(pair)) : [];
}

function matrix(value: unknown): Matrix {
  const list = Array.from((value ?? []) as ArrayLike<number>);
  return list.length === 6 && list.every(Number.isFinite) ? (list as unknown as Matrix) : IDENTITY;
}

function rectangle(value: unknown): Rectangle {
  const [a = 0, b = 0, c = 0, d = 0] = Array.from((value ?? []) as ArrayLike<number>);
  return { x0: Math.min(a, c), y0: Math.min(b, d), x1: Math.max(a, c), y1: Math.max(b, d) };
}
