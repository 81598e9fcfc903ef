import { htmlToText } from '../../text/html-to-text.ts';
import { tidyLine } from '../../text/text-blocks.ts';
import {
  type Adapter,
  arrayField,
  type Complaint,
  type Draft,
  field,
  parseEntry,
  stringField,
} from '../adapter.ts';

/** Articles of French collective agreements in force, from Légifrance (DILA). */
export const kaliData: Adapter = {
  package: '@socialgouv/kali-data',
  source: 'kali-data',
  licence: 'etalab-2.0',
  attribution: 'Légifrance, base KALI, Direction de l’information légale et administrative',
  homepage: 'https://www.legifrance.gouv.fr',
  wants: (path) => /^data\/KALICONT\d+\.json$/.test(path),
  async *read(entries, complain) {
    // An article may stand in more than one agreement.
    const seen = new Set<string>();
    for await (const entry of entries) {
      const agreement = parseEntry(entry, complain);
      if (agreement === undefined) continue;
      const data = field(agreement, 'data');
      const name = tidyLine(stringField(data, 'shortTitle') || stringField(data, 'title'));
      if (!name) complain(entry.path, 'an agreement without a title');
      else yield* articlesOf(agreement, { agreement: name, path: [], seen }, complain);
    }
  },
};

interface Place {
  agreement: string;
  path: string[];
  seen: Set<string>;
}

function* articlesOf(node: unknown, place: Place, complain: Complaint): Generator<Draft> {
  for (const inner of arrayField(node, 'children')) {
    const data = field(inner, 'data');
    if (stringField(inner, 'type') === 'article') {
      const article = articleOf(data, place);
      if (!article)
        complain(stringField(data, 'id') || place.path.join(' > '), 'an article without id or text');
      else if (!place.seen.has(article.key)) {
        place.seen.add(article.key);
        yield article;
      }
    } else {
      const heading = tidyLine(stringField(data, 'title'));
      yield* articlesOf(inner, { ...place, path: heading ? [...place.path, heading] : place.path }, complain);
    }
  }
}

function articleOf(data: unknown, place: Place): Draft | undefined {
  const id = stringField(data, 'id');
  const html = field(data, 'content');
  if (!/^KALIARTI\d+$/.test(id) || typeof html !== 'string') return undefined;
  const number = tidyLine(stringField(data, 'num'));
  const about = tidyLine(stringField(data, 'surtitre')) || (place.path.at(-1) ?? '');
  return {
    key: id,
    title: `Convention collective ${place.agreement}${number ? `, article ${number}` : ''}${about ? `\u00a0: ${about}` : ''}`,
    text: htmlToText(html),
    language: 'fr',
    date: signedOn(data),
    url: `https://www.legifrance.gouv.fr/conv_coll/id/${id}`,
    extra: { agreement: place.agreement, article: number, path: place.path },
  };
}

/**
 * When the article was agreed: the earliest act that made it, else the earliest that touched it. Acts that it touched
 * itself (`source`) say nothing about it.
 */
function signedOn(data: unknown): string {
  const links = arrayField(data, 'lstLienModification');
  const days = (wanted: (type: string, orientation: string) => boolean) =>
    links
      .filter((link) => wanted(stringField(link, 'linkType'), stringField(link, 'linkOrientation')))
      .map((link) => stringField(link, 'dateSignaTexte'))
      .filter((day) => /^(19|20)\d{2}-\d{2}-\d{2}$/.test(day))
      .sort();
  return days((type) => /^CRE/.test(type))[0] ?? days((_, orientation) => orientation === 'cible')[0] ?? '';
}
