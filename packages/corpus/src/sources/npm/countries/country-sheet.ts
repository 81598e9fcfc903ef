import { sha256 } from '@lucie/ledger';
import { currencyWithArticle } from './currencies.ts';
import type { FrenchName } from './french-names.ts';
import { withArticle } from './languages.ts';

/** What a sheet tells. Empty lists and missing values are left unsaid. */
export interface CountryFacts {
  /** ISO 3166-1 alpha-3. */
  code: string;
  name: FrenchName;
  official: string;
  capitals: string[];
  continent: string;
  /** `en Europe du Sud` */
  where: string;
  languages: string[];
  currencies: string[];
  neighbours: FrenchName[];
  /** km² */
  area: number;
  landlocked: boolean;
  /** Feminine singular, with a capital: `Française`. */
  demonym: string;
  sovereign: boolean;
}

/**
 * A country told in French sentences. Each has several wordings, chosen by a hash of country and subject, so that a
 * model learns the facts and not one sentence.
 */
export function countrySheet(facts: CountryFacts): string {
  const { name } = facts;
  const s = name.plural;
  const its = s ? 'Leur' : 'Son';
  const her = s ? 'Leur' : 'Sa';
  const The = capitalised(name.the);
  const kind = facts.sovereign ? 'pays' : 'territoire';
  const say = (subject: string, wordings: string[]) =>
    wordings[choice(`${facts.code} ${subject}`, wordings.length)]!;
  const out: string[] = [];
  out.push(
    say('where', [
      `${The} ${s ? 'sont' : 'est'} un ${kind} ${situated(facts)} ${facts.where}.`,
      `${The} ${s ? 'se trouvent' : 'se trouve'} ${facts.where}.`,
      `Où ${s ? 'se trouvent' : 'se trouve'} ${name.the} ? Ce ${kind} est situé ${facts.where}.`,
    ]),
  );
  if (facts.official && facts.official !== name.name)
    out.push(
      say('official', [
        `${its} nom officiel est «\u00a0${facts.official}\u00a0».`,
        `Le nom officiel ${name.of} est «\u00a0${facts.official}\u00a0».`,
        `Ce ${kind} s'appelle officiellement «\u00a0${facts.official}\u00a0».`,
      ]),
    );
  if (facts.capitals.length === 1) {
    const capital = facts.capitals[0]!;
    out.push(
      say('capital', [
        `La capitale ${name.of} est ${capital}.`,
        `${her} capitale est ${capital}.`,
        `${capital} est la capitale ${name.of}.`,
        `${capitalised(name.in)}, la capitale est ${capital}.`,
      ]),
    );
  } else if (facts.capitals.length > 1) out.push(`Les capitales ${name.of} sont ${listed(facts.capitals)}.`);
  if (facts.languages.length > 0) {
    const languages = facts.languages.map(withArticle);
    out.push(
      facts.languages.length === 1
        ? say('languages', [
            `La langue officielle y est ${languages[0]}.`,
            `${capitalised(name.in)}, la langue officielle est ${languages[0]}.`,
            `On y parle ${languages[0]}.`,
          ])
        : say('languages', [
            `Les langues officielles y sont ${listed(languages)}.`,
            `${capitalised(name.in)}, on parle ${listed(languages)}.`,
            `On y parle plusieurs langues : ${listed(languages)}.`,
          ]),
    );
  }
  if (facts.currencies.length > 0) {
    const currencies = facts.currencies.map(currencyWithArticle);
    out.push(
      currencies.length === 1
        ? say('currency', [
            `La monnaie ${name.of} est ${currencies[0]}.`,
            `On y paie avec ${currencies[0]}.`,
            `${her} monnaie est ${currencies[0]}.`,
          ])
        : `On y paie avec ${listed(currencies)}.`,
    );
  }
  out.push(...neighbourhood(facts, say));
  if (facts.area > 0)
    out.push(
      say('area', [
        `${her} superficie est de ${frenchNumber(facts.area)} km².`,
        `Ce ${kind} s'étend sur ${frenchNumber(facts.area)} km².`,
        `La superficie ${name.of} est de ${frenchNumber(facts.area)} km².`,
      ]),
    );
  if (facts.demonym) out.push(`Une habitante ${name.of} est une ${facts.demonym}.`);
  return out.join(' ');
}

function neighbourhood(facts: CountryFacts, say: (subject: string, wordings: string[]) => string): string[] {
  const kind = facts.sovereign ? 'pays' : 'territoire';
  const s = facts.name.plural;
  const its = s ? 'Leur' : 'Son';
  const her = s ? 'Leur' : 'Sa';
  const neighbours = facts.neighbours.map((neighbour) => neighbour.the);
  const sea = facts.landlocked ? [`Ce ${kind} n'a pas d'accès à la mer.`] : [];
  if (neighbours.length === 0)
    return facts.landlocked
      ? sea
      : [
          say('neighbours', [
            `Ce ${kind} n'a de frontière terrestre avec aucun autre.`,
            `Ce ${kind} n'a pas de frontière terrestre.`,
          ]),
        ];
  if (neighbours.length === 1)
    return [
      say('neighbours', [
        `${its} seul pays voisin est ${neighbours[0]}.`,
        `${her} seule frontière terrestre est avec ${neighbours[0]}.`,
      ]),
      ...sea,
    ];
  return [
    say('neighbours', [
      `${s ? 'Leurs' : 'Ses'} pays voisins sont ${listed(neighbours)}.`,
      `Ce ${kind} a des frontières communes avec ${listed(neighbours)}.`,
      `Les pays voisins ${facts.name.of} sont ${listed(neighbours)}.`,
    ]),
    ...sea,
  ];
}

/** `situé en Asie`, but `de la région antarctique` reads better without. */
function situated(facts: CountryFacts): string {
  return facts.where.startsWith('dans') ? 'qui se trouve' : 'situé';
}

/** An index below `n` that depends on the words alone. */
function choice(words: string, n: number): number {
  return Number.parseInt(sha256(words).slice(0, 8), 16) % n;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a, b et c` */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} et ${items.at(-1)}`;
}

/** `17 098 242` and `2,02`, with no-break spaces, as French writes numbers. */
export function frenchNumber(value: number): string {
  const [whole, fraction] = String(value).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  return fraction ? `${grouped},${fraction}` : grouped;
}
