import { isLucieError, Random } from '@lucie/ledger';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/ingest-limits.ts';
import { parseDocument } from '../../src/ingest/parse-document.ts';
import { readDocument } from '../../src/ingest/read-document.ts';
import { mutate } from './mutate.ts';
import { paragraph, run, table, writeDocx } from './write-docx.ts';

const DOCX_BODY = [
  paragraph('Les fractions', { style: 'Titre1' }),
  paragraph('Une fraction est un nombre : ½, ¾ ou 22/7.'),
  table([
    ['Ville', 'Mai'],
    ['Lyon', '12'],
  ]),
  `<w:p>${run('Vu')}${run('caché', '<w:vanish/>')}<w:r><w:br w:type="page"/></w:r></w:p>`,
  paragraph('Fin.'),
].join('');

/** One sound file of each format; the DOCX also unpacked, so that mutations reach its XML. */
export const SOUND: Record<string, Uint8Array> = {
  'a.docx': writeDocx(DOCX_BODY, { core: '<dc:title>Cours</dc:title>', header: paragraph('En-tête') }),
  'stored.docx': writeDocx(DOCX_BODY, { level: 0 }),
  'a.html': Buffer.from(
    '<!DOCTYPE html><html><head><title>Cours</title><style>.a{color:#fff}</style></head><body><h1>Les volcans</h1><p class=a>Caché</p>' +
      '<p>Un <b>volcan</b> crache 10 m<sup>3</sup> de lave &eacute;paisse.</p><ul><li>un<ol><li>a</ol><li>deux</ul>' +
      '<table><tr><th>Ville<th>Mai<tr><td rowspan=2>Lyon<td>12<tr><td>13</table><!-- remarque --><img alt="photo"></body></html>',
  ),
  'a.md': Buffer.from(
    '---\ntitle: Cours\n---\n# Les volcans\n\nUn **volcan** crache `de la lave` [ici](http://a.b).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n' +
      '1. un\n   - deux\n\n> cité\n\n```\ncode\n```\n<div hidden>caché</div>\n',
  ),
  'a.txt': Buffer.from(
    'Les volcans\n\nUn volcan crache de la lave épaisse.\n\n- un\n- deux\n\f1. trois\n2. quatre\n',
  ),
};

/**
 * Reads mutated files and throws at the first that gives neither a sound document nor a coded error.
 * @param threaded - of so many one goes through a thread of its own.
 */
export async function readMutated(
  name: string,
  count: number,
  threaded: number,
): Promise<Map<string, number>> {
  const random = new Random(20261123, name);
  const outcomes = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const bytes = mutate(SOUND[name]!, random);
    const outcome = await readOne(bytes, name, i % threaded === 0);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

async function readOne(bytes: Uint8Array, name: string, inThread: boolean): Promise<string> {
  try {
    const document = await (inThread
      ? parseDocument(bytes, name)
      : readDocument(bytes, name, DEFAULT_INGEST_LIMITS));
    const texts = document.pages.flatMap((page) => page.blocks.map((block) => block.text));
    if (document.title === '' || texts.length === 0) throw new Error('a document without title or text');
    if (texts.some((text) => text.trim() !== text || text === '' || !text.isWellFormed()))
      throw new Error('unclean text');
    return 'document';
  } catch (error) {
    if (isLucieError(error) && error.code.startsWith('DOCUMENT_')) return error.code;
    throw new Error(`${name}: ${Buffer.from(bytes).toString('base64')}`, { cause: error });
  }
}
