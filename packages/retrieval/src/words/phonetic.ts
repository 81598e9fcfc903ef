import { fold } from './fold.ts';

/**
 * In order; a later rule sees what the earlier ones left. Capitals are sounds: E (é, è, ai), O (o, au, eau), U (ou), A (an,
 * en), I (in, ain), N (on), W (oi), H (ch), J (j, soft g), K, S, Z; small letters sound as they are written.
 */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^h/, ''],
  [/ph/g, 'f'],
  [/(?:sch|sh|ch)(?=[rlnt])/g, 'K'],
  [/sch|sh|ch/g, 'H'],
  [/h/g, ''],
  [/ss/g, 'S'],
  [/(.)\1+/g, '$1'],
  [/(?:eau|au)(?:x|s|t|d)?$/, 'O'],
  [/eau|au/g, 'O'],
  [/(?:tion)(?=s?$|n)/g, 'SiN'],
  [/gu(?=[eiy])/g, 'G'],
  [/g(?=[eiy])e?(?=[aou])|g(?=[eiy])/g, 'J'],
  [/j/g, 'J'],
  [/gn/g, 'Y'],
  [/qu?|k/g, 'K'],
  [/sc(?=[eiy])/g, 'S'],
  [/c(?=[eiy])/g, 'S'],
  [/c/g, 'K'],
  [/x/g, 'KS'],
  [/(?<=[aeiouyO])s(?=[aeiouyO])/g, 'Z'],
  [/z/g, 'Z'],
  [/s/g, 'S'],
  [/oin(?![aeiouyO])/g, 'WI'],
  [/oi|oy/g, 'W'],
  [/ou/g, 'U'],
  [/(?:ain|aim|ein|eim|yn|ym|in|im|un|um)(?![aeiouymnO])/g, 'I'],
  [/(?:an|am|en|em)(?![aeiouymnO])/g, 'A'],
  [/(?:on|om)(?![aeiouymnO])/g, 'N'],
  [/ai|ei|ay|ey/g, 'E'],
  [/oeu|eu|oe/g, 'e'],
  [/o/g, 'O'],
  [/y/g, 'i'],
  // Silent ends: verbs (-er, -ez, -ent, -es), plurals, mute consonants, mute e.
  [/(?<=..)(?:er|eZ|et|eS)$/, 'e'],
  [/[StdpxZ]+$/, ''],
  [/e[StdZ]*$/, ''],
  [/E[StdZ]*$/, ''],
  [/e/g, 'E'],
  [/(.)\1+/g, '$1'],
];

/**
 * How a French word sounds, roughly: words with one key are likely the same to somebody who writes by ear (`chodière`,
 * `chaudière`). Ends that are not heard, and those of verbs, are left out.
 */
export function phoneticKey(word: string): string {
  let key = fold(word);
  for (const [pattern, sound] of RULES) key = key.replace(pattern, sound);
  return key || fold(word);
}
