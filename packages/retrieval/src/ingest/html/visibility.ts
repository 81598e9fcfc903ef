import type { Hiding } from '../../document.ts';
import { BLACK, type Colour, isUnseen, WHITE } from '../colour.ts';
import type { Declarations } from './css.ts';
import { cssColour, UNSEEN_ALPHA } from './css-colour.ts';

/** How an element's text looks, as far as it decides whether anybody sees it; inherited from its parent. */
export interface Look {
  /** Nothing inside can undo it: `display: none` and the like. */
  gone?: Hiding;
  colour: Colour | 'transparent' | undefined;
  /** Undefined: a picture, or a colour not known here. */
  background: Colour | undefined;
  /** In pixels. */
  size: number;
  unseen: boolean;
  /** Line breaks and spaces count. */
  preformatted: boolean;
}

export const PAGE_LOOK: Look = {
  colour: BLACK,
  background: WHITE,
  size: 16,
  unseen: false,
  preformatted: false,
};

/** Two points in CSS pixels. */
const SMALLEST = 2 * (96 / 72);
/** Farther out than any layout shifts a text that it shows. */
const OFF_PAGE = -300;

export interface ElementAttributes {
  get(name: string): string | undefined;
  has(name: string): boolean;
}

/** The look of an element from its parent's, its attributes and its declarations. */
export function lookOf(parent: Look, attributes: ElementAttributes, style: Declarations): Look {
  const look: Look = { ...parent };
  const gone = parent.gone ?? goneBy(attributes, style);
  if (gone) look.gone = gone;
  const size = pixels(style.get('font-size'), parent.size);
  if (size !== undefined) look.size = size;
  const visibility = style.get('visibility');
  if (visibility !== undefined) look.unseen = visibility === 'hidden' || visibility === 'collapse';
  const colour = style.get('color') ?? style.get('-webkit-text-fill-color') ?? attributes.get('color');
  if (colour !== undefined && colour !== 'inherit') look.colour = cssColour(colour);
  look.background = backgroundOf(parent, attributes, style);
  const space = style.get('white-space');
  if (space !== undefined) look.preformatted = space.startsWith('pre') || space === 'break-spaces';
  return look;
}

/** Why text of this look is not seen; undefined when it is. */
export function unseenBecause(look: Look): Hiding | undefined {
  if (look.gone) return look.gone;
  if (look.unseen) return 'invisible';
  if (look.size < SMALLEST) return 'size';
  if (look.colour === 'transparent') return 'colour';
  if (look.colour === undefined || look.background === undefined) return undefined;
  return isUnseen(look.colour, look.background) ? 'colour' : undefined;
}

function goneBy(attributes: ElementAttributes, style: Declarations): Hiding | undefined {
  if (attributes.has('hidden') && !style.has('display')) return 'invisible';
  if (style.get('display') === 'none') return 'invisible';
  const opacity = style.get('opacity');
  if (opacity !== undefined) {
    const share = Number.parseFloat(opacity) / (opacity.endsWith('%') ? 100 : 1);
    if (share < UNSEEN_ALPHA) return 'invisible';
  }
  if (/scale[xy]?\(\s*0(?:\.0*)?\s*[,)]/.test(style.get('transform') ?? '')) return 'size';
  const position = style.get('position') ?? '';
  if (position === 'absolute' || position === 'fixed') {
    for (const side of ['left', 'right', 'top', 'bottom']) {
      if ((pixels(style.get(side), 16) ?? 0) <= OFF_PAGE) return 'off-page';
    }
    if (/rect\(\s*(?:0|1px)[^)]*\)/.test(style.get('clip') ?? '')) return 'off-page';
  }
  if ((pixels(style.get('text-indent'), 16) ?? 0) <= OFF_PAGE) return 'off-page';
  if (/^(?:inset\(\s*(?:50|100)%|circle\(\s*0)/.test(style.get('clip-path') ?? '')) return 'off-page';
  const cut = /hidden|clip/.test(style.get('overflow') ?? '');
  const flat = ['width', 'height', 'max-height', 'max-width'].some(
    (side) => (pixels(style.get(side), 16) ?? 99) <= 1,
  );
  return cut && flat ? 'size' : undefined;
}

function backgroundOf(parent: Look, attributes: ElementAttributes, style: Declarations): Colour | undefined {
  const value = style.get('background-color') ?? style.get('background') ?? attributes.get('bgcolor');
  const image = style.get('background-image');
  if (image !== undefined && image !== 'none') return undefined;
  if (attributes.has('background')) return undefined;
  if (value === undefined) return parent.background;
  if (value === 'none' || value === 'inherit' || value === 'initial') return parent.background;
  // The shorthand may hold a colour among other words.
  const words = value.match(/[a-z]+\([^()]*\)|[^\s]+/g) ?? [];
  if (words.some((word) => word.startsWith('url(') || word.includes('gradient'))) return undefined;
  for (const word of words) {
    const colour = cssColour(word);
    if (colour === 'transparent') return parent.background;
    if (colour) return colour;
  }
  return undefined;
}

/** A CSS length, in pixels; undefined when it is none that is known. */
function pixels(value: string | undefined, font: number): number | undefined {
  const parts = /^(-?\d*\.?\d+(?:e-?\d+)?)(px|pt|em|rem|ex|ch|%|cm|mm|in|vw|vh)?$/.exec(value?.trim() ?? '');
  if (!parts) return undefined;
  const number = Number(parts[1]);
  const unit = parts[2] ?? 'px';
  const factors: Record<string, number> = {
    px: 1,
    pt: 96 / 72,
    em: font,
    rem: 16,
    ex: font / 2,
    ch: font / 2,
    '%': font / 100,
    cm: 96 / 2.54,
    mm: 9.6 / 2.54,
    in: 96,
    vw: 10,
    vh: 8,
  };
  return number * factors[unit]!;
}
