import { createHash } from 'node:crypto';
import type { ParsedDocument } from '../document.ts';
import type { Passage } from '../passage.ts';
import { passagesOf } from '../passages/cut-passages.ts';
import { type IndexedText, indexedText } from './indexed-text.ts';
import type { Steps } from './steps.ts';

/** A passage with what is indexed of it. */
export interface PreparedPassage {
  passage: Omit<Passage, 'document'>;
  indexed: Pick<IndexedText, 'words' | 'plain'>;
}

/** What is written of a document, made before the room's file is held for it. */
export interface PreparedDocument {
  /** The document as JSON. */
  json: string;
  passages: PreparedPassage[];
  /** How many passages have each form and term (see `IndexedText`). */
  vocabulary: Map<string, number>;
}

export function* prepareDocument(parsed: ParsedDocument): Steps<PreparedDocument> {
  const passages: PreparedPassage[] = [];
  const vocabulary = new Map<string, number>();
  for (const passage of passagesOf(parsed)) {
    const { words, plain, vocabulary: own } = indexedText(passage);
    for (const key of own) vocabulary.set(key, (vocabulary.get(key) ?? 0) + 1);
    passages.push({ passage, indexed: { words, plain } });
    yield;
  }
  return { json: yield* stringify(parsed), passages, vocabulary };
}

/**
 * Hash of the document's text in one spelling of case and space: the same in two files is the same document. Null for one
 * without text.
 */
export function* hashText(parsed: ParsedDocument): Steps<string | null> {
  const hash = createHash('sha256');
  let any = false;
  for (const { blocks } of parsed.pages) {
    for (const block of blocks) {
      const text = block.text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
      if (text === '') continue;
      hash.update(any ? ` ${text}` : text);
      any = true;
      yield;
    }
  }
  return any ? hash.digest('hex') : null;
}

/** As `JSON.stringify`, a page at a time. */
function* stringify({ pages, hidden, ...facts }: ParsedDocument): Steps<string> {
  const texts: string[] = [];
  for (const page of pages) {
    texts.push(JSON.stringify(page));
    yield;
  }
  return `${JSON.stringify({ ...facts, hidden }).slice(0, -1)},"pages":[${texts.join(',')}]}`;
}
