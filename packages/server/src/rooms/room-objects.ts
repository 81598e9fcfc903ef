import type {
  AnswerSentence,
  Citation,
  GroundedAnswer,
  Hit,
  Page,
  ParsedDocument,
  RoomDocument,
} from '@lucie/retrieval';
import type { OpenRoom } from './open-room.ts';
import type { RoomDesk } from './room-desk.ts';
import { roomModel } from './room-id.ts';
import type { RoomFacts } from './room-record.ts';
import { between, refusalText } from './room-wording.ts';

/** What the search and the answers of a room are made of, as the API names it. */
export interface RoomMethods {
  method: 'extractive' | 'generative';
  search: OpenRoom['search'];
}

export function roomObject({ id, name, created, problem }: RoomFacts, desk: RoomDesk): object {
  const { answers } = desk;
  const object = {
    id,
    object: 'room',
    name,
    created,
    model: roomModel(id),
    search: desk.search(id),
    answers,
  };
  return problem === undefined ? object : { ...object, problem };
}

/** @param scanned - its pages that are pictures */
export function documentObject(document: RoomDocument, scanned: readonly number[]): object {
  const { document: id, name, title, format, sha256, bytes, pages, passages, hidden, warnings } = document;
  return {
    id,
    object: 'room.document',
    name,
    title,
    format,
    bytes,
    sha256,
    pages,
    passages,
    hidden,
    scanned_pages: scanned,
    warnings,
    added: Math.floor(new Date(document.added).getTime() / 1000),
  };
}

function scannedPages({ pages }: ParsedDocument): number[] {
  return pages.filter(({ scanned }) => scanned).map(({ page }) => page);
}

export function pageObject({ document, title, pages }: RoomDocument, page: Page): object {
  return { object: 'room.page', document, title, pages, ...pageContent(page) };
}

function pageContent({ scanned, ...page }: Page): object {
  return { ...page, scanned: scanned ?? false };
}

export function contentObject(document: RoomDocument & { parsed: ParsedDocument }): object {
  const { pages, hidden } = document.parsed;
  return {
    ...documentObject(document, scannedPages(document.parsed)),
    content: {
      pages: pages.map(pageContent),
      hidden,
    },
  };
}

export function hitObject(hit: Hit): object {
  const { id, document, title, page, paragraph, kind, start, end, text, headings, score, lexical, dense } =
    hit;
  return {
    id,
    document,
    title,
    page,
    paragraph,
    kind,
    start,
    end,
    text,
    headings,
    score,
    ...(lexical === undefined ? {} : { lexical }),
    ...(dense === undefined ? {} : { dense }),
  };
}

export function citationObject(citation: Citation): object {
  const { document, title, page, paragraph, start, end, quote, boxes } = citation;
  return { document, title, page, paragraph, start, end, quote, ...(boxes ? { boxes } : {}) };
}

export function sentenceObject({ text, citations }: AnswerSentence): { text: string; citations: object[] } {
  return { text, citations: citations.map(citationObject) };
}

export function refusalObject({ reason, lookedFor, nearest }: GroundedAnswer & { kind: 'refusal' }): {
  reason: string;
  looked_for: string[];
  nearest: object[];
} {
  return { reason, looked_for: lookedFor, nearest: nearest.map(hitObject) };
}

/** Documents that say otherwise and that a quoted one replaces. */
export function supersededObjects(answer: GroundedAnswer): object[] {
  const found = answer.kind === 'answer' ? (answer.superseded ?? []) : [];
  return found.map(({ document, title, by }) => ({ document, title, by }));
}

export function answerObject(answer: GroundedAnswer, { method, search }: RoomMethods): object {
  const head = { object: 'room.answer', kind: answer.kind, method, search, confidence: answer.confidence };
  if (answer.kind === 'refusal') return { ...head, text: refusalText(answer), ...refusalObject(answer) };
  return {
    ...head,
    text: answer.sentences.map(({ text }, i) => between(answer.sentences[i - 1]?.text, text) + text).join(''),
    sentences: answer.sentences.map(sentenceObject),
    superseded: supersededObjects(answer),
  };
}
