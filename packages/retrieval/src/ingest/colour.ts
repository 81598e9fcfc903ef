/** Red, green and blue from 0 to 255. */
export type Colour = readonly [number, number, number];

export const WHITE: Colour = [255, 255, 255];
export const BLACK: Colour = [0, 0, 0];

/**
 * Below this ratio nobody reads a text: 1 is the same colour, 21 black on white. Light grey on white that is still a
 * word on a screen (#e0e0e0) has 1.32.
 */
const UNSEEN_CONTRAST = 1.25;

/** WCAG 2.2, relative luminance. */
function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** True when text of the one colour cannot be told from the other behind it (WCAG 2.2, contrast ratio). */
export function isUnseen(text: Colour, background: Colour): boolean {
  const [light, dark] = [luminance(text), luminance(background)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05) < UNSEEN_CONTRAST;
}

/** Six hexadecimal digits, with or without `#`. */
export function fromHex(text: string): Colour | undefined {
  const digits = /^#?([0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (!digits) return undefined;
  const value = Number.parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
