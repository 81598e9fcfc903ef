import type { ErrorName } from './room-texts.ts';

/** One file on its way into the room. */
export interface Upload {
  id: number;
  name: string;
  state: 'waiting' | 'sending' | 'reading' | 'added' | 'duplicate' | 'failed' | 'cancelled';
  /** From 0 to 1, while it is sent. */
  sent: number;
  error?: ErrorName;
}

/** What happens to files: each state is followed only by those that can follow it. */
export type UploadEvent =
  | { type: 'chosen'; files: { id: number; name: string; error?: ErrorName }[] }
  | { type: 'started'; id: number }
  | { type: 'sent'; id: number; part: number }
  | { type: 'ended'; id: number; state: 'added' | 'duplicate' | 'cancelled' }
  | { type: 'failed'; id: number; error: ErrorName }
  | { type: 'retried'; id: number }
  | { type: 'dismissed'; id: number };

export function isUnderWay(upload: Upload): boolean {
  return upload.state === 'waiting' || upload.state === 'sending' || upload.state === 'reading';
}

/** The next list of uploads; what has ended changes no more. */
export function uploadsAfter(uploads: readonly Upload[], event: UploadEvent): Upload[] {
  if (event.type === 'chosen') {
    const chosen = event.files.map<Upload>(({ id, name, error }) =>
      error ? { id, name, sent: 0, state: 'failed', error } : { id, name, sent: 0, state: 'waiting' },
    );
    return [...uploads, ...chosen];
  }
  if (event.type === 'dismissed')
    return uploads.filter((upload) => upload.id !== event.id || isUnderWay(upload));
  if (event.type === 'retried')
    return uploads.map((upload) =>
      upload.id === event.id && upload.error && maySucceedLater(upload.error)
        ? { id: upload.id, name: upload.name, state: 'waiting', sent: 0 }
        : upload,
    );
  return uploads.map((upload) =>
    upload.id === event.id && isUnderWay(upload) ? { ...upload, ...change(event) } : upload,
  );
}

function change(event: Exclude<UploadEvent, { type: 'chosen' | 'retried' | 'dismissed' }>): Partial<Upload> {
  switch (event.type) {
    case 'started':
      return { state: 'sending', sent: 0 };
    case 'sent':
      // Once all is sent, the server reads: that has no percentage.
      return { state: event.part >= 1 ? 'reading' : 'sending', sent: Math.min(1, event.part) };
    case 'ended':
      return { state: event.state };
    case 'failed':
      return { state: 'failed', error: event.error };
  }
}

/** The file whose turn it is: one at a time, in the order in which they were chosen. */
export function nextUpload(uploads: readonly Upload[]): Upload | undefined {
  if (uploads.some(({ state }) => state === 'sending' || state === 'reading')) return undefined;
  return uploads.find(({ state }) => state === 'waiting');
}

/** Whether the same file may be taken another time: what is wrong is not in it. */
export function maySucceedLater(error: ErrorName): boolean {
  return !error.startsWith('document_') && error !== 'room_missing';
}

/** Most bytes of a file that the server reads. */
export const MOST_BYTES = 32 * 2 ** 20;

/** What is wrong with a file even before it is sent. */
export function refusedUnsent(file: { size: number }): ErrorName | undefined {
  if (file.size === 0) return 'document_empty';
  return file.size > MOST_BYTES ? 'document_too_large' : undefined;
}
