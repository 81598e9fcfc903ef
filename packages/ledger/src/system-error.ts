import { isLucieError, LucieError } from './error.ts';

interface Advice {
  code: string;
  expected: string;
  todo: string;
}

const ADVICE: Record<string, Advice> = {
  ENOSPC: {
    code: 'DISK_FULL',
    expected: 'free space on the disk',
    todo: 'free some space and call again: what was finished is kept',
  },
  EDQUOT: {
    code: 'DISK_FULL',
    expected: 'free space in your quota',
    todo: 'free some space and call again: what was finished is kept',
  },
  EFBIG: {
    code: 'DISK_FULL',
    expected: 'room for a larger file',
    todo: 'raise the file size limit and call again: what was finished is kept',
  },
  EACCES: {
    code: 'NO_PERMISSION',
    expected: 'permission to read and write there',
    todo: 'change its owner or mode, or use another folder',
  },
  EPERM: {
    code: 'NO_PERMISSION',
    expected: 'permission to read and write there',
    todo: 'change its owner or mode, or use another folder',
  },
  EROFS: { code: 'NO_PERMISSION', expected: 'a file system that can be written', todo: 'use another folder' },
  EADDRINUSE: { code: 'PORT_IN_USE', expected: 'a free port', todo: 'choose another one with --port' },
  EMFILE: {
    code: 'TOO_MANY_FILES',
    expected: 'a higher limit on open files',
    todo: 'raise it with: ulimit -n 4096',
  },
  ENOENT: { code: 'FILE_MISSING', expected: 'that file to be there', todo: 'check the path' },
};

/**
 * Turns a failed system call into the sentence that a user can act on. Anything else comes back as it was.
 * DuckDB and libtorch report a full disk only in words, hence the look at the message.
 */
export function explainSystemError(error: unknown): unknown {
  if (isLucieError(error) || !(error instanceof Error)) return error;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const name = code ?? (/no space left on device/i.test(error.message) ? 'ENOSPC' : '');
  const advice = ADVICE[name];
  if (!advice) return error;
  const what = [syscall, path].filter(Boolean).join(' of ') || error.message;
  return new LucieError({
    code: advice.code,
    found: `${name} at ${what}`,
    expected: advice.expected,
    todo: advice.todo,
    cause: error,
  });
}
