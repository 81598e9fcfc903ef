import type { ErrorBody } from '@lucie/server';
import { errorName } from './error-name.ts';
import { type RoomDocument, RoomError } from './room-api.ts';

/**
 * Sends a file into a room. By XMLHttpRequest, the one way in which browsers tell how much of a file is sent; as the body
 * itself, since a form costs the server twice the memory.
 * @param opts.onSent - is given the part that is sent, from 0 to 1
 * @throws RoomError; the signal's reason when it fires
 */
export function addDocument(
  room: string,
  file: File,
  opts: { signal: AbortSignal; onSent: (part: number) => void },
): Promise<RoomDocument & { duplicate: boolean }> {
  const { signal, onSent } = opts;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.upload.onprogress = ({ loaded, total }) => total > 0 && onSent(Math.min(loaded / total, 0.999));
    request.upload.onload = () => onSent(1);
    request.onload = () => {
      const answer = parse(request.responseText);
      if (request.status >= 200 && request.status < 300 && answer && 'id' in answer) resolve(answer);
      else
        reject(
          new RoomError(
            errorName(answer && 'error' in answer ? answer.error.code : undefined, request.status),
          ),
        );
    };
    request.onerror = () => reject(new RoomError('unreachable'));
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop, { once: true });
    request.open('POST', `v1/rooms/${encodeURIComponent(room)}/documents`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('x-document-name', encodeURIComponent(file.name.toWellFormed()));
    request.send(file);
  });
}

function parse(text: string): (RoomDocument & { duplicate: boolean }) | ErrorBody | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
