import type { Context } from 'hono';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';

/** Largest request body, in bytes. */
export const MAX_BODY_BYTES = 1 << 20;
/** Deepest nesting of arrays and objects; the API itself needs five levels. */
export const MAX_JSON_DEPTH = 32;

/**
 * Reads a JSON body and checks it against `shape`.
 * @throws ApiError 400 (not JSON, too deep, wrong field), 413 (too large), 415 (not declared as JSON)
 */
export async function readBody<T>(context: Context, shape: z.ZodType<T>): Promise<T> {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw unsupported(
      `Found content type "${type.slice(0, 80)}"; expected application/json: send the header "Content-Type: application/json".`,
    );
  }
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw unsupported(`Found the character set "${charset.slice(0, 40)}"; expected UTF-8, as JSON is sent.`);
  }
  const encoding = context.req.header('content-encoding');
  if (encoding !== undefined && !/^identity$/i.test(encoding)) {
    throw unsupported(`Found the content encoding "${encoding.slice(0, 40)}"; send the body uncompressed.`);
  }
  // Known before a byte of it is read.
  if (Number(context.req.header('content-length')) > MAX_BODY_BYTES) throw tooLarge();
  const value = parseJson(await readText(context.req.raw.body));
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const param = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('');
  const name = param.replace(/^\./, '');
  // Zod's own words, where the shape has none: "expected boolean, received number".
  const sentence = issue.message.replace(/^Invalid input: /, '');
  throw new ApiError({
    status: 400,
    code: issue.code === 'custom' ? (issue.params?.code ?? 'invalid_value') : 'invalid_value',
    message: name ? `Field ${name}: ${sentence}.` : `The request body: ${sentence}.`,
    ...(name ? { param: name } : {}),
  });
}

async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (!body) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) break;
      text += decoder.decode(chunk, { stream: true });
    }
    if (size <= MAX_BODY_BYTES) text += decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ApiError({
      status: 400,
      code: 'invalid_json',
      message: 'The request body is not valid UTF-8; send JSON in UTF-8.',
    });
  }
  if (size > MAX_BODY_BYTES) throw tooLarge();
  return text;
}

function unsupported(message: string): ApiError {
  return new ApiError({ status: 415, code: 'unsupported_media_type', message });
}

function tooLarge(): ApiError {
  return new ApiError({
    status: 413,
    code: 'body_too_large',
    message: `The request body is larger than ${MAX_BODY_BYTES} bytes; send a shorter conversation.`,
  });
}

function parseJson(text: string): unknown {
  if (jsonDepth(text) > MAX_JSON_DEPTH) {
    throw new ApiError({
      status: 400,
      code: 'invalid_json',
      message: `The request body nests more than ${MAX_JSON_DEPTH} levels deep; the API needs five.`,
    });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError({
      status: 400,
      code: 'invalid_json',
      message: 'The request body is not JSON; send one JSON object.',
    });
  }
}

/** Deepest nesting of brackets outside strings: known before anything is built from the text. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}
