import { describe, expect, test } from 'vitest';
import { frenchCapitals } from '../src/sources/npm/countries/capitals.ts';
import {
  type CountryFacts,
  countrySheet,
  frenchNumber,
  listed,
} from '../src/sources/npm/countries/country-sheet.ts';
import { currencyWithArticle, frenchCurrencies } from '../src/sources/npm/countries/currencies.ts';
import { frenchName } from '../src/sources/npm/countries/french-names.ts';
import { frenchLanguages, withArticle } from '../src/sources/npm/countries/languages.ts';
import { frenchRegion } from '../src/sources/npm/countries/regions.ts';

test.each([
  ['FRA', 'France', 'la France', 'de la France', 'en France'],
  ['DEU', 'Allemagne', "l'Allemagne", "de l'Allemagne", 'en Allemagne'],
  ['JPN', 'Japon', 'le Japon', 'du Japon', 'au Japon'],
  ['IRN', 'Iran', "l'Iran", "de l'Iran", 'en Iran'],
  ['HUN', 'Hongrie', 'la Hongrie', 'de la Hongrie', 'en Hongrie'],
  ['HND', 'Honduras', 'le Honduras', 'du Honduras', 'au Honduras'],
  ['HTI', 'Haïti', 'Haïti', "d'Haïti", 'en Haïti'],
  ['MEX', 'Mexique', 'le Mexique', 'du Mexique', 'au Mexique'],
  ['KHM', 'Cambodge', 'le Cambodge', 'du Cambodge', 'au Cambodge'],
  ['USA', 'États-Unis', 'les États-Unis', 'des États-Unis', 'aux États-Unis'],
  ['NLD', 'Pays-Bas', 'les Pays-Bas', 'des Pays-Bas', 'aux Pays-Bas'],
  ['CUB', 'Cuba', 'Cuba', 'de Cuba', 'à Cuba'],
  ['ISR', 'Israël', 'Israël', "d'Israël", 'en Israël'],
  ['REU', 'Réunion', 'la Réunion', 'de la Réunion', 'à la Réunion'],
  ['COK', 'Îles Cook', 'les îles Cook', 'des îles Cook', 'aux îles Cook'],
  ['MUS', 'Île Maurice', "l'île Maurice", "de l'île Maurice", "à l'île Maurice"],
  ['ZAF', 'Afrique du Sud', "l'Afrique du Sud", "de l'Afrique du Sud", 'en Afrique du Sud'],
  ['KOR', 'Corée du Sud', 'la Corée du Sud', 'de la Corée du Sud', 'en Corée du Sud'],
  ['SWZ', 'Swaziland', "l'Eswatini", "de l'Eswatini", 'en Eswatini'],
  [
    'COD',
    'Congo (Rép. dém.)',
    'la République démocratique du Congo',
    'de la République démocratique du Congo',
    'en République démocratique du Congo',
  ],
])('%s: %s', (code, translation, the, of, inside) => {
  expect(frenchName(code, translation)).toMatchObject({ the, of, in: inside });
});

test.each([
  ['London', 'Londres'],
  ['Beijing', 'Pékin'],
  ['Cairo', 'Le Caire'],
  ['Warsaw', 'Varsovie'],
  ['Moscow', 'Moscou'],
  ['Athens', 'Athènes'],
  ['Lisbon', 'Lisbonne'],
  ['Rome', 'Rome'],
  ['Vienna', 'Vienne'],
  ['Brussels', 'Bruxelles'],
  ['Copenhagen', 'Copenhague'],
  ['Paris', 'Paris'],
])('the capital %s is %s', (english, french) => {
  expect(frenchCapitals('XXX', [english])).toEqual([french]);
});

test('corrections replace what the package says', () => {
  expect(frenchCapitals('SWZ', ['Lobamba'])).toEqual(['Mbabane']);
});

test('languages: French, alphabetical, each once, with article', () => {
  expect(frenchLanguages(['German', 'French', 'Austro-Bavarian German', 'Klingon'])).toEqual([
    'allemand',
    'français',
  ]);
  expect(
    ['anglais', 'français', 'hindi', 'hébreu', 'langue des signes néo-zélandaise'].map(withArticle),
  ).toEqual(["l'anglais", 'le français', 'le hindi', "l'hébreu", 'la langue des signes néo-zélandaise']);
});

test('currencies with article; a long list is no currency', () => {
  expect(frenchCurrencies(['EUR']).map(currencyWithArticle)).toEqual(["l'euro"]);
  expect(frenchCurrencies(['TRY', 'JPY', 'ILS']).map(currencyWithArticle)).toEqual([
    'la livre turque',
    'le yen',
    'le nouveau shekel',
  ]);
  expect(frenchCurrencies(['USD', 'EUR', 'JPY', 'GBP'])).toEqual([]);
});

test('regions', () => {
  expect(frenchRegion('Europe', 'Southern Europe')).toEqual({
    continent: 'Europe',
    where: 'en Europe du Sud',
  });
  expect(frenchRegion('Moon', '')).toBeUndefined();
});

test('numbers and lists as French writes them', () => {
  expect([2.02, 999, 1000, 17098242].map(frenchNumber)).toEqual([
    '2,02',
    '999',
    '1\u202f000',
    '17\u202f098\u202f242',
  ]);
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a et b', 'a, b et c']);
});

describe('countrySheet', () => {
  const facts: CountryFacts = {
    code: 'MDV',
    name: frenchName('MDV', 'Maldives'),
    official: 'République des Maldives',
    capitals: ['Malé'],
    continent: 'Asie',
    where: 'en Asie du Sud',
    languages: ['maldivien'],
    currencies: ['rufiyaa'],
    neighbours: [],
    area: 300,
    landlocked: false,
    demonym: 'Maldivienne',
    sovereign: true,
  };

  test('a plural name has plural verbs and possessives', () => {
    const text = countrySheet(facts);
    expect(text).toMatch(/les Maldives|Les Maldives/);
    expect(text).not.toMatch(/\b(Son|Sa|Ses)\b/);
    expect(text).not.toMatch(/\bles Maldives (est|se trouve) /i);
  });

  test('what is unknown is left unsaid', () => {
    const text = countrySheet({
      ...facts,
      official: '',
      capitals: [],
      languages: [],
      currencies: [],
      area: 0,
      demonym: '',
    });
    expect(text).not.toMatch(/capitale|langue|monnaie|superficie|km²|habitante|officiel|undefined/);
  });

  test('wordings differ between countries, and are the same each time', () => {
    const codes = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG', 'HHH'];
    const texts = codes.map((code) => countrySheet({ ...facts, code }));
    expect(new Set(texts).size).toBeGreaterThan(6);
    expect(codes.map((code) => countrySheet({ ...facts, code }))).toEqual(texts);
  });
});
