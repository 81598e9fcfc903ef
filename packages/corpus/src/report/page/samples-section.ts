import { type Html, html } from '@lucie/ledger';
import type { CorpusReport } from '../corpus-report.ts';
import { languageName } from '../language-name.ts';
import { ruleName } from '../rule-names.ts';
import { CHARACTERS, type Sample } from '../samples.ts';
import { sampleAnchor } from './funnel-section.ts';
import { figure, inBoth, say } from './say.ts';
import type { Section } from './section.ts';
import { valueText } from './value-text.ts';

/** The eye judges a rule better than a count: some of what each refused, drawn by lot. */
export function samplesSection({ samples, rules }: CorpusReport): Section {
  const shown = rules.filter(({ removed }) => removed.documents > 0);
  return {
    id: 'samples',
    title: say('Voir ce qui a été écarté', 'See what was thrown away'),
    body: html`<p>${say(
      'Pour chaque règle, jusqu’à vingt documents tirés au sort parmi tous ceux qu’elle a écartés, par leur début. Les données personnelles y sont remplacées comme dans les documents gardés ; ici, en plus, tout ce qui ressemble à un courriel ou à un long nombre est couvert de points. Une règle qui écarte de bons textes se voit ici.',
      'For each rule up to twenty documents drawn by lot among all that it threw away, by their beginning. Personal data is replaced in them as in the documents kept; here, besides, whatever looks like a mail address or a long number is covered with dots. A rule that throws away good text shows here.',
    )}</p>${shown.map(({ rule, removed }) => {
      const { fr, en, why } = ruleName(rule);
      const own = samples.filter((sample) => sample.rule === rule);
      return html`<details class="rule"><summary>${say(fr, en)} <span class="what">${figure(removed.documents)} documents</span></summary>${
        why.fr ? html`<p>${say(why.fr, why.en)}</p>` : ''
      }<p class="meta"><code>${rule}</code> · ${figure(own.length)} ${say('montrés', 'shown')}</p><ul class="samples" id="${sampleAnchor(rule)}">${own.map(item)}</ul></details>`;
    })}`,
  };
}

/** Rules after which nobody may keep the text. */
const withheld = new Set(['unreadable', 'robots', 'tdm-reservation', 'noai', 'opt-out']);

function item({ rule, source, id, value, language, date, url, title, text, characters }: Sample): Html {
  const facts = [
    html`${source}`,
    ...(language ? [inBoth((reader) => languageName(language, reader))] : []),
    ...(date ? [html`${date}`] : []),
    ...(characters ? [html`${figure(characters)} ${say('caractères', 'characters')}`] : []),
    ...(/^https?:\/\//.test(url) ? [html`<a href="${url}" rel="noreferrer">page</a>`] : []),
  ];
  return html`<li>${value ? html`<span class="no long">${inBoth((reader) => valueText(value, reader))}</span> ` : ''}<span class="meta">${facts.map((fact, i) => (i ? html` · ${fact}` : fact))}<br><code>${id}</code></span>${
    title ? html`<b${tagged(language)}>${title}</b>` : ''
  }${
    text
      ? html`<blockquote${tagged(language)}${language.startsWith('code:') ? html` class="code"` : ''}>${text}${characters > CHARACTERS ? '…' : ''}</blockquote>`
      : html`<p class="meta">${withheld.has(rule) ? say('texte non conservé', 'text not kept') : say('sans texte', 'no text')}</p>`
  }</li>`;
}

/** So that a reader who listens hears German read as German. */
function tagged(language: string): Html | string {
  return /^[a-z]{2,3}$/.test(language) ? html` lang="${language}"` : '';
}
