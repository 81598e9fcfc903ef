import type { Context } from 'hono';
import { ApiError } from '../api/api-error.ts';
import { documentName } from './document-name.ts';

/** Largest file, in bytes: what `parseDocument` reads at most. */
export const MAX_FILE_BYTES = 32 << 20;
/** What a form adds to its file: boundaries, heads, a name. */
const FORM_BYTES = 64 << 10;

export interface Upload {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The file of a request: the `file` of a form (`multipart/form-data`, with an optional field `name`), or the body itself
 * with its name, percent-encoded, in the header `X-Document-Name`: a header, since addresses end in the logs of proxies.
 * @param signal - ends the reading
 * @param stallMs - after so long without a byte it ends, too: whoever sends holds one of few places
 * @throws ApiError 400 `file_missing`, `invalid_form`, `invalid_value`; 408 `upload_stalled`; 413 `body_too_large`;
 * 415 `unsupported_media_type`
 */
export async function readUpload(context: Context, signal: AbortSignal, stallMs: number): Promise<Upload> {
  const encoding = context.req.header('content-encoding');
  if (encoding !== undefined && !/^identity$/i.test(encoding)) {
    throw new ApiError({
      status: 415,
      code: 'unsupported_media_type',
      message: `Found the content encoding "${encoding.slice(0, 40)}"; send the file uncompressed.`,
    });
  }
  const type = context.req.header('content-type') ?? '';
  const isForm = /^multipart\/form-data\s*(;|$)/i.test(type);
  const limit = MAX_FILE_BYTES + (isForm ? FORM_BYTES : 0);
  // Known before a byte of it is read.
  if (Number(context.req.header('content-length')) > limit) throw tooLarge();
  const body = await readBytes(context.req.raw.body, limit, { signal, stallMs });
  const upload = isForm ? await fromForm(body, type) : { name: headerName(context), bytes: body };
  if (upload.bytes.length > MAX_FILE_BYTES) throw tooLarge();
  if (upload.bytes.length > 0) return upload;
  throw new ApiError({
    status: 400,
    code: 'file_missing',
    param: 'file',
    message: 'Found no file, or an empty one; send it as the field "file" of a form, or as the body.',
  });
}

async function readBytes(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
  opts: { signal: AbortSignal; stallMs: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  const stop = () => void reader?.cancel().catch(() => {});
  const { signal, stallMs } = opts;
  let stalled = false;
  const timer = setTimeout(() => {
    stalled = true;
    stop();
  }, stallMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const part = await reader?.read();
      signal.throwIfAborted();
      if (stalled) throw uploadStalled(stallMs);
      timer.refresh();
      if (!part || part.done) break;
      size += part.value.byteLength;
      if (size > limit) throw tooLarge();
      parts.push(part.value);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

async function fromForm(body: Uint8Array<ArrayBuffer>, type: string): Promise<Upload> {
  let form: FormData;
  try {
    form = await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch {
    throw new ApiError({
      status: 400,
      code: 'invalid_form',
      message: 'The form cannot be read: it is cut, or its boundary is not the one that its header names.',
    });
  }
  const files = [...form.values()].filter((value) => typeof value !== 'string');
  if (files.length > 1) {
    throw new ApiError({
      status: 400,
      code: 'invalid_form',
      param: 'file',
      message: `Found ${files.length} files in one form; expected one: send each in a request of its own.`,
    });
  }
  const [file] = files;
  const name = form.get('name');
  return {
    name: documentName(typeof name === 'string' && name !== '' ? name : (file?.name ?? '')),
    bytes: file ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array(),
  };
}

function headerName(context: Context): string {
  const sent = context.req.header('x-document-name') ?? '';
  try {
    return documentName(decodeURIComponent(sent));
  } catch {
    throw new ApiError({
      status: 400,
      code: 'invalid_value',
      param: 'X-Document-Name',
      message: 'The header X-Document-Name is not percent-encoded UTF-8; encode it as in an address.',
    });
  }
}

function uploadStalled(stallMs: number): ApiError {
  return new ApiError({
    status: 408,
    code: 'upload_stalled',
    message: `Nothing more of the file came for ${Math.ceil(stallMs / 1000)} s; send it again.`,
  });
}

function tooLarge(): ApiError {
  return new ApiError({
    status: 413,
    code: 'body_too_large',
    message: `The file is larger than ${MAX_FILE_BYTES >> 20} MiB; send it in parts, or without its pictures.`,
  });
}
