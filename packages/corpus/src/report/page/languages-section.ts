import { html } from '@lucie/ledger';
import type { CorpusReport } from '../corpus-report.ts';
import { languageName } from '../language-name.ts';
import { bar } from './charts.ts';
import { bytes, estimate, figure, inBoth, percent, say } from './say.ts';
import { dataTable, type Section } from './section.ts';

export function languagesSection(report: CorpusReport): Section {
  const id = 'languages';
  const languages = Object.entries(report.languages).sort(
    (a, b) => b[1].bytes - a[1].bytes || (a[0] < b[0] ? -1 : 1),
  );
  const most = Math.max(...languages.map(([, { share }]) => share), 1e-9);
  return {
    id,
    title: say('En quelles langues', 'In which languages'),
    body: html`${dataTable(
      [
        say('Langue', 'Language'),
        say('des octets', 'of the bytes'),
        say('Texte', 'Text'),
        say('Jetons (estimation)', 'Tokens (estimate)'),
        'Documents',
      ],
      languages.map(([code, amount]) => ({
        name: inBoth((language) => languageName(code, language)),
        bar: bar([{ from: 0, to: amount.share / most, kind: 'kept' }]),
        cells: [
          percent(amount.share),
          bytes(amount.bytes),
          estimate(amount.tokens),
          figure(amount.documents),
        ],
      })),
      { labelledBy: id },
    )}`,
  };
}
