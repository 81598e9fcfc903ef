import type { Hiding } from '../../document.ts';
import { type Colour, fromHex, isUnseen } from '../colour.ts';
import type { Shade } from './shape-fill.ts';
import type { XmlElement } from './xml-events.ts';

/** What decides whether a run is seen, and a little of how it looks. */
export interface RunLook {
  vanish?: boolean;
  /** `auto` is whatever can be read on what is behind. */
  colour?: Colour | 'auto';
  shade?: Shade;
  /** In half-points. */
  size?: number;
  bold?: boolean;
  raised?: boolean;
}

/** Two points: the smallest size at which anybody could read. */
const SMALLEST = 4;

/** ECMA-376 part 1, 17.18.40. */
const HIGHLIGHTS = new Map<string, Colour>([
  ['black', [0, 0, 0]],
  ['blue', [0, 0, 255]],
  ['cyan', [0, 255, 255]],
  ['darkBlue', [0, 0, 139]],
  ['darkCyan', [0, 139, 139]],
  ['darkGray', [169, 169, 169]],
  ['darkGreen', [0, 100, 0]],
  ['darkMagenta', [128, 0, 128]],
  ['darkRed', [139, 0, 0]],
  ['darkYellow', [128, 128, 0]],
  ['green', [0, 255, 0]],
  ['lightGray', [211, 211, 211]],
  ['magenta', [255, 0, 255]],
  ['red', [255, 0, 0]],
  ['white', [255, 255, 255]],
  ['yellow', [255, 255, 0]],
]);

/** A toggle is on unless it says no (17.3.2). */
export function isOn(element: XmlElement): boolean {
  return !['0', 'false', 'off'].includes(element.attributes.get('val') ?? '1');
}

/** The fill of a `w:shd`, if it has one. */
export function shading(element: XmlElement): Shade {
  const fill = fromHex(element.attributes.get('fill') ?? '');
  return fill ?? (element.attributes.has('themeFill') ? 'unknown' : 'none');
}

/** Adds one child of `w:rPr` to a look. */
export function addRunProperty(look: RunLook, element: XmlElement): void {
  const value = element.attributes.get('val') ?? '';
  if (element.name === 'w:vanish') look.vanish = isOn(element);
  else if (element.name === 'w:color') look.colour = fromHex(value) ?? 'auto';
  else if (element.name === 'w:sz') look.size = Number(value);
  else if (element.name === 'w:b') look.bold = isOn(element);
  else if (element.name === 'w:vertAlign') look.raised = value === 'superscript';
  else if (element.name === 'w:shd') look.shade = shading(element);
  else if (element.name === 'w:highlight') {
    const colour = HIGHLIGHTS.get(value);
    if (colour) look.shade = colour;
  }
}

/** Why a run is not seen; undefined when it is. What is behind it by itself comes before what is behind its paragraph. */
export function hidingOf(look: RunLook, behind: Shade): Hiding | undefined {
  if (look.vanish) return 'invisible';
  if (look.size !== undefined && look.size < SMALLEST) return 'size';
  if (look.colour === undefined || look.colour === 'auto') return undefined;
  const background = look.shade === undefined || look.shade === 'none' ? behind : look.shade;
  if (background === 'unknown' || background === 'none') return undefined;
  return isUnseen(look.colour, background) ? 'colour' : undefined;
}
