import { LucieError, silentLogger } from '@lucie/ledger';
import { type Embedder, type Reader, Room } from '@lucie/retrieval';
import { expect, it } from 'vitest';
import { RoomStore } from '../src/rooms/room-store.ts';
import { post } from './requests.ts';
import {
  checkEach,
  erase,
  get,
  jsonOf,
  makeRoom,
  plain,
  quoteBest,
  startRooms,
  upload,
  VOLCANS,
} from './room-server.ts';
import { ScriptedModel, served } from './scripted-model.ts';

/** Knows that molten rock is magma, and nothing else. */
function embedder(opts: { delayMs?: number } = {}) {
  let texts = 0;
  const vector = (text: string) => {
    texts++;
    const is = /magma|roche fondue/i.test(text);
    return Float32Array.of(is ? 1 : 0, is ? 0 : 1, 0, 0);
  };
  const made: Embedder = {
    name: 'two words',
    dimension: 4,
    embedQuestion: async (text) => vector(text),
    async embedPassages(all, signal) {
      if (opts.delayMs) await new Promise((resolve) => setTimeout(resolve, opts.delayMs));
      signal?.throwIfAborted();
      return all.map(vector);
    },
  };
  return { made, texts: () => texts };
}

/** Many passages. */
const LONG = Array.from(
  { length: 300 },
  (_, i) => `La leçon numéro ${i} parle des volcans, des séismes et de ce qui les cause en profondeur.`,
).join('\n');

const question = 'Où va la roche fondue ?';

it('with an embedder a room is searched by meaning too, and says so', async () => {
  const { server } = await startRooms({ embedder: embedder().made });
  const id = await makeRoom(server);
  expect((await jsonOf(get(server, `/v1/rooms/${id}`))).search).toBe('words-and-meaning');
  await jsonOf(upload(server, id, { text: VOLCANS }));
  const found = await jsonOf(post(server, `/v1/rooms/${id}/search`, { question, method: 'dense', limit: 1 }));
  expect(found).toMatchObject({
    search: 'words-and-meaning',
    data: [{ text: expect.stringContaining('magma') }],
  });
  const answer = await jsonOf(post(server, `/v1/rooms/${id}/answer`, { question }));
  expect(answer.search).toBe('words-and-meaning');
});

it('a reader reads for every answer, quoted or worded', async () => {
  const reader: Reader = { name: 'scripted', read: async () => [] };
  const seen: unknown[] = [];
  const parts: Partial<typeof plain> = {
    answerQuestion: (room, asked, opts) => {
      seen.push(['quoted', opts?.reader]);
      return quoteBest(room, asked, opts);
    },
    answerWithModel: (room, asked, opts) => {
      seen.push(['worded', opts.reader]);
      return checkEach(room, asked, opts);
    },
  };
  const gate = { 'course-questions': { passed: true } };
  for (const options of [{}, { models: [{ ...served(new ScriptedModel()), gate }] }]) {
    const { server } = await startRooms({ ...options, reader }, parts);
    const id = await makeRoom(server);
    await jsonOf(upload(server, id, { text: VOLCANS }));
    await jsonOf(post(server, `/v1/rooms/${id}/answer`, { question: 'Où remonte le magma ?' }));
  }
  expect(seen).toEqual([
    ['quoted', reader],
    ['worded', reader],
  ]);
});

it('a room from a server without one gets its vectors, after whoever changes it', async () => {
  const { server: before, dir } = await startRooms();
  const id = await makeRoom(before);
  const { passages } = await jsonOf(upload(before, id, { text: LONG }));
  const slow = embedder({ delayMs: 60 });
  const { server } = await startRooms({ embedder: slow.made, roomsDir: dir });
  const search = async () => (await jsonOf(post(server, `/v1/rooms/${id}/search`, { question }))).search;
  expect(await search()).toBe('words');
  await jsonOf(upload(server, id, { name: 'b.txt', text: 'Une leçon de plus.' }));
  expect(slow.texts()).toBeLessThan(passages);
  while (slow.texts() <= passages) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await search()).toBe('words-and-meaning');
});

it('a room gets its vectors also when whoever wanted to change it leaves', async () => {
  const { server, dir } = await startRooms();
  const id = await makeRoom(server);
  const { passages } = await jsonOf(upload(server, id, { text: LONG }));
  const slow = embedder({ delayMs: 20 });
  const store = new RoomStore({ dir, embedder: slow.made, log: silentLogger, load: async () => plain });
  using use = await store.use(id);
  await expect(use.open.change(AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
  while (slow.texts() < passages) await new Promise((resolve) => setTimeout(resolve, 5));
  while (use.open.search === 'words') await new Promise((resolve) => setTimeout(resolve, 5));
});

it('an erased room makes no more vectors', async () => {
  const { server: before, dir } = await startRooms();
  const id = await makeRoom(before);
  const { passages } = await jsonOf(upload(before, id, { text: LONG }));
  const slow = embedder({ delayMs: 20 });
  const { server, lines } = await startRooms({ embedder: slow.made, roomsDir: dir });
  await jsonOf(get(server, `/v1/rooms/${id}`));
  await jsonOf(erase(server, `/v1/rooms/${id}`));
  const count = slow.texts();
  expect(count).toBeLessThan(passages);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(slow.texts()).toBe(count);
  expect(lines.join('')).not.toContain('a room gets no vectors');
});

it.each([
  ['disk_full', 507, Object.assign(new Error('database or disk is full'), { errcode: 13 })],
  ['disk_full', 507, Object.assign(new Error('/home/x: no space'), { code: 'ENOSPC' })],
  ['disk_full', 507, told('ROOM_NO_SPACE')],
  ['storage_busy', 503, Object.assign(new Error('database is locked'), { errcode: 261 })],
  ['storage_busy', 503, told('ROOM_BUSY')],
  ['storage_failed', 500, Object.assign(new Error('attempt to write a readonly database'), { errcode: 8 })],
  ['storage_failed', 500, Object.assign(new Error('/home/x: permission denied'), { code: 'EACCES' })],
  ['room_closed', 503, told('ROOM_CLOSED')],
])(
  'what the disk does is said without its paths, and nothing is added: %s, %i',
  async (code, status, error) => {
    const { server } = await startRooms(
      {},
      {
        Room: {
          open(path) {
            const room = Room.open(path);
            room.add = () => Promise.reject(error);
            return room;
          },
          erase: Room.erase,
        },
      },
    );
    const id = await makeRoom(server);
    const { error: said } = await jsonOf(upload(server, id, { text: VOLCANS }), status);
    expect(said).toMatchObject({ code, type: 'server_error', message: expect.not.stringContaining('/home') });
    expect((await jsonOf(get(server, `/v1/rooms/${id}/documents`))).data).toEqual([]);
    expect((await get(server, `/v1/rooms/${id}/documents/1/file`)).status).toBe(404);
  },
);

function told(code: string): LucieError {
  return new LucieError({ code, found: '/home/x/room', expected: 'another', todo: 'wait' });
}
