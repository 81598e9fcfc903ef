import { fold } from './fold.ts';
import type { Token } from './split-words.ts';

const VALUES = new Map<string, number>(
  Object.entries({
    zero: 0,
    un: 1,
    une: 1,
    deux: 2,
    trois: 3,
    quatre: 4,
    cinq: 5,
    six: 6,
    sept: 7,
    huit: 8,
    neuf: 9,
    dix: 10,
    onze: 11,
    douze: 12,
    treize: 13,
    quatorze: 14,
    quinze: 15,
    seize: 16,
    vingt: 20,
    vingts: 20,
    trente: 30,
    quarante: 40,
    cinquante: 50,
    soixante: 60,
    septante: 70,
    huitante: 80,
    octante: 80,
    nonante: 90,
    cent: 100,
    cents: 100,
    mille: 1000,
    million: 1e6,
    millions: 1e6,
    milliard: 1e9,
    milliards: 1e9,
  }),
);

/** A number in words: its value, and how many tokens say it. */
export interface SpeltNumber {
  value: number;
  tokens: number;
}

/** Whether `value` may follow what was said below a thousand, e.g. 7 behind 60 or 100, but not 3 behind 2. */
function follows(said: number, value: number): boolean {
  const rest = said % 100;
  if (said > 0 && rest === 0) return value < 100;
  if (rest === 60 || rest === 80) return value < 20;
  if (rest === 10 || rest === 70 || rest === 90) return value < 10;
  return rest >= 20 && rest % 10 === 0 && value < 10;
}

/**
 * Reads a French number in words that begins at a token: `quatre-vingt-dix-sept`, `deux mille vingt-cinq`.
 * `un` and `une` alone are articles and no number; `et` is understood before `un`, `une` and `onze`.
 * @returns undefined where no number begins
 */
export function readNumber(tokens: readonly Token[], at: number): SpeltNumber | undefined {
  let total = 0;
  let said = 0;
  let used = 0;
  let any = false;
  for (let i = at; i < tokens.length; i++) {
    const word = fold(tokens[i]!.text);
    if (word === 'et' && any && said % 10 === 0 && said % 100 >= 20) {
      const next = fold(tokens[i + 1]?.text ?? '');
      if (next === 'un' || next === 'une' || next === 'onze') continue;
      break;
    }
    const value = VALUES.get(word);
    if (value === undefined) break;
    if (value >= 1000) {
      if (any && said === 0) break;
      total += (said || 1) * value;
      said = 0;
    } else if (value === 100) {
      if (said > 9) break;
      said = (said || 1) * 100;
    } else if (value === 20 && said % 100 === 4) said += 76;
    else if (said === 0 || follows(said, value)) said += value;
    else break;
    any = true;
    used = i - at + 1;
  }
  if (!any) return undefined;
  if (used === 1 && /^une?$/i.test(tokens[at]!.text)) return undefined;
  return { value: total + said, tokens: used };
}

/** One way of writing for `12 000`, `12 000,50`, `1.5` and `1,5`: no spaces, a point, no zeros at the end. */
export function plainNumber(digits: string): string {
  const number = digits.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  return number.includes('.') ? number.replace(/0+$/, '').replace(/\.$/, '') : number;
}
