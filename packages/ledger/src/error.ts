/**
 * The one error that users see. A caller tells cases apart by `code`; the message is one sentence with what was
 * found, what was expected and what to do next.
 */
export class LucieError extends Error {
  readonly code: string;
  /** Exit code of the process when nobody handles it: 1 failed, 2 wrong use. */
  readonly exitCode: 1 | 2;

  constructor(details: {
    /** Stable and upper case, e.g. `PORT_IN_USE`. */
    code: string;
    found: string;
    expected: string;
    /** The next thing to do, as an imperative. */
    todo: string;
    exitCode?: 1 | 2;
    cause?: unknown;
  }) {
    super(
      `found ${details.found}; expected ${details.expected}; ${details.todo}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = 'LucieError';
    this.code = details.code;
    this.exitCode = details.exitCode ?? 1;
  }
}

/** True for a LucieError, also one that comes from another copy of this package or has crossed a worker. */
export function isLucieError(error: unknown): error is LucieError {
  return error instanceof Error && error.name === 'LucieError' && 'code' in error;
}
