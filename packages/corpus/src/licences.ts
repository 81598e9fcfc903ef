/** What a licence lets us do, in the four questions that matter for a model and for a corpus that is passed on. */
export interface Licence {
  name: string;
  url: string;
  /** A model may be trained on the text and given away. */
  mayTrain: boolean;
  /** The source must be named wherever the text, or a work made from it, is shown. */
  attribution: boolean;
  /** A corpus that contains the text must carry the same licence. */
  shareAlike: boolean;
  commercial: boolean;
}

/**
 * Licences of texts in use, by SPDX identifier where there is one. A package's licence may cover its code only: what
 * is named here is the licence of the text inside, as its publisher states it.
 */
export const licences: Readonly<Record<string, Licence>> = {
  'etalab-2.0': {
    name: 'Licence Ouverte / Open Licence 2.0 (Etalab)',
    url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
    mayTrain: true,
    attribution: true,
    shareAlike: false,
    commercial: true,
  },
  'PDDL-1.0': {
    name: 'Open Data Commons Public Domain Dedication and License 1.0',
    url: 'https://opendatacommons.org/licenses/pddl/1-0/',
    mayTrain: true,
    attribution: false,
    shareAlike: false,
    commercial: true,
  },
  'ODbL-1.0': {
    name: 'Open Data Commons Open Database License 1.0',
    url: 'https://opendatacommons.org/licenses/odbl/1-0/',
    mayTrain: true,
    attribution: true,
    shareAlike: true,
    commercial: true,
  },
  'LicenseRef-UDHR': {
    name: 'Universal Declaration of Human Rights, text of the United Nations, reproduced freely with its source',
    url: 'https://www.ohchr.org/en/human-rights/universal-declaration/',
    mayTrain: true,
    attribution: true,
    shareAlike: false,
    commercial: true,
  },
  'CC0-1.0': {
    name: 'Creative Commons Zero 1.0 Universal',
    url: 'https://creativecommons.org/publicdomain/zero/1.0/',
    mayTrain: true,
    attribution: false,
    shareAlike: false,
    commercial: true,
  },
  'CC-BY-4.0': {
    name: 'Creative Commons Attribution 4.0 International',
    url: 'https://creativecommons.org/licenses/by/4.0/',
    mayTrain: true,
    attribution: true,
    shareAlike: false,
    commercial: true,
  },
  'CC-BY-SA-4.0': {
    name: 'Creative Commons Attribution Share Alike 4.0 International',
    url: 'https://creativecommons.org/licenses/by-sa/4.0/',
    mayTrain: true,
    attribution: true,
    shareAlike: true,
    commercial: true,
  },
  'Apache-2.0': {
    name: 'Apache License 2.0',
    url: 'https://www.apache.org/licenses/LICENSE-2.0',
    mayTrain: true,
    attribution: true,
    shareAlike: false,
    commercial: true,
  },
  MIT: {
    name: 'MIT License',
    url: 'https://opensource.org/license/mit',
    mayTrain: true,
    attribution: true,
    shareAlike: false,
    commercial: true,
  },
};
