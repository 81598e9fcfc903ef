import { BLACK, type Colour } from '../colour.ts';
import { IDENTITY, type Matrix } from './matrix.ts';
import type { Rectangle } from './rectangle.ts';

/** What drawing depends on, saved and restored as a whole (PDF 32000-1, 8.4 and 9.3). */
export interface GraphicsState {
  /** From user space to the page in points, y downwards. */
  ctm: Matrix;
  clip: Rectangle;
  /** Undefined for patterns, whose colour is not known. */
  fill: Colour | undefined;
  stroke: Colour | undefined;
  fillOpacity: number;
  strokeOpacity: number;
  /** A blend mode or a mask lets what is below show through. */
  blended: boolean;
  lineWidth: number;
  font: string;
  fontSize: number;
  charSpacing: number;
  wordSpacing: number;
  /** 1 is normal. */
  stretch: number;
  leading: number;
  rise: number;
  /** Text rendering mode: 0 fill, 1 stroke, 2 both, 3 neither; 4 to 7 the same and clip. */
  mode: number;
  textMatrix: Matrix;
  x: number;
  y: number;
  lineX: number;
  lineY: number;
}

export function initialState(ctm: Matrix, clip: Rectangle): GraphicsState {
  return {
    ctm,
    clip,
    fill: BLACK,
    stroke: BLACK,
    fillOpacity: 1,
    strokeOpacity: 1,
    blended: false,
    lineWidth: 1,
    font: '',
    fontSize: 0,
    charSpacing: 0,
    wordSpacing: 0,
    stretch: 1,
    leading: 0,
    rise: 0,
    mode: 0,
    textMatrix: IDENTITY,
    x: 0,
    y: 0,
    lineX: 0,
    lineY: 0,
  };
}
