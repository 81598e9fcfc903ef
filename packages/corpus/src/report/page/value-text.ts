import type { Language } from './say.ts';

/** What rules and sources write where they have no figure to give, in French. */
const phrases: Readonly<Record<string, string>> = {
  'not UTF-8': 'pas en UTF-8',
  'no id, or one of more than 300 characters': 'pas d’identifiant, ou plus long que 300 caractères',
  'an id for the second time': 'un identifiant déjà vu',
  none: 'aucune',
  'none stated': 'rien n’est dit',
  'no two halves with their languages': 'il n’y a pas deux moitiés avec leurs langues',
  'an empty half': 'une moitié vide',
  'no page of prose': 'aucune page de prose',
  'nothing but addresses and counters': 'rien que des adresses et des compteurs',
  'nothing between header and licence': 'rien entre l’en-tête et la licence',
  'nothing else': 'rien d’autre',
  'robots.txt: the server failed to give it': 'robots.txt : le serveur n’a pas pu le donner',
  'robots.txt: no record of this site': 'robots.txt : rien d’enregistré pour ce site',
};

/** The same with something in the middle. */
const patterns: readonly [RegExp, string][] = [
  [/^language (".*")$/, 'langue $1'],
  [/^unknown: (".*")$/, 'inconnue : $1'],
  [/^(\S+) does not allow training$/, '$1 ne permet pas l’entraînement'],
  [/^a line of more than (\d+) bytes$/, 'une ligne de plus de $1 octets'],
  [/^no text in (.+), or one of more than (\d+) bytes$/, 'pas de texte dans $1, ou plus de $2 octets'],
  [/^(\d+) of (\d+) characters left$/, 'il reste $1 caractères sur $2'],
  [/^(\d+ < \d+) years after death in (\d+)$/, '$1 ans après la mort, en $2'],
  [/^(\d+ < \d+) years after birth in (\d+)$/, '$1 ans après la naissance, en $2'],
  [/^(\S+ < \S+) kept$/, 'part gardée : $1'],
  [/^robots\.txt for ([^:]+): /, 'robots.txt pour $1 : '],
];

/** A decimal that was measured or bounds what was: beside a sign, or the likeness that begins the value. */
const DECIMAL = /(?<=^|[\s<>-])(\d+)\.(\d+)(?= [<>])|(?<=[<>] )(\d+)\.(\d+)|^([01])\.(\d{3})(?= \S+$)/g;

/** What a rule measured, for a reader; text of the document that stands in it is left as it is. */
export function valueText(value: string, language: Language): string {
  if (language === 'en') return value;
  if (Object.hasOwn(phrases, value)) return phrases[value]!;
  const pattern = patterns.find(([expression]) => expression.test(value));
  const text = pattern ? value.replace(pattern[0], pattern[1]) : value;
  return text.replace(DECIMAL, (decimal) => decimal.replace('.', ','));
}
