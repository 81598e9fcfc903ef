import { apply, type Matrix } from './matrix.ts';

/** In points, y downwards; x0 ≤ x1 and y0 ≤ y1. */
export interface Rectangle {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** The smallest upright rectangle around points. */
export function bounds(points: readonly (readonly [number, number])[]): Rectangle {
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (const [x, y] of points) {
    box.x0 = Math.min(box.x0, x);
    box.x1 = Math.max(box.x1, x);
    box.y0 = Math.min(box.y0, y);
    box.y1 = Math.max(box.y1, y);
  }
  return box;
}

/** The smallest upright rectangle around all of these. */
export function hull(rectangles: readonly Rectangle[]): Rectangle {
  return bounds(rectangles.flatMap(({ x0, y0, x1, y1 }) => [[x0, y0] as const, [x1, y1] as const]));
}

/** The upright rectangle around a transformed one. */
export function transform(matrix: Matrix, { x0, y0, x1, y1 }: Rectangle): Rectangle {
  return bounds([apply(matrix, x0, y0), apply(matrix, x1, y0), apply(matrix, x0, y1), apply(matrix, x1, y1)]);
}

/** What both cover; an empty one has x1 ≤ x0 or y1 ≤ y0. */
export function overlap(a: Rectangle, b: Rectangle): Rectangle {
  return {
    x0: Math.max(a.x0, b.x0),
    y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
  };
}

export function contains(rectangle: Rectangle, x: number, y: number): boolean {
  return x >= rectangle.x0 && x <= rectangle.x1 && y >= rectangle.y0 && y <= rectangle.y1;
}

/** In square points; 0 when empty. */
export function area({ x0, y0, x1, y1 }: Rectangle): number {
  return Math.max(0, x1 - x0) * Math.max(0, y1 - y0);
}
