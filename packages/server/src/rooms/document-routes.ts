import type { RoomDocument } from '@lucie/retrieval';
import type { Context } from 'hono';
import { ApiError } from '../api/api-error.ts';
import type { RouteTools } from '../api/route-tools.ts';
import { attachment } from './document-name.ts';
import { fileResponse } from './file-response.ts';
import { contentObject, documentObject, pageObject } from './room-objects.ts';
import { roomParam } from './room-routes.ts';
import type { RoomUse } from './room-store.ts';

/** A type by which no browser makes a page of the file. */
const TYPES = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  html: 'application/octet-stream',
  markdown: 'text/plain',
  text: 'text/plain',
};

/** `GET /v1/rooms/{room}/documents`. */
export async function listDocuments(context: Context, { rooms }: RouteTools): Promise<Response> {
  using use = await rooms.use(context, roomParam(context));
  const { open } = use;
  const data = open.room.documents().map((each) => documentObject(each, open.scannedPages(each)));
  return context.json({ object: 'list', data });
}

/** `GET /v1/rooms/{room}/documents/{document}`: its pages as they were read, and what was hidden in it. */
export async function showDocument(context: Context, { rooms }: RouteTools): Promise<Response> {
  using use = await rooms.use(context, roomParam(context));
  const document = use.open.room.document(documentParam(context));
  if (!document) throw documentNotFound();
  return context.json(contentObject(document));
}

/** `GET /v1/rooms/{room}/documents/{document}/pages/{page}`: one page, as a proof shows it. */
export async function showPage(context: Context, { rooms }: RouteTools): Promise<Response> {
  using use = await rooms.use(context, roomParam(context));
  const document = use.open.room.document(documentParam(context));
  if (!document) throw documentNotFound();
  const asked = context.req.param('page') ?? '';
  const page = document.parsed.pages.find((each) => String(each.page) === asked);
  if (!page) throw pageNotFound(document.pages);
  return context.json(pageObject(document, page));
}

/** `DELETE /v1/rooms/{room}/documents/{document}`. */
export async function removeDocument(context: Context, { rooms }: RouteTools): Promise<Response> {
  using use = await rooms.use(context, roomParam(context));
  const id = documentParam(context);
  const erased = use.open.erased.signal;
  using _alone = await use.open.change(AbortSignal.any([context.req.raw.signal, erased]));
  const document = factsOf(use, id);
  // Whoever asked for it and left still wants it gone.
  if (!(await use.open.room.discard(id, erased))) throw documentNotFound();
  use.open.record.drop(document.sha256);
  return context.json({ id, object: 'room.document.deleted', deleted: true });
}

/** `GET /v1/rooms/{room}/documents/{document}/file`: the file, as it was sent. */
export async function documentFile(context: Context, { rooms }: RouteTools): Promise<Response> {
  const use = await rooms.use(context, roomParam(context));
  try {
    const document = factsOf(use, documentParam(context));
    if (!use.open.record.keeps(document.sha256)) throw documentNotFound();
    return fileResponse(context, use.open.record.read(document.sha256), {
      type: TYPES[document.format],
      disposition: attachment(document.name),
      bytes: document.bytes,
      stallMs: rooms.store.limits.stallMs,
      release: () => use[Symbol.dispose](),
      ended: use.open.erased.signal,
    });
  } catch (error) {
    use[Symbol.dispose]();
    throw error;
  }
}

/** A document without its pages, which take long to read. */
function factsOf({ open }: RoomUse, id: number): RoomDocument {
  const document = open.room.documents().find(({ document }) => document === id);
  if (document) return document;
  throw documentNotFound();
}

function documentParam(context: Context): number {
  const text = context.req.param('document') ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw documentNotFound();
}

function documentNotFound(): ApiError {
  return new ApiError({
    status: 404,
    code: 'document_not_found',
    param: 'document',
    message: 'This room has no such document; GET /v1/rooms/{room}/documents lists those it has.',
  });
}

function pageNotFound(pages: number): ApiError {
  return new ApiError({
    status: 404,
    code: 'page_not_found',
    param: 'page',
    message: `This document has the pages 1 to ${pages}.`,
  });
}
