import { htmlToText } from '../../text/html-to-text.ts';
import { tidyLine } from '../../text/text-blocks.ts';
import { type Adapter, arrayField, type Draft, field, parseEntry, stringField } from '../adapter.ts';

/** The end of an article that is in force until further notice, as its publisher writes it. */
const FOREVER = '2999-01-01';

/** Articles of the French codes in force, from Légifrance (DILA). */
export const legiData: Adapter = {
  package: '@socialgouv/legi-data',
  source: 'legi-data',
  licence: 'etalab-2.0',
  attribution: 'Légifrance, base LEGI, Direction de l’information légale et administrative',
  homepage: 'https://www.legifrance.gouv.fr',
  wants: (path) => /^data\/LEGITEXT\d+\.json$/.test(path),
  async *read(entries, complain) {
    for await (const entry of entries) {
      const code = parseEntry(entry, complain);
      if (code === undefined) continue;
      const name = stringField(field(code, 'data'), 'title');
      if (!name) complain(entry.path, 'a code without a title');
      else yield* articlesOf(code, { code: name, path: [] }, complain);
    }
  },
};

function* articlesOf(
  node: unknown,
  place: { code: string; path: string[] },
  complain: (key: string, why: string) => void,
): Generator<Draft> {
  for (const inner of arrayField(node, 'children')) {
    const data = field(inner, 'data');
    if (stringField(inner, 'type') === 'article') {
      const article = articleOf(data, place);
      if (article) yield article;
      else complain(stringField(data, 'id') || place.path.join(' > '), 'an article without id or text');
    } else {
      const heading = tidyLine(stringField(data, 'title'));
      yield* articlesOf(
        inner,
        { code: place.code, path: heading ? [...place.path, heading] : place.path },
        complain,
      );
    }
  }
}

function articleOf(data: unknown, place: { code: string; path: string[] }): Draft | undefined {
  const id = stringField(data, 'id');
  const number = tidyLine(stringField(data, 'num'));
  const html = field(data, 'texteHtml');
  if (!/^LEGIARTI\d+$/.test(id) || typeof html !== 'string') return undefined;
  const date = isoDay(field(data, 'dateDebut'));
  const until = isoDay(field(data, 'dateFin'));
  // The words of the headings alone: their numbers ("Chapitre Ier") tell a reader nothing.
  const subjects = place.path
    .slice(-2)
    .map(subjectOf)
    .filter((subject, index, all) => subject && all.indexOf(subject) === index);
  const subject = subjects.length > 0 ? `\u00a0: ${subjects.join(', ')}` : '';
  return {
    key: id,
    title: `${place.code}, ${number ? `article ${number}` : 'article'}${subject}`,
    text: htmlToText(html),
    language: 'fr',
    date,
    url: `https://www.legifrance.gouv.fr/codes/article_lc/${id}`,
    extra: {
      code: place.code,
      article: number,
      path: place.path,
      ...(until && until !== FOREVER ? { until } : {}),
    },
  };
}

/** `Chapitre III : Mannequins et agences de mannequins` is about `Mannequins et agences de mannequins`. */
function subjectOf(heading: string): string {
  return heading
    .replace(
      /^\s*(partie|première partie|deuxième partie|livre|titre|chapitre|section|sous-section|paragraphe|sous-paragraphe)\b[^:]{0,40}:\s*/i,
      '',
    )
    .replace(/\s*\.$/, '');
}

/** Milliseconds since 1970 to `YYYY-MM-DD`; empty for anything else. The source counts in Paris midnight. */
function isoDay(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > 8e15) return '';
  return new Date(value + 2 * 3600 * 1000).toISOString().slice(0, 10);
}
