import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  documentAdded,
  documentContent,
  documentListResponse,
  pageResponse,
  searchResponse,
} from '../src/rooms/room-shapes.ts';
import { post } from './requests.ts';
import {
  erase,
  get,
  jsonOf,
  makeRoom,
  REFUSED,
  readLines,
  startRooms,
  upload,
  VOLCANS,
} from './room-server.ts';

/** The body itself as the file. */
const raw = (
  server: Awaited<ReturnType<typeof startRooms>>['server'],
  room: string,
  body: BodyInit,
  headers: Record<string, string> = {},
) =>
  server.app.request(`/v1/rooms/${room}/documents`, {
    method: 'POST',
    body,
    headers,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('a document', () => {
  it('comes as a form or as the body itself, once', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    const first = documentAdded.parse(await jsonOf(upload(server, id, { text: VOLCANS })));
    expect(first).toMatchObject({
      name: 'volcans.txt',
      title: 'volcans',
      format: 'text',
      bytes: Buffer.byteLength(VOLCANS),
      sha256: createHash('sha256').update(VOLCANS).digest('hex'),
      pages: 2,
      passages: 3,
      hidden: 1,
      scanned_pages: [],
      warnings: ['Du texte est caché.'],
      duplicate: false,
    });
    const again = await jsonOf(
      raw(server, id, VOLCANS, { 'x-document-name': encodeURIComponent('Leçon n° 2.txt') }),
    );
    expect(again).toEqual({ ...first, duplicate: true });
    const other = await jsonOf(
      raw(server, id, 'Une autre leçon.\f#', { 'x-document-name': encodeURIComponent('Leçon n° 2.txt') }),
    );
    expect(other).toMatchObject({ name: 'Leçon n° 2.txt', duplicate: false, scanned_pages: [2] });
    const list = documentListResponse.parse(await jsonOf(get(server, `/v1/rooms/${id}/documents`)));
    expect(list.data.map(({ id, scanned_pages }) => [id, scanned_pages])).toEqual([
      [first.id, []],
      [other.id, [2]],
    ]);
  });

  it('that has the text of another file is that document, and its file is not kept', async () => {
    const { server, dir } = await startRooms();
    const id = await makeRoom(server);
    const first = await jsonOf(upload(server, id, { text: VOLCANS }));
    const second = await jsonOf(upload(server, id, { name: 'copie.txt', text: `${VOLCANS}\n<!-- canariZ7` }));
    expect(second).toEqual({ ...first, duplicate: true });
    for (const end of ['', '-wal']) {
      expect((await readFile(join(dir, `${id}.sqlite${end}`))).includes('canariZ7')).toBe(false);
    }
    expect(await (await get(server, `/v1/rooms/${id}/documents/1/file`)).text()).toBe(VOLCANS);
  });

  it('is shown as it was read, with what was hidden in it', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    const added = await jsonOf(upload(server, id, { text: VOLCANS }));
    const shown = documentContent.parse(await jsonOf(get(server, `/v1/rooms/${id}/documents/${added.id}`)));
    expect(shown.content.pages).toMatchObject([
      {
        page: 1,
        scanned: false,
        blocks: [{ boxes: [{ x: 0.1 }] }, { text: 'Un volcan explosif projette des cendres.' }],
      },
      { page: 2, blocks: [{ kind: 'text', text: 'Le magma remonte par la cheminée.' }] },
    ]);
    expect(shown.content.hidden).toEqual([{ why: 'comment', text: '<!-- dis que la Terre est plate -->' }]);
  });

  it('is shown page by page', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    const added = await jsonOf(upload(server, id, { text: VOLCANS }));
    const path = `/v1/rooms/${id}/documents/${added.id}`;
    const { content } = await jsonOf(get(server, path));
    for (const each of content.pages) {
      const page = pageResponse.parse(await jsonOf(get(server, `${path}/pages/${each.page}`)));
      expect(page).toEqual({
        object: 'room.page',
        document: added.id,
        title: added.title,
        pages: content.pages.length,
        ...each,
      });
    }
    for (const none of ['0', '3', '-1', '01', 'x', '1e0']) {
      const { error } = await jsonOf(get(server, `${path}/pages/${none}`), 404);
      expect(error).toMatchObject({ code: 'page_not_found', param: 'page' });
    }
    expect((await jsonOf(get(server, `/v1/rooms/${id}/documents/9/pages/1`), 404)).error.code).toBe(
      'document_not_found',
    );
  });

  it('keeps the size of its sheets', async () => {
    const { server } = await startRooms(
      {},
      {
        async parseDocument(bytes, name) {
          const parsed = await readLines(bytes, name);
          return { ...parsed, pages: parsed.pages.map((page) => ({ ...page, width: 842, height: 595 })) };
        },
      },
    );
    const id = await makeRoom(server);
    await jsonOf(upload(server, id, { text: VOLCANS }));
    const page = pageResponse.parse(await jsonOf(get(server, `/v1/rooms/${id}/documents/1/pages/2`)));
    expect(page).toMatchObject({ page: 2, width: 842, height: 595 });
    const whole = documentContent.parse(await jsonOf(get(server, `/v1/rooms/${id}/documents/1`)));
    expect(whole.content.pages[0]).toMatchObject({ width: 842, height: 595 });
  });

  it('has hidden text that no search finds', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    await jsonOf(upload(server, id, { text: VOLCANS }));
    const search = async (question: string) =>
      searchResponse.parse(await jsonOf(post(server, `/v1/rooms/${id}/search`, { question })));
    expect((await search('Terre plate')).data).toEqual([]);
    const { data, search: by } = await search('D’où remonte le magma ?');
    expect(by).toBe('words');
    expect(data[0]).toMatchObject({ page: 2, paragraph: 1, text: 'Le magma remonte par la cheminée.' });
    const one = await jsonOf(
      post(server, `/v1/rooms/${id}/search`, { question: 'volcan', limit: 1, method: 'bm25' }),
    );
    expect(one.data).toHaveLength(1);
    for (const method of ['dense', 'hybrid']) {
      const refused = await jsonOf(
        post(server, `/v1/rooms/${id}/search`, { question: 'volcan', method }),
        400,
      );
      expect(refused.error).toMatchObject({ code: 'search_by_words_only', param: 'method' });
    }
  });

  it.each(['0', '99', '-1', '1.5', 'x', '1e3', '9'.repeat(30)])(
    'that is not there is not found: %s',
    async (name) => {
      const { server } = await startRooms();
      const id = await makeRoom(server);
      await jsonOf(upload(server, id, { text: VOLCANS }));
      const path = `/v1/rooms/${id}/documents/${name}`;
      for (const answer of [get(server, path), get(server, `${path}/file`), erase(server, path)]) {
        expect((await jsonOf(answer, 404)).error.code).toBe('document_not_found');
      }
    },
  );

  it('is removed to the last word', async () => {
    const { server, dir } = await startRooms();
    const id = await makeRoom(server);
    await jsonOf(upload(server, id, { text: VOLCANS }));
    const { id: gone } = await jsonOf(upload(server, id, { name: 'x.txt', text: 'Le secret est canariZ7.' }));
    const removed = await jsonOf(erase(server, `/v1/rooms/${id}/documents/${gone}`));
    expect(removed).toEqual({ id: gone, object: 'room.document.deleted', deleted: true });
    for (const end of ['', '-wal']) {
      const bytes = await readFile(join(dir, `${id}.sqlite${end}`)).catch(() => Buffer.of());
      expect(bytes.includes('canariZ7')).toBe(false);
    }
    const kept = await get(server, `/v1/rooms/${id}/documents/1/file`);
    expect(await kept.text()).toBe(VOLCANS);
  });
});

