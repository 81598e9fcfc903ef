import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { documentText, readDocuments } from '@lucie/corpus';
import { LucieError, sha256 } from '@lucie/ledger';

/** A document that no training has seen. */
export interface HeldOutDocument {
  id: string;
  /** Title and body, as in training. */
  text: string;
  source: string;
  /** ISO 639-1. */
  language: string;
}

/**
 * Reads what a model is to be measured on: `heldout.parquet` of a corpus where the folder has one, else each `.txt`
 * file as one document of a source of its own, in the order of names.
 * @param opts.language - of text files, which do not tell
 * @throws LucieError `DATA_MISSING` for a folder with neither; those of `readDocuments`
 */
export async function readHeldOut(dir: string, opts: { language: string }): Promise<HeldOutDocument[]> {
  const names = await readdir(dir).catch(() => [] as string[]);
  const documents: HeldOutDocument[] = [];
  if (names.includes('heldout.parquet')) {
    for await (const document of readDocuments(join(dir, 'heldout.parquet'))) {
      const { id, source, language } = document;
      documents.push({ id, text: documentText(document), source, language });
    }
    return documents;
  }
  for (const name of names.filter((name) => extname(name) === '.txt').sort()) {
    if (!(await stat(join(dir, name))).isFile()) continue;
    const text = (await readFile(join(dir, name), 'utf8')).trim();
    if (text === '') continue;
    documents.push({ id: name, text, source: name.slice(0, -'.txt'.length), language: opts.language });
  }
  if (documents.length > 0) return documents;
  throw new LucieError({
    code: 'DATA_MISSING',
    found: `${dir} without text`,
    expected: 'heldout.parquet of a corpus stage, or .txt files',
    todo: 'give a folder that holds one of them',
  });
}

/**
 * Keeps at most `maxBytes` of documents, drawn by the hash of their ids so that the choice does not depend on their
 * order, and leaves the order as it is. One document is always kept.
 */
export function limitBytes(documents: HeldOutDocument[], maxBytes: number): HeldOutDocument[] {
  const drawn = documents
    .map((document) => ({ document, key: sha256(document.id), bytes: Buffer.byteLength(document.text) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const kept = new Set<HeldOutDocument>();
  let total = 0;
  for (const { document, bytes } of drawn) {
    if (kept.size > 0 && total + bytes > maxBytes) continue;
    kept.add(document);
    total += bytes;
  }
  return documents.filter((document) => kept.has(document));
}
