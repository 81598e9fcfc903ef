import { html } from '@lucie/ledger';
import type { CorpusReport } from '../corpus-report.ts';
import { figure, say } from './say.ts';
import { dataTable, type Section } from './section.ts';

const kinds: Readonly<Record<string, { fr: string; en: string }>> = {
  email: { fr: 'courriels', en: 'mail addresses' },
  ip: { fr: 'adresses IP', en: 'IP addresses' },
  phone: { fr: 'téléphones', en: 'telephone numbers' },
  nir: { fr: 'numéros de sécurité sociale', en: 'French social security numbers' },
  siret: { fr: 'SIRET', en: 'SIRET' },
  siren: { fr: 'SIREN', en: 'SIREN' },
  iban: { fr: 'IBAN', en: 'IBAN' },
  card: { fr: 'cartes bancaires', en: 'payment cards' },
};

export function personalDataSection(report: CorpusReport): Section {
  const id = 'personal-data';
  const sources = Object.entries(report.personalData).filter(([, counts]) =>
    Object.values(counts).some((count) => count > 0),
  );
  const found = [
    ...new Set(sources.flatMap(([, counts]) => Object.keys(counts).filter((kind) => counts[kind]! > 0))),
  ].sort();
  const searched = Object.keys(report.personalData).length > 0;
  const name = (kind: string) => {
    const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    return known ? say(known.fr, known.en) : html`${kind}`;
  };
  const sum = (kind: string) => sources.reduce((total, [, counts]) => total + (counts[kind] ?? 0), 0);
  return {
    id,
    title: say('Données personnelles', 'Personal data'),
    body: html`<p>${say(
      'Ce qui a la forme d’un courriel, d’un téléphone, d’un numéro de compte ou de personne est remplacé par un leurre, le même à chaque fois dans un document. Les noms et les adresses postales ne sont pas cherchés.',
      'What has the shape of a mail address, a telephone, account or personal number is replaced by a decoy, the same one throughout a document. Names and postal addresses are not looked for.',
    )}</p>${
      sources.length === 0
        ? html`<p>${searched ? say('Rien n’a été trouvé.', 'Nothing was found.') : say('Ce corpus a été fait sans cette recherche.', 'This corpus was made without that search.')}</p>`
        : dataTable(
            ['Source', ...found.map(name)],
            [
              ...sources.map(([source, counts]) => ({
                name: source,
                cells: [...found.map((kind) => figure(counts[kind] ?? 0))],
              })),
              {
                sum: true,
                name: say('ensemble', 'together'),
                cells: [...found.map((kind) => figure(sum(kind)))],
              },
            ],
            { labelledBy: id },
          )
    }`,
  };
}
