import { apply, type Matrix } from './matrix.ts';
import type { Rule } from './print.ts';
import { bounds, type Rectangle } from './rectangle.ts';

/** How many coordinates follow each of pdf.js's codes in a path: move, line, cubic and quadratic curve, close. */
const COORDINATES = [2, 2, 6, 4, 0];
const MOVE = 0;
const CLOSE = 4;

/** Thinner than this, a filled rectangle is a line of a table rather than a ground. */
const THIN = 2;

type Point = [x: number, y: number];

/** A closed outline on the page, curves taken as straight. */
export interface Outline extends Rectangle {
  points: readonly Point[];
  upright: boolean;
}

/**
 * The outlines of a path on the page.
 * @param data - pdf.js's codes, each with its coordinates in user space.
 */
export function readOutlines(data: ArrayLike<number>, ctm: Matrix): Outline[] {
  const paths: Point[][] = [];
  for (let i = 0; i < data.length; ) {
    const code = data[i]!;
    const count = COORDINATES[code];
    if (count === undefined) break;
    if (code === CLOSE) {
      const current = paths.at(-1);
      if (current) current.push(current[0]!);
    } else {
      const point = apply(ctm, data[i + count - 1]!, data[i + count]!);
      const current = paths.at(-1);
      if (code === MOVE || !current) paths.push([point]);
      else current.push(point);
    }
    i += count + 1;
  }
  return paths.map((points) => ({ points, upright: isUpright(points), ...bounds(points) }));
}

/** The level and upright strokes of an outline. */
export function straightLines({ points }: Outline): Rule[] {
  const rules: Rule[] = [];
  for (let i = 1; i < points.length; i++) {
    const line = bounds([points[i - 1]!, points[i]!]);
    const [wide, tall] = [line.x1 - line.x0, line.y1 - line.y0];
    if (Math.min(wide, tall) < 0.5 && Math.max(wide, tall) > 4) rules.push(line);
  }
  return rules;
}

/** A thin filled rectangle seen as the line that it draws. */
export function asLine({ x0, y0, x1, y1 }: Rectangle): Rule | undefined {
  const [wide, tall] = [x1 - x0, y1 - y0];
  if (Math.min(wide, tall) > THIN || Math.max(wide, tall) < 4) return undefined;
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return wide > tall ? { x0, x1, y0: y, y1: y } : { x0: x, x1: x, y0, y1 };
}

/** About as wide as high, and of the size of a bullet. */
export function isDot({ x0, y0, x1, y1 }: Rectangle): boolean {
  const [wide, tall] = [x1 - x0, y1 - y0];
  return Math.min(wide, tall) > 1.5 && Math.max(wide, tall) < 8 && Math.abs(wide - tall) < 0.3 * tall;
}

/** By the even-odd rule. */
export function isInside({ points, upright, ...box }: Outline, x: number, y: number): boolean {
  if (x < box.x0 || x > box.x1 || y < box.y0 || y > box.y1) return false;
  if (upright) return true;
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [xi, yi] = points[i]!;
    const [xj, yj] = points[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** A rectangle with level sides: each of its points is a corner of what surrounds them. */
function isUpright(points: readonly Point[]): boolean {
  if (points.length < 4 || points.length > 6) return false;
  const box = bounds(points);
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.05;
  return points.every(
    ([x, y]) => (near(x, box.x0) || near(x, box.x1)) && (near(y, box.y0) || near(y, box.y1)),
  );
}
