import { html } from '@lucie/ledger';
import type { CorpusReport } from '../corpus-report.ts';
import { contaminationSection } from './contamination-section.ts';
import { duplicatesSection } from './duplicates-section.ts';
import { funnelSection } from './funnel-section.ts';
import { languagesSection } from './languages-section.ts';
import { licencesSection } from './licences-section.ts';
import { mixSection } from './mix-section.ts';
import { personalDataSection } from './personal-data-section.ts';
import { samplesSection } from './samples-section.ts';
import { say } from './say.ts';
import { sourcesSection } from './sources-section.ts';
import { style } from './style.ts';
import { tiles } from './tiles.ts';
import { wordsSection } from './words-section.ts';
import { yearsSection } from './years-section.ts';

/** The report as one self-contained page: no script, nothing fetched from anywhere; French, with a switch to English. */
export function renderReport(report: CorpusReport, opts: { name: string }): string {
  const sections = [
    funnelSection(report),
    sourcesSection(report),
    languagesSection(report),
    licencesSection(report, opts.name),
    yearsSection(report),
    mixSection(report),
    personalDataSection(report),
    duplicatesSection(report),
    contaminationSection(report),
    samplesSection(report),
    wordsSection(),
  ];
  const contents = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>Le corpus ${opts.name} · The corpus ${opts.name}</title><style>${style}</style></head><body><main>
<fieldset class="switch"><legend>Langue de la page · <span lang="en">Language of the page</span></legend>
<label><input type="radio" name="language" checked>Français</label><label lang="en"><input type="radio" name="language" id="in-english">English</label></fieldset>
<header><h1>${say(`Corpus : ${opts.name}`, `Corpus: ${opts.name}`)}</h1>
<p>${say(
    'De quels textes ce modèle est-il fait ? Ici chaque document lu est compté : d’où il vient, sous quelle licence, de quand il date, et, s’il a été écarté, par quelle règle.',
    'What texts is this model made of? Here every document that was read is counted: where it comes from, under which licence, how old it is and, if it was thrown away, by which rule.',
  )}</p>
${tiles(report)}
<nav aria-label="Sections"><ul>${contents}</ul></nav></header>
${sections.map(({ id, title, body }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>\n`)}
</main></body></html>
`.markup;
}
