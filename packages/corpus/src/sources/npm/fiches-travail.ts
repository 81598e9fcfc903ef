import { decodeEntities } from '../../text/entities.ts';
import { htmlToText } from '../../text/html-to-text.ts';
import { tidyLine } from '../../text/text-blocks.ts';
import { type Adapter, arrayField, type Draft, parseEntry, stringField } from '../adapter.ts';

/** Sections that only list links. */
const LINKS =
  /^(textes? de référence|qui contacter|services? en ligne|à lire sur ce site|lire en complément|sites? internet|documents?( à télécharger)?|pour aller plus loin|pour en savoir plus|à télécharger|liens? utiles?|contacts?|sur le même sujet|foire aux questions)\b/i;

/** Sheets of the French ministry of labour. */
export const fichesTravail: Adapter = {
  package: '@socialgouv/fiches-travail-data',
  source: 'fiches-travail',
  licence: 'etalab-2.0',
  attribution: 'Fiches pratiques du droit du travail, ministère du Travail',
  homepage: 'https://travail-emploi.gouv.fr',
  wants: (path) => path === 'data/fiches-travail.json',
  async *read(entries, complain) {
    for await (const entry of entries) {
      const sheets = parseEntry(entry, complain);
      if (sheets === undefined) continue;
      for (const [index, sheet] of arrayOf(sheets).entries()) {
        const draft = sheetOf(sheet);
        if (draft) yield draft;
        else complain(`${entry.path}#${index}`, 'no id, title or date');
      }
    }
  },
};

function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function sheetOf(sheet: unknown): Draft | undefined {
  const id = stringField(sheet, 'pubId');
  const title = tidyLine(stringField(sheet, 'title'));
  const day = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(stringField(sheet, 'date'));
  if (!id || !title || !day) return undefined;
  const parts = [htmlToText(stringField(sheet, 'intro'))];
  for (const section of arrayField(sheet, 'sections')) {
    const heading = tidyLine(stringField(section, 'title'));
    if (LINKS.test(heading)) continue;
    const body = readable(htmlToText(stringField(section, 'html')));
    if (body) parts.push(heading === title ? body : `${heading}\n\n${body}`);
  }
  return {
    key: id,
    title,
    text: parts.filter(Boolean).join('\n\n'),
    language: 'fr',
    date: `${day[3]}-${day[2]}-${day[1]}`,
    url: stringField(sheet, 'url'),
    extra: { summary: tidyLine(stringField(sheet, 'description')) },
  };
}

/** Takes out the labels of buttons and links of the page; some of its characters are encoded twice. */
function readable(text: string): string {
  return decodeEntities(text)
    .split('\n')
    .filter(
      (line) =>
        !/^(Lire la (retranscription|transcription) textuelle|Télécharger\b.*|Consulter\b.{0,60}|En savoir plus|.*\(PDF\b[^()]*\))$/.test(
          line,
        ),
    )
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
