import type { Context } from 'hono';
import { ApiError } from '../api/api-error.ts';
import type { RouteTools } from '../api/route-tools.ts';
import { attachment } from './document-name.ts';
import { fileResponse } from './file-response.ts';
import { contentObject, documentObject, scannedPages } from './room-objects.ts';
import { roomParam } from './room-routes.ts';

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
  const { room } = use.open;
  const data = room.documents().map((each) => {
    // Only of these the pages themselves are looked at.
    const parsed = each.scannedPages > 0 ? room.document(each.document)?.parsed : undefined;
    return documentObject(each, parsed ? scannedPages(parsed) : []);
  });
  return context.json({ object: 'list', data });
}

/** `GET /v1/rooms/{room}/documents/{document}`: its pages as they were read, and what was hidden in it. */
export async function showDocument(context: Context, { rooms }: RouteTools): Promise<Response> {
  using use = await rooms.use(context, roomParam(context));
  const document = use.open.room.document(documentParam(context));
  if (!document) throw documentNotFound();
  return context.json(contentObject(document));
}

/** `DELETE /v1/rooms/{room}/documents/{document}`. */
export async function removeDocument(context: Context, { rooms }: RouteTools): Promise<Response> {
  using use = await rooms.use(context, roomParam(context));
  const id = documentParam(context);
  using _alone = await use.open.change(context.req.raw.signal);
  const document = use.open.room.document(id);
  if (!document || !use.open.room.remove(id)) throw documentNotFound();
  use.open.record.drop(document.sha256);
  return context.json({ id, object: 'room.document.deleted', deleted: true });
}

/** `GET /v1/rooms/{room}/documents/{document}/file`: the file, as it was sent. */
export async function documentFile(context: Context, { rooms }: RouteTools): Promise<Response> {
  const use = await rooms.use(context, roomParam(context));
  try {
    const document = use.open.room.document(documentParam(context));
    if (!document || !use.open.record.keeps(document.sha256)) throw documentNotFound();
    return fileResponse(context, use.open.record.read(document.sha256), {
      type: TYPES[document.format],
      disposition: attachment(document.name),
      bytes: document.bytes,
      release: () => use[Symbol.dispose](),
      ended: use.open.erased.signal,
    });
  } catch (error) {
    use[Symbol.dispose]();
    throw error;
  }
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
