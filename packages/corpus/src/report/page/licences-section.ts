import { type Html, html } from '@lucie/ledger';
import { type Licence, type Use, uses } from '../../licences.ts';
import type { CorpusReport } from '../corpus-report.ts';
import { bar } from './charts.ts';
import { bytes, percent, say } from './say.ts';
import { dataTable, type Section } from './section.ts';

/** Is it legal? What each licence asks and allows, and how much of the text goes with it. */
export function licencesSection(report: CorpusReport, name: string): Section {
  const id = 'licences';
  const licences = Object.entries(report.licences).sort(
    (a, b) => b[1].bytes - a[1].bytes || (a[0] < b[0] ? -1 : 1),
  );
  const most = Math.max(...licences.map(([, { share }]) => share), 1e-9);
  const mark = (yes: boolean, good: boolean) =>
    html`<span class="${good ? 'yes' : 'no'}">${yes ? say('oui', 'yes') : say('non', 'no')}</span>`;
  return {
    id,
    title: say('Est-ce permis ? Les licences', 'Is it allowed? The licences'),
    body: html`<p>${say(
      'Chaque document porte la licence de son texte ; un document sans licence connue est écarté. Voici ce que chacune permet et demande, selon notre lecture, qui n’est pas un conseil juridique.',
      'Every document carries the licence of its text; one without a known licence is thrown away. This is what each allows and asks by our reading, which is no legal advice.',
    )}</p>
<ul>${summary(report)}</ul>
${dataTable(
  [
    say('Licence', 'Licence'),
    say('des octets', 'of the bytes'),
    say('Texte', 'Text'),
    { text: say('usage commercial', 'commercial use') },
    { text: say('rediffusion', 'passing on') },
    { text: say('citer la source', 'naming the source') },
    { text: say('partage à l’identique', 'share alike') },
  ],
  licences.map(([licence, facts]) => ({
    name: html`<a href="${facts.url}" rel="noreferrer">${licence.replace('LicenseRef-', '')}</a><span class="what">${facts.name}</span>`,
    bar: bar([{ from: 0, to: facts.share / most, kind: 'kept' }]),
    cells: [
      percent(facts.share),
      bytes(facts.bytes),
      mark(facts.commercial, facts.commercial),
      mark(facts.redistribute, facts.redistribute),
      facts.attribution ? say('exigé', 'required') : say('non exigé', 'not required'),
      facts.shareAlike ? say('exigé', 'required') : say('non exigé', 'not required'),
    ],
  })),
  { labelledBy: id, wide: true },
)}
<p class="meta">${say('Ce qui resterait sans certaines licences :', 'What would be left without some of them:')} <code>./lucie corpus what-if ${name} --licence commercial</code></p>`,
  };
}

/** HtmlPart of the bytes whose licence passes a test; of the sums, so that everything is 1 and not a hair less. */
export function shareOf(report: CorpusReport, test: (licence: Licence) => boolean): number {
  const bytes = Object.values(report.licences)
    .filter(test)
    .reduce((sum, licence) => sum + licence.bytes, 0);
  return report.documents.bytes === 0 ? 0 : bytes / report.documents.bytes;
}

/** The questions that a lawyer asks first, answered with a share of the text. */
function summary(report: CorpusReport): Html[] {
  const share = (test: (licence: Licence) => boolean) => percent(shareOf(report, test));
  const allowed = (use: Use) => share(uses[use]);
  return [
    html`<li>${allowed('commercial')} ${say('du texte permet un usage commercial.', 'of the text allows commercial use.')}</li>`,
    html`<li>${allowed('redistribute')} ${say('peut être rediffusé tel quel, avec ce corpus.', 'may be passed on as it is, with this corpus.')}</li>`,
    html`<li>${share(({ attribution }) => attribution)} ${say('demande que la source soit citée.', 'asks that the source be named.')}</li>`,
    html`<li>${share(({ shareAlike }) => shareAlike)} ${say(
      'demande que ce qui en est tiré et rediffusé porte la même licence.',
      'asks that what is made from it and passed on carries the same licence.',
    )}</li>`,
  ];
}
