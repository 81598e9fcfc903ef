import { markdownToText } from '../../text/markdown-to-text.ts';
import { tidyLine } from '../../text/text-blocks.ts';
import { type Adapter, arrayField, type Draft, field, parseEntry, stringField } from '../adapter.ts';

/** The latest legal text that the answers of this package cite is of April 2020; its sheets bear no date. */
const DATE = '2020';

/** Questions on French labour law with a general answer and one per collective agreement. */
export const contributions: Adapter = {
  package: '@socialgouv/contributions-data',
  source: 'contributions',
  licence: 'etalab-2.0',
  attribution: 'Code du travail numérique, ministère du Travail',
  homepage: 'https://code.travail.gouv.fr',
  wants: (path) => path === 'data/contributions.json',
  async *read(entries, complain) {
    for await (const entry of entries) {
      const questions = parseEntry(entry, complain);
      if (questions === undefined) continue;
      for (const [index, question] of (Array.isArray(questions) ? questions : []).entries()) {
        const id = stringField(question, 'id');
        const title = tidyLine(stringField(question, 'title'));
        if (!id || !title) complain(`${entry.path}#${index}`, 'a question without id or title');
        else yield* answersOf(question, { id, title });
      }
    }
  },
};

function* answersOf(node: unknown, question: { id: string; title: string }): Generator<Draft> {
  const answers = field(node, 'answers');
  const general = stringField(field(answers, 'generic'), 'markdown');
  const common = { language: 'fr', date: DATE };
  // `<Content href>` stands for a sheet of service-public.fr: what remains around it answers nothing.
  if (general && !general.includes('<Content')) {
    yield {
      ...common,
      key: question.id,
      title: question.title,
      text: answerText(general),
      url: `https://code.travail.gouv.fr/contribution/${slug(question.title)}`,
      extra: { kind: 'question-answer' },
    };
  }
  for (const answer of arrayField(answers, 'conventions')) {
    const idcc = stringField(answer, 'idcc');
    const name = arrayField(answer, 'references')
      .map((reference) => stringField(field(reference, 'agreement'), 'shortTitle'))
      .find(Boolean);
    const text = answerText(stringField(answer, 'markdown'));
    if (!/^\d{1,5}$/.test(idcc) || !text) continue;
    yield {
      ...common,
      key: `${question.id}/${idcc}`,
      title: `${question.title} (${agreementLabel(idcc, tidyLine(name ?? ''))})`,
      text,
      url: `https://code.travail.gouv.fr/contribution/${Number(idcc)}-${slug(question.title)}`,
      extra: { question: question.title, idcc, ...(name ? { agreement: tidyLine(name) } : {}) },
    };
  }
}

function agreementLabel(idcc: string, name: string): string {
  if (!name) return `convention collective n°\u00a0${Number(idcc)}`;
  return /^convention collective/i.test(name) ? name : `convention collective\u00a0: ${name}`;
}

/** The answer without its list of sources, the links to sheets, and the site's own elements. */
function answerText(markdown: string): string {
  return markdownToText(
    markdown
      .replace(/\n[_*]*(Sources?|Textes? de référence)\s*[_*]*\s*:[\s\S]*$/, '')
      .replace(/Pour consulter l'intégralité de cette fiche[\s\S]*?\)(?=\s|$)/g, '')
      .replace(/<Tab title="([^"]*)">/g, '\n\n$1\n\n')
      .replace(/<\/?(Tab|HDN|Content)\b[^>]*>/g, '\n'),
  );
}

function slug(title: string): string {
  return title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
