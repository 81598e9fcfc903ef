import { describe, expect, it } from 'vitest';
import { errorName } from '../src/page/room/error-name.ts';
import { type Exchange, historyOf } from '../src/page/room/history.ts';
import { pageRanges } from '../src/page/room/page-ranges.ts';
import { placeName } from '../src/page/room/place-name.ts';
import { hitCitation, type RoomDocument } from '../src/page/room/room-api.ts';
import { ROOM_LANGUAGES } from '../src/page/room/room-texts.ts';
import { parseRoute, roomHash } from '../src/page/room/route.ts';
import {
  MOST_BYTES,
  maySucceedLater,
  nextUpload,
  refusedUnsent,
  type Upload,
  type UploadEvent,
  uploadsAfter,
} from '../src/page/room/upload-queue.ts';

describe('parseRoute', () => {
  it('knows the list, a room, and leaves every other anchor to the first page', () => {
    expect(parseRoute('#/salles')).toEqual({ page: 'rooms' });
    expect(parseRoute('#/salles/')).toEqual({ page: 'rooms' });
    expect(parseRoute('#/salles/a1b2')).toEqual({ page: 'room', room: 'a1b2' });
    for (const hash of ['', '#', '#talk', '#salles', '#salles/a1', '#/autre', '#/salles/a/b'])
      expect(parseRoute(hash)).toEqual({ page: 'first' });
    expect(parseRoute('#/salles/%')).toEqual({ page: 'rooms' });
  });

  it('finds the room that an address was made for', () => {
    for (const room of ['a1b2', 'é /?#%', '..'])
      expect(parseRoute(roomHash(room))).toEqual({ page: 'room', room });
  });
});

describe('errorName', () => {
  it.each([
    ['document_format', 400, 'document_format'],
    ['document_broken', 422, 'document_broken'],
    ['document_too_large', 413, 'document_too_large'],
    ['body_too_large', 413, 'document_too_large'],
    ['document_too_slow', 400, 'document_too_slow'],
    ['file_missing', 400, 'document_empty'],
    ['room_not_found', 404, 'room_missing'],
    ['document_not_found', 404, 'document_missing'],
    // The code says more than the status.
    ['document_broken', 413, 'document_broken'],
    ['too_many_uploads', 429, 'busy'],
    ['room_full', 409, 'room_full'],
    ['too_many_rooms', 409, 'too_many_rooms'],
    ['room_broken', 500, 'room_damaged'],
    ['storage_failed', 500, 'storage_failed'],
    ['upload_stalled', 408, 'unreachable'],
    ['invalid_api_key', 401, 'key_needed'],
    ['never_heard_of', 500, 'failed'],
    [undefined, 0, 'unreachable'],
    [undefined, 503, 'busy'],
    [undefined, 200, 'failed'],
  ] as const)('%s with status %i is %s', (code, status, name) => {
    expect(errorName(code, status)).toBe(name);
  });
});

describe('pageRanges', () => {
  it('says pages as people do', () => {
    expect(pageRanges([])).toBe('');
    expect(pageRanges([3])).toBe('3');
    expect(pageRanges([1, 2, 5, 6, 7, 9])).toBe('1, 2, 5–7, 9');
  });
});

describe('uploads', () => {
  const after = (...events: UploadEvent[]) => events.reduce<Upload[]>(uploadsAfter, []);
  const two: UploadEvent = {
    type: 'chosen',
    files: [
      { id: 1, name: 'a.pdf' },
      { id: 2, name: 'b.pdf' },
    ],
  };

  it('go one at a time, in the order in which they were chosen', () => {
    expect(nextUpload([])).toBeUndefined();
    expect(nextUpload(after(two))?.id).toBe(1);
    for (const part of [0.5, 1])
      expect(
        nextUpload(after(two, { type: 'started', id: 1 }, { type: 'sent', id: 1, part })),
      ).toBeUndefined();
    expect(nextUpload(after(two, { type: 'ended', id: 1, state: 'added' }))?.id).toBe(2);
    expect(nextUpload(after(two, { type: 'failed', id: 1, error: 'busy' }))?.id).toBe(2);
  });

  it('are read once they are sent, and change no more once they have ended', () => {
    const sending = after(two, { type: 'started', id: 1 }, { type: 'sent', id: 1, part: 0.4 });
    expect(sending[0]).toMatchObject({ state: 'sending', sent: 0.4 });
    expect(uploadsAfter(sending, { type: 'sent', id: 1, part: 1 })[0]).toMatchObject({ state: 'reading' });
    const cancelled = uploadsAfter(sending, { type: 'ended', id: 1, state: 'cancelled' });
    expect(uploadsAfter(cancelled, { type: 'sent', id: 1, part: 1 })).toEqual(cancelled);
    expect(uploadsAfter(cancelled, { type: 'failed', id: 1, error: 'failed' })).toEqual(cancelled);
    expect(cancelled[1]!.state).toBe('waiting');
  });

  it('leave the list when they have ended, not before', () => {
    expect(after(two, { type: 'dismissed', id: 1 })).toHaveLength(2);
    const failed = after(two, { type: 'failed', id: 1, error: 'document_broken' });
    expect(uploadsAfter(failed, { type: 'dismissed', id: 1 }).map(({ id }) => id)).toEqual([2]);
  });

  it('are sent again when what was wrong is not in the file', () => {
    const failed = (error: 'busy' | 'document_broken') => after(two, { type: 'failed', id: 1, error });
    expect(uploadsAfter(failed('busy'), { type: 'retried', id: 1 })[0]).toEqual({
      id: 1,
      name: 'a.pdf',
      state: 'waiting',
      sent: 0,
    });
    expect(uploadsAfter(failed('document_broken'), { type: 'retried', id: 1 })).toEqual(
      failed('document_broken'),
    );
    for (const error of ['room_full', 'unreachable', 'disk_full'] as const)
      expect(maySucceedLater(error)).toBe(true);
    for (const error of ['room_missing', 'document_empty'] as const)
      expect(maySucceedLater(error)).toBe(false);
  });

  it('are not even sent when the server would refuse them', () => {
    expect(refusedUnsent({ size: 0 })).toBe('document_empty');
    expect(refusedUnsent({ size: 1 })).toBeUndefined();
    expect(refusedUnsent({ size: MOST_BYTES })).toBeUndefined();
    expect(refusedUnsent({ size: MOST_BYTES + 1 })).toBe('document_too_large');
    const refused = after({ type: 'chosen', files: [{ id: 1, name: 'a', error: 'document_empty' }] });
    expect(refused[0]).toMatchObject({ state: 'failed', error: 'document_empty' });
    expect(nextUpload(refused)).toBeUndefined();
  });
});

