import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Room } from '@lucie/retrieval';
import { describe, expect, it } from 'vitest';
import { RoomRecord } from '../src/rooms/room-record.ts';
import { documentListResponse, roomListResponse, roomObject } from '../src/rooms/room-shapes.ts';
import { HI, post, start } from './requests.ts';
import { erase, get, jsonOf, makeRoom, startRooms, upload, VOLCANS } from './room-server.ts';

describe('rooms', () => {
  it('are made, listed in the order of their making, shown and erased to the last file', async () => {
    const { server, dir } = await startRooms();
    expect((await jsonOf(get(server, '/v1/rooms'))).data).toEqual([]);
    const id = await makeRoom(server);
    await makeRoom(server, 'autre');
    const shown = roomObject.parse(await jsonOf(get(server, `/v1/rooms/${id}`)));
    expect(shown).toMatchObject({
      id,
      name: '6e B',
      model: `room:${id}`,
      search: 'words',
      answers: 'extractive',
    });
    const list = roomListResponse.parse(await jsonOf(get(server, '/v1/rooms')));
    expect(list.data.map(({ name }) => name).sort()).toEqual(['6e B', 'autre']);
    await jsonOf(upload(server, id, { text: VOLCANS }));
    expect(await jsonOf(erase(server, `/v1/rooms/${id}`))).toEqual({
      id,
      object: 'room.deleted',
      deleted: true,
    });
    expect((await readdir(dir)).filter((name) => name.startsWith(id))).toEqual([]);
    expect((await jsonOf(get(server, '/v1/rooms'))).data.map(({ name }: { name: string }) => name)).toEqual([
      'autre',
    ]);
    expect((await jsonOf(get(server, `/v1/rooms/${id}`), 404)).error.code).toBe('room_not_found');
    expect((await jsonOf(erase(server, `/v1/rooms/${id}`), 404)).error.code).toBe('room_not_found');
  });

  it('have names that are data: the file is called by a random id', async () => {
    const { server, dir } = await startRooms();
    const names = ['../../etc/passwd', '6e B / SVT', '\u0000x', '<b>'];
    for (const name of names) await makeRoom(server, name);
    const files = (await readdir(dir)).filter((name) => name.endsWith('.sqlite'));
    expect(files).toHaveLength(names.length);
    for (const file of files) expect(file).toMatch(/^[0-9a-f]{24}\.sqlite$/);
    const { data } = await jsonOf(get(server, '/v1/rooms'));
    expect(data.map(({ name }: { name: string }) => name).sort()).toEqual(names.sort());
  });

  it.each(['..%2F..%2Fkeys', '%2e%2e', 'a.sqlite', 'x%00', 'keys'])(
    'are not found by tricks with paths: %s',
    async (id) => {
      const { server, dir } = await startRooms();
      await makeRoom(server);
      await writeFile(join(dir, '../keys.sqlite'), 'no room');
      for (const path of [`/v1/rooms/${id}`, `/v1/rooms/${id}/documents`, `/v1/rooms/${id}/export`]) {
        expect((await get(server, path)).status).toBe(404);
      }
      expect((await erase(server, `/v1/rooms/${id}`)).status).toBe(404);
      expect(await readFile(join(dir, '../keys.sqlite'), 'utf8')).toBe('no room');
    },
  );

  it('are not offered by a server that keeps none', async () => {
    const { server } = start();
    expect((await jsonOf(get(server, '/v1/rooms'), 404)).error.code).toBe('rooms_not_kept');
    expect((await jsonOf(get(server, '/v1/models'))).data).toHaveLength(1);
    const asked = await post(server, '/v1/chat/completions', { model: 'room:x', messages: HI });
    expect((await jsonOf(asked, 404)).error.code).toBe('rooms_not_kept');
  });

  it('refuse a method by those of the same address', async () => {
    const { server } = await startRooms();
    const response = await server.app.request('/v1/rooms/x', { method: 'PUT' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, DELETE');
  });

  it('that were copied into the folder are there at once; what is no room hides none', async () => {
    const { server, dir } = await startRooms();
    const id = await makeRoom(server);
    await jsonOf(upload(server, id, { text: VOLCANS }));
    const copy = await get(server, `/v1/rooms/${id}/export`);
    await writeFile(join(dir, 'copie.sqlite'), new Uint8Array(await copy.arrayBuffer()));
    await writeFile(join(dir, 'photo.sqlite'), 'nothing of SQLite at all');
    const { data } = roomListResponse.parse(await jsonOf(get(server, '/v1/rooms')));
    expect(data.map((room) => [room.id, room.problem]).sort()).toEqual(
      [
        [id, undefined],
        ['copie', undefined],
        ['photo', 'room_not_a_room'],
      ].sort(),
    );
    const { error } = await jsonOf(get(server, '/v1/rooms/photo'), 500);
    expect(error.code).toBe('room_not_a_room');
    expect(error.message).not.toContain(dir);
    const models = (await jsonOf(get(server, '/v1/models'))).data.map((model: { id: string }) => model.id);
    expect(models).not.toContain('room:photo');
  });

  it('whose file is damaged are listed as such, and can be erased', async () => {
    const { server, dir } = await startRooms();
    const id = await makeRoom(server);
    await jsonOf(upload(server, id, { text: VOLCANS }));
    const copy = Buffer.from(await (await get(server, `/v1/rooms/${id}/export`)).arrayBuffer());
    // Its header whole, its tables not.
    await writeFile(join(dir, 'abimee.sqlite'), copy.fill(0xaa, 4096));
    const { data } = roomListResponse.parse(await jsonOf(get(server, '/v1/rooms')));
    expect(data.find((room) => room.id === 'abimee')).toMatchObject({
      name: 'abimee',
      problem: 'room_broken',
    });
    expect((await jsonOf(get(server, '/v1/rooms/abimee'), 500)).error.code).toBe('room_broken');
    await jsonOf(erase(server, '/v1/rooms/abimee'));
    expect((await readdir(dir)).filter((name) => name.startsWith('abimee'))).toEqual([]);
    expect((await jsonOf(get(server, '/v1/rooms'))).data).toHaveLength(1);
  });

  it('are no files whose name is no id, such as the shadows that a Mac leaves', async () => {
    const { server, dir } = await startRooms();
    const id = await makeRoom(server);
    await writeFile(join(dir, `._${id}.sqlite`), 'of a Mac');
    expect((await jsonOf(get(server, '/v1/rooms'))).data).toHaveLength(1);
    expect((await erase(server, `/v1/rooms/._${id}`)).status).toBe(404);
    expect(await readFile(join(dir, `._${id}.sqlite`), 'utf8')).toBe('of a Mac');
  });

  it('are not named with white space', async () => {
    const { server } = await startRooms();
    for (const name of ['', ' ', '\u00a0\n']) {
      const { error } = await jsonOf(post(server, '/v1/rooms', { name }), 400);
      expect(error).toMatchObject({ code: 'invalid_value', param: 'name' });
    }
  });

  it('are told to be out of reach where their folder cannot be used', async () => {
    const { server, dir } = await startRooms();
    await writeFile(dir, 'a file, no folder');
    for (const path of ['/v1/rooms', '/v1/rooms/x']) {
      const { error } = await jsonOf(get(server, path), 500);
      expect(error.code).toBe('rooms_folder');
      expect(error.message).not.toContain(dir);
    }
    await expect(startRooms({ roomsDir: dir })).rejects.toMatchObject({ code: 'ROOMS_FOLDER' });
  });

  it('that another program made have their id for a name', async () => {
    const { server, dir } = await startRooms();
    await mkdir(dir, { recursive: true });
    Room.open(join(dir, 'bench.sqlite'))[Symbol.dispose]();
    expect((await jsonOf(get(server, '/v1/rooms'))).data).toMatchObject([{ id: 'bench', name: 'bench' }]);
  });

  it('stay open in small numbers, and are all there', async () => {
    const { server } = await startRooms();
    const ids = [];
    for (let i = 0; i < 20; i++) ids.push(await makeRoom(server, `${i}`));
    for (const id of ids) await jsonOf(upload(server, id, { text: `La salle ${id} est ici.` }));
    for (const id of ids) {
      const { data } = documentListResponse.parse(await jsonOf(get(server, `/v1/rooms/${id}/documents`)));
      expect(data).toHaveLength(1);
    }
  });
});

describe('a copy of a room', () => {
  it('is one file with all there is, and nothing of what was removed', async () => {
    const { server, dir } = await startRooms();
    const id = await makeRoom(server, 'Séance 1/2');
    await jsonOf(upload(server, id, { text: VOLCANS }));
    const gone = await jsonOf(upload(server, id, { name: 'x.txt', text: 'Rendez-vous chez canariZ7.' }));
    await jsonOf(erase(server, `/v1/rooms/${id}/documents/${gone.id}`));
    const response = await get(server, `/v1/rooms/${id}/export`);
    expect(response.headers.get('content-type')).toBe('application/vnd.sqlite3');
    expect(response.headers.get('content-disposition')).toContain(
      "filename*=UTF-8''S%C3%A9ance%201-2.sqlite",
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(bytes.includes('canariZ7')).toBe(false);
    expect(bytes.includes('cheminée')).toBe(true);
    const path = join(dir, '../copy.sqlite');
    await writeFile(path, bytes);
    using room = Room.open(path);
    using record = new RoomRecord(path);
    expect(room.documents().map(({ name }) => name)).toEqual(['volcans.txt']);
    const parts = await Array.fromAsync(record.read(room.documents()[0]!.sha256));
    expect(Buffer.concat(parts).toString()).toBe(VOLCANS);
    expect(record.facts('copy')?.name).toBe('Séance 1/2');
    expect((await readdir(dir)).filter((name) => name.includes('export'))).toEqual([]);
  });

  it('that a killed server left behind is removed at the next start', async () => {
    const { dir } = await startRooms();
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, 'abc.export'), 'pupils');
    await writeFile(join(dir, 'abc.export.12-ab.tmp'), 'pupils');
    const { RoomStore } = await import('../src/rooms/room-store.ts');
    const { silentLogger } = await import('@lucie/ledger');
    new RoomStore({ dir, log: silentLogger });
    expect(await readdir(dir)).toEqual([]);
  });
});

it('a file whose document was never added is gone when the room is opened again', async () => {
  const { server, dir } = await startRooms();
  const id = await makeRoom(server);
  await jsonOf(upload(server, id, { text: VOLCANS }));
  const copy = join(dir, 'copie.sqlite');
  const whole = await get(server, `/v1/rooms/${id}/export`);
  await writeFile(copy, new Uint8Array(await whole.arrayBuffer()));
  {
    using record = new RoomRecord(copy);
    await record.keep('0'.repeat(64), new Uint8Array(3 << 20));
  }
  await jsonOf(get(server, '/v1/rooms/copie/documents'));
  const db = new DatabaseSync(copy, { readOnly: true });
  const rows = db.prepare('SELECT DISTINCT sha256 FROM server_files').all();
  db.close();
  expect(rows).toHaveLength(1);
});
