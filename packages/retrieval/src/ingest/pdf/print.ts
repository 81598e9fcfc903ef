import type { Hiding } from '../../document.ts';
import type { Rectangle } from './rectangle.ts';

/**
 * Characters without a space between them. In points, x along the line and y downwards across it, from the page's
 * upper left corner; for turned text the axes turn with it.
 */
export interface Word {
  text: string;
  x0: number;
  x1: number;
  /** The base line. */
  y: number;
  /** Of the letters. */
  size: number;
  bold: boolean;
  /** A space stands before it in the file; else the distance decides. */
  spaced: boolean;
  /** Degrees clockwise, from 0 to 359. */
  angle: number;
  why?: Hiding;
}

/** A straight stroke: upright where x0 = x1, level where y0 = y1. */
export type Rule = Rectangle;

/** What a page shows. */
export interface Print {
  width: number;
  height: number;
  /** In the order in which they were painted. */
  words: Word[];
  rules: Rule[];
  /** Small round or square drawings: bullets are often drawn, not printed. */
  dots: Rectangle[];
  /** The share of the page that pictures cover, from 0 to 1. */
  pictures: number;
  /** How many words were painted before a picture that covers most of the page. */
  beneath: number;
  /** How many pieces the drawings have: letters may be drawn, too. */
  strokes: number;
}
