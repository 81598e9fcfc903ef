import { isLucieError } from '@lucie/ledger';

/** Statuses that this server answers errors with. */
export type ErrorStatus =
  | 400
  | 401
  | 403
  | 404
  | 405
  | 408
  | 409
  | 413
  | 415
  | 422
  | 429
  | 499
  | 500
  | 503
  | 504
  | 507;

/** An error that goes to the client in OpenAI's shape; `message` is a sentence for people. */
export class ApiError extends Error {
  readonly status: ErrorStatus;
  /** The request's field at fault, or null. */
  readonly param: string | null;
  /** Stable and lower case, e.g. `context_length_exceeded`. */
  readonly code: string;

  constructor(details: {
    status: ErrorStatus;
    code: string;
    message: string;
    param?: string | undefined;
    /** What was thrown; it stays inside. */
    cause?: unknown;
  }) {
    super(details.message, { cause: details.cause });
    this.name = 'ApiError';
    this.status = details.status;
    this.code = details.code;
    this.param = details.param ?? null;
  }

  /** OpenAI's error body. */
  body(): ErrorBody {
    return {
      error: { message: this.message, type: errorType(this.status), param: this.param, code: this.code },
    };
  }
}

export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string };
}

function errorType(status: ErrorStatus): string {
  if (status >= 500) return 'server_error';
  if (status === 401) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return 'invalid_request_error';
}

/** What an error of the engine is here; `message` where the engine's own names a file of this machine. */
interface Told {
  status: ErrorStatus;
  code?: string;
  param?: string;
  message?: string;
}

const DISK_FULL = 'The disk of this server is full, so nothing was added; tell whoever looks after it.';
const STORAGE_BUSY = 'Another program holds the file that this needs; ask again in a few seconds.';

const ROOM_UNREADABLE: Told = {
  status: 500,
  message:
    "This room's file cannot be read; tell whoever looks after the server. Other rooms are not concerned.",
};

const NOT_LOADED: Told = {
  status: 500,
  message: "This model's file cannot be loaded; tell whoever looks after the server, or ask another model.",
};

/** Errors of the engine whose sentence is meant for whoever asked. */
const TOLD: Record<string, Told> = {
  CHAT_TEMPLATE_MISSING: {
    status: 400,
    param: 'model',
    message:
      'This model has no chat template: it continues text. Use /v1/completions, or ask a model that chats.',
  },
  CHAT_INVALID: { status: 400, param: 'messages' },
  TEXT_NOT_TOKENIZED: { status: 400 },
  OPTION_INVALID: { status: 400 },
  TOKEN_UNKNOWN: { status: 400 },
  PROMPT_EMPTY: { status: 400 },
  PROMPT_TOO_LONG: { status: 400, code: 'context_length_exceeded' },
  GRAMMAR_INVALID: { status: 400, param: 'grammar' },
  GRAMMAR_STUCK: { status: 400, param: 'grammar' },
  GRAMMAR_TOO_COSTLY: { status: 400, param: 'grammar' },
  SCHEMA_UNSUPPORTED: { status: 400, param: 'response_format.json_schema.schema' },
  MODEL_EMBEDS_ONLY: {
    status: 400,
    param: 'model',
    message: 'This model writes no text, it gives embeddings: use /v1/embeddings, or ask another model.',
  },
  MODEL_RANKS: { status: 400, param: 'model' },
  MODEL_MISSING: NOT_LOADED,
  MODEL_FOREIGN: NOT_LOADED,
  MODEL_INVALID: NOT_LOADED,
  MODEL_REFUSED: NOT_LOADED,
  MODEL_TRUNCATED: NOT_LOADED,
  LOGITS_INVALID: {
    status: 500,
    message:
      'The model computed something that is no number on this text: its file may be damaged. Try another model.',
  },
  DOCUMENT_FORMAT: { status: 415, param: 'file' },
  DOCUMENT_BROKEN: { status: 422, param: 'file' },
  DOCUMENT_EMPTY: { status: 422, param: 'file' },
  DOCUMENT_TOO_LARGE: { status: 413, param: 'file' },
  DOCUMENT_TOO_SLOW: { status: 422, param: 'file' },
  ROOM_NO_VECTORS: {
    status: 400,
    param: 'method',
    message: 'This room has no vectors, so it is searched by words alone: leave out "method".',
  },
  ROOM_BUSY: { status: 503, code: 'storage_busy', message: STORAGE_BUSY },
  ROOM_CLOSED: {
    status: 503,
    message: 'The room was closed meanwhile; ask again in a few seconds.',
  },
  ROOM_NO_SPACE: { status: 507, code: 'disk_full', message: DISK_FULL },
  ROOMS_FOLDER: {
    status: 500,
    message: 'The folder of rooms cannot be read; tell whoever looks after the server.',
  },
  ROOM_NOT_A_ROOM: ROOM_UNREADABLE,
  ROOM_TOO_NEW: ROOM_UNREADABLE,
  ROOM_BROKEN: ROOM_UNREADABLE,
  QUEUE_FULL: { status: 429 },
  CACHE_FULL: { status: 503 },
  MEMORY_SHORT: { status: 503 },
  ENGINE_MEMORY: { status: 503 },
  ENGINE_CLOSED: { status: 503 },
  POOL_CLOSED: { status: 503 },
};

/**
 * Any thrown value as an ApiError. An error of the engine that the request causes keeps its sentence and code, since
 * it is written for people; of any other only the fact is told, since its text might hold a path or a piece of a prompt.
 * @param param - the field to name where the error itself names none
 */
export function toApiError(error: unknown, param?: string): ApiError {
  if (error instanceof ApiError) return error;
  const told = isLucieError(error) && Object.hasOwn(TOLD, error.code) ? TOLD[error.code] : undefined;
  const storage = storageError(error);
  if (storage) return storage;
  if (isLucieError(error) && told) {
    return new ApiError({
      status: told.status,
      code: told.code ?? error.code.toLowerCase(),
      message: told.message ?? `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`,
      param: told.param ?? (told.status === 400 ? param : undefined),
      cause: error,
    });
  }
  return new ApiError({
    status: 500,
    code: isLucieError(error) ? error.code.toLowerCase() : 'internal_error',
    message: 'The model failed on this request; the server goes on. Try again, or run ./lucie doctor.',
    cause: error,
  });
}

/** What SQLite and the file system say of the disk; their own words hold paths. */
function storageError(cause: unknown): ApiError | undefined {
  const { errcode = 0, code } = (cause ?? {}) as { errcode?: number; code?: unknown };
  // Without its extended part.
  const sqlite = errcode & 0xff;
  if (sqlite === SQLITE_FULL || code === 'ENOSPC' || code === 'EDQUOT') {
    return new ApiError({
      status: 507,
      code: 'disk_full',
      message: DISK_FULL,
      cause,
    });
  }
  if (sqlite === SQLITE_BUSY) {
    return new ApiError({
      status: 503,
      code: 'storage_busy',
      message: STORAGE_BUSY,
      cause,
    });
  }
  if (!STORAGE_FAILED.sqlite.includes(sqlite) && !STORAGE_FAILED.system.includes(String(code)))
    return undefined;
  return new ApiError({
    status: 500,
    code: 'storage_failed',
    message: 'This server cannot read or write its own files just now; tell whoever looks after it.',
    cause,
  });
}

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
const STORAGE_FAILED = {
  // SQLITE_PERM, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN
  sqlite: [3, 8, 10, 14],
  system: ['EACCES', 'EPERM', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'ENOTDIR'],
};
