import { type Progress, silent } from '@lucie/ledger';
import { type LanguageModel, slidingWindows } from './language-model.ts';

/** What a model needs to write down one document. */
export interface DocumentScore {
  /** Information in nats (natural logarithm), the end-of-document token included. */
  nats: number;
  /** Tokens, the end-of-document token included. */
  tokens: number;
  /** UTF-8 bytes, the separator after the document included. */
  bytes: number;
}

/**
 * Documents as one file, an empty line between two and a line end after the last (as `joinText` of `@lucie/corpus`
 * writes them): what compressors are given.
 */
export function joinDocuments(texts: string[]): Buffer {
  return Buffer.from(texts.map((text, i) => text + separator(texts, i)).join(''), 'utf8');
}

function separator(texts: string[], i: number): string {
  return i < texts.length - 1 ? '\n\n' : '\n';
}

/**
 * Scores documents joined into one stream, in which the end-of-document token stands for the separator of
 * `joinDocuments`. Windows slide over the whole stream as they do in training, so a document's beginning is predicted
 * with the end of the one before in view; a compressor has that view too.
 * @returns one score a document, in order
 */
export async function scoreDocuments(
  model: LanguageModel,
  texts: string[],
  opts: { stride?: number; progress?: Progress; signal?: AbortSignal } = {},
): Promise<DocumentScore[]> {
  const progress = opts.progress ?? silent;
  const encoded = texts.map((text) => model.encode(text));
  const stream = new Uint32Array(1 + encoded.reduce((sum, ids) => sum + ids.length + 1, 0));
  const owner = new Uint32Array(stream.length);
  stream[0] = model.eosId;
  let at = 1;
  for (const [i, ids] of encoded.entries()) {
    stream.set(ids, at);
    stream[at + ids.length] = model.eosId;
    owner.fill(i, at, at + ids.length + 1);
    at += ids.length + 1;
  }
  const scores = texts.map((text, i) => ({
    nats: 0,
    tokens: encoded[i]!.length + 1,
    bytes: Buffer.byteLength(text + separator(texts, i)),
  }));
  const windows = slidingWindows(stream, {
    context: model.contextLength,
    ...(opts.stride === undefined ? {} : { stride: opts.stride }),
  });
  const perCall = 64;
  let scored = 1;
  for (let first = 0; first < windows.length; first += perCall) {
    opts.signal?.throwIfAborted();
    for (const logProbs of await model.logProbs(windows.slice(first, first + perCall))) {
      for (const value of logProbs) scores[owner[scored++]!]!.nats -= value;
    }
    // The owner of the next token counts the documents that are finished.
    progress.update(owner[scored] ?? texts.length);
  }
  return scores;
}

/** Σ nats / ln 2 / Σ bytes. */
export function bitsPerByte(scores: DocumentScore[]): number {
  let nats = 0;
  let bytes = 0;
  for (const score of scores) {
    nats += score.nats;
    bytes += score.bytes;
  }
  return nats / Math.LN2 / bytes;
}
