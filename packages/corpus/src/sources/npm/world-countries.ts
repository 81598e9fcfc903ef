import { type Adapter, arrayField, type Draft, field, parseEntry, stringField } from '../adapter.ts';
import { frenchCapitals } from './countries/capitals.ts';
import { type CountryFacts, countrySheet } from './countries/country-sheet.ts';
import { frenchCurrencies } from './countries/currencies.ts';
import { type FrenchName, frenchName } from './countries/french-names.ts';
import { frenchLanguages } from './countries/languages.ts';
import { frenchRegion } from './countries/regions.ts';

/** The year in which the pinned version was published: facts about countries are true for a time. */
const DATE = '2025';

/** One French sheet per country or territory, composed from the facts of the package. */
export const worldCountries: Adapter = {
  package: 'world-countries',
  source: 'world-countries',
  licence: 'ODbL-1.0',
  attribution: 'World Countries, Mohammed Le Doze (mledoze/countries)',
  homepage: 'https://github.com/mledoze/countries',
  wants: (path) => path === 'countries.json',
  async *read(entries, complain) {
    for await (const entry of entries) {
      const parsed = parseEntry(entry, complain);
      if (parsed === undefined) continue;
      const countries = Array.isArray(parsed) ? (parsed as unknown[]) : [];
      const names = new Map<string, FrenchName>();
      for (const country of countries) {
        const code = stringField(country, 'cca3');
        const translation = stringField(french(country), 'common');
        if (code && translation) names.set(code, frenchName(code, translation));
      }
      for (const [index, country] of countries.entries()) {
        const facts = factsOf(country, names);
        if (facts) yield draftOf(facts, country);
        else complain(`${entry.path}#${index}`, 'no code, French name or region');
      }
    }
  },
};

function factsOf(country: unknown, names: Map<string, FrenchName>): CountryFacts | undefined {
  const code = stringField(country, 'cca3');
  const name = names.get(code);
  const region = frenchRegion(stringField(country, 'region'), stringField(country, 'subregion'));
  if (!name || !region) return undefined;
  const area = field(country, 'area');
  return {
    code,
    name,
    official: officialOf(country, code),
    capitals: frenchCapitals(code, strings(arrayField(country, 'capital'))),
    ...region,
    languages: frenchLanguages(strings(Object.values(objectField(country, 'languages')))),
    currencies: frenchCurrencies(Object.keys(objectField(country, 'currencies'))),
    neighbours: strings(arrayField(country, 'borders'))
      .map((neighbour) => names.get(neighbour))
      .filter((neighbour) => neighbour !== undefined)
      .sort((a, b) => a.name.localeCompare(b.name, 'fr')),
    area: typeof area === 'number' && area > 0 ? area : 0,
    landlocked: field(country, 'landlocked') === true,
    demonym: stringField(field(field(country, 'demonyms'), 'fra'), 'f').replace(/^Neo-/, 'Néo-'),
    sovereign: field(country, 'independent') !== false,
  };
}

function draftOf(facts: CountryFacts, country: unknown): Draft {
  const { name, neighbours, ...rest } = facts;
  return {
    key: facts.code,
    title: name.name,
    text: countrySheet(facts),
    language: 'fr',
    date: DATE,
    url: `https://www.iso.org/obp/ui/#iso:code:3166:${stringField(country, 'cca2')}`,
    extra: {
      kind: 'facts',
      ...rest,
      name: name.name,
      the: name.the,
      of: name.of,
      in: name.in,
      neighbours: neighbours.map((neighbour) => neighbour.name),
    },
  };
}

/** Swaziland is Eswatini since 2018; its package translation is older. */
function officialOf(country: unknown, code: string): string {
  return code === 'SWZ' ? "Royaume d'Eswatini" : stringField(french(country), 'official');
}

function french(country: unknown): unknown {
  return field(field(country, 'translations'), 'fra');
}

function objectField(value: unknown, name: string): Record<string, unknown> {
  const found = field(value, name);
  return found !== null && typeof found === 'object' && !Array.isArray(found)
    ? (found as Record<string, unknown>)
    : {};
}

function strings(values: unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}
