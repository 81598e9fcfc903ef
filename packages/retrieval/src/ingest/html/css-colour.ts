import { type Colour, fromHex } from '../colour.ts';

/** Names that make text vanish on a usual page, and those of usual backgrounds (CSS Color 4, 6.1). */
const NAMES = new Map<string, string>(
  Object.entries({
    white: 'ffffff',
    snow: 'fffafa',
    ivory: 'fffff0',
    azure: 'f0ffff',
    ghostwhite: 'f8f8ff',
    floralwhite: 'fffaf0',
    mintcream: 'f5fffa',
    aliceblue: 'f0f8ff',
    whitesmoke: 'f5f5f5',
    seashell: 'fff5ee',
    honeydew: 'f0fff0',
    lavenderblush: 'fff0f5',
    lightyellow: 'ffffe0',
    black: '000000',
    gray: '808080',
    grey: '808080',
    silver: 'c0c0c0',
    red: 'ff0000',
    green: '008000',
    blue: '0000ff',
    navy: '000080',
    yellow: 'ffff00',
    orange: 'ffa500',
    purple: '800080',
    maroon: '800000',
    teal: '008080',
  }),
);

/** A CSS colour; `transparent` for one that lets all through, undefined for one not known here. */
export function cssColour(value: string): Colour | 'transparent' | undefined {
  const text = value.trim().toLowerCase();
  if (text === 'transparent') return 'transparent';
  const hex = /^#([0-9a-f]{3,8})$/.exec(text)?.[1];
  if (hex) return hexColour(hex);
  const named = NAMES.get(text);
  return named ? fromHex(named) : functionColour(text);
}

function hexColour(digits: string): Colour | 'transparent' | undefined {
  const long = digits.length <= 4 ? [...digits].map((digit) => digit + digit).join('') : digits;
  if (long.length === 8 && Number.parseInt(long.slice(6), 16) < UNSEEN_ALPHA * 255) return 'transparent';
  return fromHex(long.slice(0, 6));
}

/** Below this share text is as good as not there. */
export const UNSEEN_ALPHA = 0.1;

function functionColour(text: string): Colour | 'transparent' | undefined {
  const parts = /^(rgb|hsl)a?\(([^()]{1,80})\)$/.exec(text);
  if (!parts) return undefined;
  const values = parts[2]!.split(/[\s,/]+/).filter(Boolean);
  const [first, second, third, alpha] = values.map((value) => Number.parseFloat(value));
  if (first === undefined || second === undefined || third === undefined) return undefined;
  if (![first, second, third].every(Number.isFinite)) return undefined;
  if (alpha !== undefined && (values[3]!.endsWith('%') ? alpha / 100 : alpha) < UNSEEN_ALPHA)
    return 'transparent';
  if (parts[1] === 'hsl') return hslColour(first, second / 100, third / 100);
  const most = values[0]!.endsWith('%') ? 100 : 255;
  return [(first / most) * 255, (second / most) * 255, (third / most) * 255];
}

/** CSS Color 4, 7.1. */
function hslColour(hue: number, saturation: number, lightness: number): Colour {
  const channel = (n: number): number => {
    const k = (((n + hue / 30) % 12) + 12) % 12;
    return (
      255 *
      (lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1)))
    );
  };
  return [channel(0), channel(8), channel(4)];
}
