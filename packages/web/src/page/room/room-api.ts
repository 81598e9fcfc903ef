import type {
  AnswerSentence,
  Citation,
  Format,
  Hit,
  Page,
  ParsedDocument,
  Superseded,
} from '@lucie/retrieval';
import type { ErrorBody } from '@lucie/server';
import { eventData } from '../event-lines.ts';
import { errorName } from './error-name.ts';
import type { ErrorName, RoomTexts } from './room-texts.ts';

/** A class's documents, as the server describes them. */
export interface RoomInfo {
  id: string;
  name: string;
  /** Seconds since 1970. */
  created: number;
  /** Why its file cannot be read: it can only be erased. */
  problem?: string;
  /** What a question is compared with. */
  search: 'words' | 'words-and-meaning';
  /** Quotes alone, or also sentences of a model. */
  answers: 'extractive' | 'generative';
}

export interface RoomDocument {
  id: number;
  name: string;
  title: string;
  format: Format;
  pages: number;
  passages: number;
  /** How many texts it holds that no reader sees. */
  hidden: number;
  scanned_pages: number[];
  warnings: string[];
}

export type DocumentContent = RoomDocument & { content: Pick<ParsedDocument, 'pages' | 'hidden'> };

/** One page of a document, and how many it has. */
export type DocumentPage = Page & { pages: number; width?: number; height?: number };

export interface Turn {
  role: 'user' | 'assistant';
  text: string;
}

export type RoomAnswer =
  | {
      kind: 'answer';
      method: RoomInfo['answers'];
      text: string;
      sentences: AnswerSentence[];
      /** Documents that say otherwise, and which one quoted here replaces each. */
      superseded: Superseded[];
    }
  | {
      kind: 'refusal';
      text: string;
      reason: 'silent' | 'unsupported' | 'premise';
      looked_for: string[];
      nearest: Hit[];
    };

/** What went wrong, by the name of the sentence that explains it. */
export class RoomError extends Error {
  readonly sentence: ErrorName;

  constructor(sentence: ErrorName) {
    super(sentence);
    this.sentence = sentence;
  }
}

export function errorSentence(error: unknown, t: RoomTexts): string {
  return t.errors[error instanceof RoomError ? error.sentence : 'failed'];
}

const at = (room: string, rest = '') => `v1/rooms/${encodeURIComponent(room)}${rest}`;

export async function fetchRooms(): Promise<RoomInfo[]> {
  return ((await getJson('v1/rooms')) as { data: RoomInfo[] }).data;
}

export async function makeRoom(name: string): Promise<RoomInfo> {
  return (await sendJson('v1/rooms', { name })) as RoomInfo;
}

export async function fetchRoom(room: string): Promise<RoomInfo> {
  return (await getJson(at(room))) as RoomInfo;
}

export async function eraseRoom(room: string): Promise<void> {
  await ask(at(room), { method: 'DELETE' });
}

/** Where the room's file is downloaded from. */
export function exportAddress(room: string): string {
  return at(room, '/export');
}

export async function fetchDocuments(room: string): Promise<RoomDocument[]> {
  return ((await getJson(at(room, '/documents'))) as { data: RoomDocument[] }).data;
}

export async function fetchDocument(room: string, document: number): Promise<DocumentContent> {
  return (await getJson(at(room, `/documents/${document}`))) as DocumentContent;
}

export async function fetchPage(room: string, document: number, page: number): Promise<DocumentPage> {
  return (await getJson(at(room, `/documents/${document}/pages/${page}`))) as DocumentPage;
}

/** Where the file itself is downloaded from, as it was sent. */
export function fileAddress(room: string, document: number): string {
  return at(room, `/documents/${document}/file`);
}

export async function removeDocument(room: string, document: number): Promise<void> {
  await ask(at(room, `/documents/${document}`), { method: 'DELETE' });
}

/**
 * Asks a question and hands over the answer's sentences as they come.
 * @returns the whole answer, or the refusal
 * @throws RoomError; DOMException `AbortError` when `signal` fires
 */
export async function askRoom(
  room: string,
  question: { question: string; history: Turn[]; signal: AbortSignal },
  onSentence: (sentence: AnswerSentence) => void,
): Promise<RoomAnswer> {
  const { signal, ...body } = question;
  const response = await ask(at(room, '/answer'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, stream: true }),
    signal,
  });
  if (!response.body) throw new RoomError('unreachable');
  for await (const data of eventData(response.body)) {
    if (data === '[DONE]') break;
    const chunk = JSON.parse(data) as AnswerChunk;
    if ('error' in chunk) throw new RoomError(errorName(chunk.error.code, 200));
    if (chunk.object === 'room.answer') return chunk;
    onSentence(chunk);
  }
  // The connection ended before the answer did.
  throw new RoomError('unreachable');
}

type AnswerChunk =
  | { error: ErrorBody['error']; object?: undefined }
  | ({ object: 'room.answer.sentence' } & AnswerSentence)
  | ({ object: 'room.answer' } & RoomAnswer);

/** A passage that a search found, as a place to open: all of it is marked. */
export function hitCitation(hit: Hit): Citation {
  const { document, title, page, paragraph, start, end, text } = hit;
  return { document, title, page, paragraph, start, end, quote: text };
}

async function getJson(path: string): Promise<unknown> {
  return (await ask(path, {})).json();
}

async function sendJson(path: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return (await ask(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

/** @throws RoomError for any answer that is none */
async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new RoomError('unreachable');
  }
  if (response.ok) return response;
  const body = (await response.json().catch(() => undefined)) as ErrorBody | undefined;
  throw new RoomError(errorName(body?.error?.code, response.status));
}