describe('historyOf', () => {
  const exchange = (id: number, state: Exchange['state'], text?: string): Exchange => ({
    id,
    question: `q${id}`,
    state,
    sentences: [],
    ...(text === undefined
      ? {}
      : { answer: { kind: 'answer', method: 'extractive', text, sentences: [], superseded: [] } }),
  });

  it('tells what was asked and answered, and nothing that was cut or failed', () => {
    expect(
      historyOf([
        exchange(1, 'done', 'r1'),
        exchange(2, 'failed'),
        exchange(3, 'stopped'),
        exchange(4, 'done', 'r4'),
      ]),
    ).toEqual([
      { role: 'user', text: 'q1' },
      { role: 'assistant', text: 'r1' },
      { role: 'user', text: 'q4' },
      { role: 'assistant', text: 'r4' },
    ]);
  });

  it('is never longer than the server takes, and begins with a question', () => {
    const long = historyOf(Array.from({ length: 40 }, (_, i) => exchange(i, 'done', `r${i}`)));
    expect(long).toHaveLength(50);
    expect(long[0]).toEqual({ role: 'user', text: 'q15' });
  });
});

describe('hitCitation', () => {
  it('is the whole passage', () => {
    const hit = {
      id: 7,
      score: 1,
      document: 2,
      title: 'Roches',
      page: 3,
      paragraph: 4,
      kind: 'text',
      start: 10,
      end: 17,
      text: 'La lave',
      headings: [],
    } as const;
    expect(hitCitation(hit)).toEqual({
      document: 2,
      title: 'Roches',
      page: 3,
      paragraph: 4,
      start: 10,
      end: 17,
      quote: 'La lave',
    });
  });
});

describe('placeName', () => {
  it('names the page, or the paragraph where there is one page only', () => {
    const { fr } = ROOM_LANGUAGES;
    const cited = { document: 2, title: '', page: 3, paragraph: 14, start: 0, end: 1, quote: '' };
    const documents = (pages: number) => [{ id: 2, pages } as RoomDocument];
    expect(placeName(cited, documents(9), fr)).toBe('page 3');
    expect(placeName(cited, documents(1), fr)).toBe('paragraphe 14');
    // Removed meanwhile.
    expect(placeName(cited, [], fr)).toBe('page 3');
  });
});

describe('texts of rooms', () => {
  const { fr, en } = ROOM_LANGUAGES;

  it('name the same errors, hidings, formats and refusals in both languages', () => {
    for (const key of ['errors', 'hidings', 'formats', 'refusals'] as const)
      expect(Object.keys(en[key]).sort()).toEqual(Object.keys(fr[key]).sort());
  });

  it('say what to do next in every error about a file', () => {
    for (const key of [
      'document_format',
      'document_broken',
      'document_too_large',
      'document_too_slow',
    ] as const)
      expect(fr.errors[key]).toMatch(/(Enregistrez|Ouvrez|partagez)/);
    expect(fr.errors.document_too_large).toContain(`${MOST_BYTES / 2 ** 20} Mo`);
    expect(en.errors.document_too_large).toContain(`${MOST_BYTES / 2 ** 20} MB`);
  });

  it('speak of one and of many', () => {
    expect([0, 1, 2].map(fr.documents)).toEqual(['aucun document', '1 document', '2 documents']);
    expect(fr.scanned('4', false)).toMatch(/^La page 4 est/);
    expect(fr.scanned('4, 5', true)).toMatch(/^Les pages 4, 5 sont/);
  });

  it('no French text lets a line begin with its punctuation', () => {
    const said = [
      ...Object.values(fr).filter((text) => typeof text === 'string'),
      ...Object.values(fr.errors),
      ...Object.values(fr.refusals),
      fr.eraseSure('A', 'B'),
      fr.removeHelp('A'),
      fr.proof(1, 'A', 'page 2'),
      fr.addedSaid('A'),
      fr.superseded('A', 'B'),
    ];
    expect(said.filter((text) => / [:;?!»]|« /.test(text))).toEqual([]);
    expect(said.filter((text) => text.includes("'"))).toEqual([]);
  });
});
