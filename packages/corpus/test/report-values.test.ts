import { expect, test } from 'vitest';
import { valueText } from '../src/report/page/value-text.ts';

test.each([
  ['not UTF-8', 'pas en UTF-8'],
  ['language "und"', 'langue "und"'],
  ['en; de 0.00 < 0.70', 'en; de 0,00 < 0,70'],
  ['0.34 > 0.30', '0,34 > 0,30'],
  ['-1.25 < 0.30', '-1,25 < 0,30'],
  ['0.873 debian-descriptions-fr/63.25', '0,873 debian-descriptions-fr/63.25'],
  ['38 of 170 characters left', 'il reste 38 caractères sur 170'],
  ['CC-BY-NC-4.0 does not allow training', 'CC-BY-NC-4.0 ne permet pas l’entraînement'],
  ['54 < 70 years after death in 1971', '54 < 70 ans après la mort, en 1971'],
  ['0.412 < 0.500 kept', 'part gardée : 0,412 < 0,500'],
  // What a page or a document says stays its own.
  ['Licence CC BY 3.0', 'Licence CC BY 3.0'],
  ['10.0.0.1', '10.0.0.1'],
  ['constructor', 'constructor'],
])('%s in French', (value, french) => {
  expect(valueText(value, 'fr')).toBe(french);
  expect(valueText(value, 'en')).toBe(value);
});
