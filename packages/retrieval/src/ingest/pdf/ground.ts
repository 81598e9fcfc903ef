import { type Colour, WHITE } from '../colour.ts';
import { isInside, type Outline } from './path-shapes.ts';

/** Too small to stand behind a word, in points. */
const SMALLEST = 3;

/** What has been painted so far: tells the colour behind a word. */
export class Ground {
  readonly #painted: { where: Outline; colour: Colour | undefined }[] = [];

  /** @param opacity - from 0 to 1: how much of the colour covers what is below. */
  paint(where: Outline, colour: Colour | undefined, opacity: number): void {
    if (where.x1 - where.x0 < SMALLEST || where.y1 - where.y0 < SMALLEST) return;
    const below = opacity < 1 ? this.at((where.x0 + where.x1) / 2, (where.y0 + where.y1) / 2) : WHITE;
    const mixed =
      colour && below ? colour.map((value, i) => opacity * value + (1 - opacity) * below[i]!) : undefined;
    this.#painted.push({ where, colour: mixed as Colour | undefined });
  }

  /** The colour at a point, of the last that was painted there; white paper; undefined over pictures and patterns. */
  at(x: number, y: number): Colour | undefined {
    for (let i = this.#painted.length - 1; i >= 0; i--) {
      const { where, colour } = this.#painted[i]!;
      if (isInside(where, x, y)) return colour;
    }
    return WHITE;
  }
}