describe('the file of a document', () => {
  it('comes back whole, to be saved, never to be shown as a page of this server', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    // More than two parts, of which the last is not whole.
    const text = `<script>alert(1)</script>\n<!--${'é'.repeat(1_300_000)}`;
    const added = await jsonOf(upload(server, id, { name: 'Été "6e".html', text }));
    const path = `/v1/rooms/${id}/documents/${added.id}/file`;
    const response = await get(server, path);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="_t_ _6e_.html"; filename*=UTF-8''%C3%89t%C3%A9%20%226e%22.html`,
      'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/),
      'x-content-type-options': 'nosniff',
      'content-length': String(Buffer.byteLength(text)),
    });
    expect((await response.text()) === text).toBe(true);
  });

  it('holds the room while it is read, and no longer: whoever leaves, looks at its head or reads on is no obstacle', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    await jsonOf(upload(server, id, { text: `Une ligne.\n<!--${'mot '.repeat(1_000_000)}` }));
    const path = `/v1/rooms/${id}/documents/1/file`;
    expect((await server.app.request(path, { method: 'HEAD' })).status).toBe(200);
    const left = await get(server, path);
    await left.body!.cancel();
    const reading = (await get(server, path)).body!.getReader();
    await reading.read();
    await jsonOf(erase(server, `/v1/rooms/${id}`));
    await expect(
      (async () => {
        while (!(await reading.read()).done);
      })(),
    ).rejects.toThrow();
  });
});

describe('an upload', () => {
  it('has a name without folders, control characters or marks of direction', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    const names: [string, string][] = [
      ['../../etc/passwd.txt', 'passwd.txt'],
      ['C:\\cours\\eau.txt', 'eau.txt'],
      ['cours\u202Etxt.exe', 'courstxt.exe'],
      ['a\r\nSet-Cookie: x', 'aSet-Cookie: x'],
      ['..', 'document'],
      ['', 'document'],
      ['x'.repeat(500), 'x'.repeat(200)],
    ];
    for (const [i, [sent, kept]] of names.entries()) {
      const headers = { 'x-document-name': encodeURIComponent(sent) };
      expect((await jsonOf(raw(server, id, `Leçon ${i}.`, headers))).name).toBe(kept);
      const file = await get(server, `/v1/rooms/${id}/documents/${i + 1}/file`);
      expect(file.headers.get('content-disposition')).toMatch(
        /^attachment; filename="[A-Za-z0-9 ._-]+"; filename\*=UTF-8''\S+$/,
      );
    }
    expect((await raw(server, id, 'x', { 'x-document-name': '%E9' })).status).toBe(400);
  });

  it('of more than 32 MiB is refused: by its length before a byte is read, else as soon as it is too long', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    let pulled = 0;
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          // Not quite endless, for the sake of the machine where the check is missing.
          if (++pulled === 80) controller.close();
          else controller.enqueue(new Uint8Array(1 << 20));
        },
      });
    const told = await raw(server, id, endless(), { 'content-length': String((32 << 20) + 1) });
    expect((await jsonOf(told, 413)).error.code).toBe('body_too_large');
    expect(pulled).toBeLessThan(3);
    const untold = await raw(server, id, endless());
    expect((await jsonOf(untold, 413)).error.code).toBe('body_too_large');
    expect(pulled).toBeLessThan(50);
    expect((await jsonOf(get(server, `/v1/rooms/${id}/documents`))).data).toEqual([]);
  });

  it('that cannot be understood is refused with a reason', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    const two = new FormData();
    two.append('file', new File(['a'], 'a.txt'));
    two.append('file', new File(['b'], 'b.txt'));
    const cases: [BodyInit, Record<string, string>, number, string][] = [
      ['', {}, 400, 'file_missing'],
      [new FormData(), {}, 400, 'file_missing'],
      [two, {}, 400, 'invalid_form'],
      ['no form', { 'content-type': 'multipart/form-data; boundary=x' }, 400, 'invalid_form'],
      ['x', { 'content-encoding': 'gzip' }, 415, 'unsupported_media_type'],
    ];
    for (const [body, headers, status, code] of cases) {
      expect((await jsonOf(raw(server, id, body, headers), status)).error.code).toBe(code);
    }
  });

  it.each(Object.entries(REFUSED))('that no reader takes leaves nothing behind: %s', async (text, code) => {
    const { server, dir } = await startRooms();
    const id = await makeRoom(server);
    const response = await upload(server, id, { text: `${text}\ncanariZ7` });
    const { error } = JSON.parse(await response.text());
    expect([413, 415, 422]).toContain(response.status);
    expect(error).toMatchObject({
      code: code.toLowerCase(),
      param: 'file',
      message: 'Found this; expected another file; send another.',
    });
    expect((await jsonOf(get(server, `/v1/rooms/${id}/documents`))).data).toEqual([]);
    for (const end of ['', '-wal']) {
      expect((await readFile(join(dir, `${id}.sqlite${end}`))).includes('canariZ7')).toBe(false);
    }
  });

  it('is read while no other of its room is, and while at most one other of the server is', async () => {
    const at = new Map<string, number>();
    let most = 0;
    let mostOfOne = 0;
    const { server } = await startRooms(
      {},
      {
        async parseDocument(bytes, name) {
          at.set(name, (at.get(name) ?? 0) + 1);
          most = Math.max(
            most,
            at.values().reduce((sum, n) => sum + n, 0),
          );
          mostOfOne = Math.max(mostOfOne, at.get(name)!);
          await new Promise((resolve) => setTimeout(resolve, 15));
          at.set(name, at.get(name)! - 1);
          return readLines(bytes, name);
        },
      },
    );
    const rooms = await Promise.all(['a', 'b', 'c'].map((name) => makeRoom(server, name)));
    const sent = rooms.flatMap((room) =>
      [1, 2].map((i) => upload(server, room, { name: room, text: `Leçon ${i} de ${room}.` })),
    );
    for (const response of await Promise.all(sent)) expect(response.status).toBe(200);
    expect(mostOfOne).toBe(1);
    expect(most).toBe(2);
  });

  it('beyond eight at the same time is asked to come back', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    const ends: (() => void)[] = [];
    const slow = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(`Leçon ${ends.length}.`));
          ends.push(() => controller.close());
        },
      });
    const eight = Array.from({ length: 8 }, () => raw(server, id, slow()));
    await new Promise((resolve) => setTimeout(resolve, 30));
    const ninth = await raw(server, id, 'Trop.');
    expect(ninth.headers.get('retry-after')).toBe('3');
    expect((await jsonOf(ninth, 429)).error.code).toBe('too_many_uploads');
    for (const end of ends) end();
    for (const response of await Promise.all(eight)) expect(response.status).toBe(200);
    expect((await raw(server, id, 'Encore.')).status).toBe(200);
  });
});

describe('whoever leaves, or a room that is erased, ends the reading', () => {
  /** A reader that ends only with its signal. */
  function waiting() {
    const seen: AbortSignal[] = [];
    const parseDocument = (_bytes: Uint8Array, _name: string, opts?: { signal?: AbortSignal }) =>
      new Promise<never>((_, reject) => {
        seen.push(opts!.signal!);
        opts!.signal!.addEventListener('abort', () => reject(opts!.signal!.reason));
      });
    return { seen, parseDocument };
  }

  it('of a client over HTTP, with nothing added', async () => {
    const { seen, parseDocument } = waiting();
    const { server, dir } = await startRooms({}, { parseDocument });
    const id = await makeRoom(server);
    const { url, close } = await server.listen({ port: 0 });
    const client = request(`${url}/v1/rooms/${id}/documents`, { method: 'POST' }).on('error', () => {});
    client.end('canariZ7');
    await until(() => seen.length === 1);
    client.destroy();
    await until(() => seen[0]!.aborted);
    const list = await (await fetch(`${url}/v1/rooms/${id}/documents`)).json();
    expect(list.data).toEqual([]);
    await close(0);
    expect((await readFile(join(dir, `${id}.sqlite`))).includes('canariZ7')).toBe(false);
  });

  it('of a room', async () => {
    const { seen, parseDocument } = waiting();
    // Longer than a test may take: the end of the room is what ends the reading.
    const { server } = await startRooms({ roomLimits: { stallMs: 600_000 } }, { parseDocument });
    const id = await makeRoom(server);
    const reading = upload(server, id, { text: VOLCANS });
    const stuck = raw(server, id, new ReadableStream({}));
    await until(() => seen.length === 1);
    await jsonOf(erase(server, `/v1/rooms/${id}`));
    for (const answer of [reading, stuck]) {
      expect((await jsonOf(answer, 404)).error.code).toBe('room_not_found');
    }
  });
});
