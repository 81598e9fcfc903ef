import { isLucieError } from '@lucie/ledger';

/** Statuses that this server answers errors with. */
export type ErrorStatus = 400 | 403 | 404 | 405 | 413 | 415 | 429 | 500 | 503;

/** An error that goes to the client in OpenAI's shape; `message` is a sentence for people. */
export class ApiError extends Error {
  readonly status: ErrorStatus;
  /** The request's field at fault, or null. */
  readonly param: string | null;
  /** Stable and lower case, e.g. `context_length_exceeded`. */
  readonly code: string;

  constructor(details: { status: ErrorStatus; code: string; message: string; param?: string }) {
    super(details.message);
    this.name = 'ApiError';
    this.status = details.status;
    this.code = details.code;
    this.param = details.param ?? null;
  }

  /** OpenAI's error body. */
  body(): ErrorBody {
    const type = this.status >= 500 ? 'server_error' : 'invalid_request_error';
    return { error: { message: this.message, type, param: this.param, code: this.code } };
  }
}

export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string };
}

/** Errors of the engine that the request itself causes. */
const CAUSED_BY_REQUEST = new Set([
  'CHAT_TEMPLATE_MISSING',
  'CHAT_INVALID',
  'TEXT_NOT_TOKENIZED',
  'OPTION_INVALID',
]);

/**
 * Any thrown value as an ApiError. A LucieError keeps its sentence and code, since it is written for people; of any
 * other only the fact is told, since its text might hold a path or a piece of a prompt.
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isLucieError(error)) {
    const status = CAUSED_BY_REQUEST.has(error.code) ? 400 : 500;
    const message = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
    return new ApiError({ status, code: error.code.toLowerCase(), message });
  }
  return new ApiError({
    status: 500,
    code: 'internal_error',
    message: 'The model failed on this request; the server goes on. Try again, or run ./lucie doctor.',
  });
}
