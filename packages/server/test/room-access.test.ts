import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_INGEST_LIMITS } from '@lucie/retrieval';
import { describe, expect, it } from 'vitest';
import { KeyStore } from '../src/keys/key-store.ts';
import { endpoints } from '../src/openapi/endpoints.ts';
import { MAX_FILE_BYTES } from '../src/rooms/read-upload.ts';
import { post } from './requests.ts';
import { erase, get, jsonOf, makeRoom, startRooms, upload, VOLCANS } from './room-server.ts';

const CHAT = '/v1/chat/completions';
const messages = [{ role: 'user', content: 'Par où remonte le magma ?' }];

/** A teacher's room, and keys that have nothing to do with it. */
async function school() {
  const keys = new KeyStore(await mkdtemp(join(tmpdir(), 'keys-')));
  const started = await startRooms({ keys });
  const key = async (name: string, opts: object) => {
    const made = await keys.create({ name, ...opts });
    return { authorization: `Bearer ${made.key}` };
  };
  const teacher = await key('prof', { scopes: ['rooms', 'documents', 'chat', 'models'] });
  const colleague = await key('collegue', { scopes: ['rooms', 'documents', 'chat', 'models'] });
  const id = await makeRoom(started.server, '6e B', teacher);
  await jsonOf(upload(started.server, id, { text: VOLCANS, headers: teacher }));
  const pupils = await key('eleves', { models: [`room:${id}`] });
  return { ...started, keys, key, teacher, colleague, pupils, id };
}

describe('a room', () => {
  it('opens to the key that made it', async () => {
    const { server, teacher, id } = await school();
    expect((await jsonOf(get(server, '/v1/rooms', teacher))).data).toHaveLength(1);
    expect((await jsonOf(get(server, '/v1/models', teacher))).data).toHaveLength(2);
    await jsonOf(post(server, `/v1/rooms/${id}/answer`, { question: 'magma' }, teacher));
    await jsonOf(post(server, CHAT, { model: `room:${id}`, messages }, teacher));
  });

  it('is not there for another key, whatever that may do', async () => {
    const { server, colleague, id } = await school();
    expect((await jsonOf(get(server, '/v1/rooms', colleague))).data).toEqual([]);
    expect(
      (await jsonOf(get(server, '/v1/models', colleague))).data.map((m: { id: string }) => m.id),
    ).toEqual(['nano']);
    for (const { method, path } of endpoints.filter((each) => each.path.includes('{room}'))) {
      const response = await server.app.request(
        path.replace('{room}', id).replace('{document}', '1').replace('{page}', '1'),
        {
          method,
          headers: { ...colleague, 'content-type': 'application/json' },
          ...(method === 'post' ? { body: '{"question":"magma"}' } : {}),
        },
      );
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.json()).toEqual(await jsonOf(get(server, '/v1/rooms/no', colleague), 404));
    }
    expect((await get(server, `/v1/models/room:${id}`, colleague)).status).toBe(404);
    expect((await post(server, CHAT, { model: `room:${id}`, messages }, colleague)).status).toBe(404);
  });

  it('may be asked, not changed, with a key that was made for it', async () => {
    const { server, pupils, teacher, id } = await school();
    const other = await makeRoom(server, 'salle des profs', teacher);
    expect(
      (await jsonOf(get(server, '/v1/rooms', pupils))).data.map((room: { id: string }) => room.id),
    ).toEqual([id]);
    expect((await jsonOf(get(server, '/v1/models', pupils))).data.map((m: { id: string }) => m.id)).toEqual([
      `room:${id}`,
    ]);
    await jsonOf(post(server, `/v1/rooms/${id}/answer`, { question: 'magma' }, pupils));
    await jsonOf(post(server, CHAT, { model: `room:${id}`, messages }, pupils));
    expect((await post(server, CHAT, { model: 'nano', messages }, pupils)).status).toBe(403);
    expect((await post(server, CHAT, { model: `room:${other}`, messages }, pupils)).status).toBe(404);
    expect((await upload(server, id, { text: 'x', headers: pupils })).status).toBe(403);
    expect((await erase(server, `/v1/rooms/${id}`, pupils)).status).toBe(403);
    expect((await get(server, `/v1/rooms/${id}/export`, pupils)).status).toBe(403);
    expect((await post(server, '/v1/rooms', { name: 'x' }, pupils)).status).toBe(403);
  });

  it('made without a key opens to none but those made for it, once keys are asked for', async () => {
    const { dir, id } = await (async () => {
      const started = await startRooms();
      return { ...started, id: await makeRoom(started.server) };
    })();
    const keys = new KeyStore(await mkdtemp(join(tmpdir(), 'keys-')));
    const { key } = await keys.create({ name: 'a', scopes: ['rooms'] });
    const { key: named } = await keys.create({ name: 'b', scopes: ['rooms'], models: [`room:${id}`] });
    const { server } = await startRooms({ keys, roomsDir: dir });
    const count = async (key: string) =>
      (await jsonOf(get(server, '/v1/rooms', { authorization: `Bearer ${key}` }))).data.length;
    expect([await count(key), await count(named)]).toEqual([0, 1]);
  });

  it('is known again by the key that made it after a restart', async () => {
    const { dir, keys, teacher, colleague, id } = await school();
    const { server } = await startRooms({ keys, roomsDir: dir });
    expect((await get(server, `/v1/rooms/${id}`, teacher)).status).toBe(200);
    expect((await get(server, `/v1/rooms/${id}`, colleague)).status).toBe(404);
  });
});

it('takes what the readers of documents take', () => {
  expect(MAX_FILE_BYTES).toBe(DEFAULT_INGEST_LIMITS.bytes);
});

it('tells neither log nor metrics of rooms, documents, questions or names', async () => {
  const CANARY = 'canariZ7';
  const { server, lines } = await startRooms();
  const id = await makeRoom(server, CANARY);
  const added = await jsonOf(
    upload(server, id, { name: `${CANARY}.txt`, text: `${CANARY} est là.\n<!-- ${CANARY}` }),
  );
  await jsonOf(post(server, `/v1/rooms/${id}/search`, { question: CANARY }));
  await jsonOf(post(server, `/v1/rooms/${id}/answer`, { question: CANARY }));
  await (await post(server, `/v1/rooms/${id}/answer`, { question: CANARY, stream: true })).text();
  await jsonOf(post(server, CHAT, { model: `room:${id}`, messages: [{ role: 'user', content: CANARY }] }));
  await (await get(server, `/v1/rooms/${id}/documents/${added.id}/file`)).text();
  await (await get(server, `/v1/rooms/${id}/export`)).arrayBuffer();
  await get(server, `/v1/models/room:${id}`);
  await upload(server, id, { name: `${CANARY}.txt`, text: '!broken' });
  await erase(server, `/v1/rooms/${id}/documents/${added.id}`);
  await erase(server, `/v1/rooms/${id}`);
  await get(server, `/v1/rooms/${id}/${CANARY}`);
  const metrics = await (await get(server, '/metrics')).text();
  for (const text of [lines.join(''), metrics]) {
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(id);
    expect(text).not.toContain(added.sha256);
  }
  // What an operator needs all the same.
  expect(metrics).toContain('lucie_answers_total{model="rooms"} 3');
  expect(metrics).toContain('route="/v1/rooms/:room/documents",status="422"');
});
