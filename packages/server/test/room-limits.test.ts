import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { post } from './requests.ts';
import { erase, get, jsonOf, makeRoom, readLines, startRooms, upload } from './room-server.ts';

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('a server holds', () => {
  it('so many rooms and no more, until one is erased', async () => {
    const { server } = await startRooms({ roomLimits: { rooms: 2 } });
    const id = await makeRoom(server, 'a');
    await makeRoom(server, 'b');
    const { error } = await jsonOf(post(server, '/v1/rooms', { name: 'c' }), 409);
    expect(error).toMatchObject({
      code: 'too_many_rooms',
      message: expect.stringContaining('at most 2 rooms'),
    });
    await jsonOf(erase(server, `/v1/rooms/${id}`));
    await makeRoom(server, 'c');
  });

  it('of rooms asked for at once no more either', async () => {
    const { server } = await startRooms({ roomLimits: { rooms: 3 } });
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, i) => post(server, '/v1/rooms', { name: `${i}` })),
    );
    expect(made.filter(({ status }) => status === 200)).toHaveLength(3);
  });
});

describe('a room holds', () => {
  it('so many documents, whoever sends them at once; what is there already is no more', async () => {
    const { server } = await startRooms({ roomLimits: { documents: 2 } });
    const id = await makeRoom(server);
    const sent = await Promise.all([1, 2, 3, 4].map((i) => upload(server, id, { text: `Leçon ${i}.` })));
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
    const refused = sent.find(({ status }) => status === 409)!;
    expect((await refused.json()).error).toMatchObject({ code: 'room_full', param: 'file' });
    await jsonOf(erase(server, `/v1/rooms/${id}/documents/1`));
    await jsonOf(upload(server, id, { text: 'Leçon 5.' }));
  });

  it('so many bytes of files', async () => {
    const { server } = await startRooms({ roomLimits: { bytes: 1 << 20 } });
    const id = await makeRoom(server);
    const half = (i: number) => `Leçon ${i}.\n<!--${'x'.repeat(600_000)}`;
    await jsonOf(upload(server, id, { text: half(1) }));
    const { error } = await jsonOf(upload(server, id, { text: half(2) }), 409);
    expect(error).toMatchObject({ code: 'room_full', message: expect.stringContaining('1 MiB') });
    expect((await jsonOf(upload(server, id, { text: half(1) }))).duplicate).toBe(true);
    await jsonOf(upload(server, id, { text: 'Une petite leçon.' }));
  });

  it('a full room says so before a byte of a file is read', async () => {
    const { server } = await startRooms({ roomLimits: { documents: 0 } });
    const id = await makeRoom(server);
    let pulled = 0;
    const body = new ReadableStream(
      {
        pull(controller) {
          pulled++;
          controller.enqueue(new Uint8Array(1024));
        },
      },
      { highWaterMark: 0 },
    );
    const response = await server.app.request(`/v1/rooms/${id}/documents`, {
      method: 'POST',
      body,
      ...{ duplex: 'half' },
    });
    expect((await jsonOf(response, 409)).error.code).toBe('room_full');
    expect(pulled).toBe(0);
  });
});

it('four copies of rooms that are being read keep a fifth away, until one is let go', async () => {
  const { server } = await startRooms();
  const id = await makeRoom(server);
  const path = `/v1/rooms/${id}/export`;
  const copies = [await get(server, path), await get(server, path), await get(server, path)];
  expect((await server.app.request(path, { method: 'HEAD' })).status).toBe(200);
  copies.push(await get(server, path));
  expect((await jsonOf(get(server, path), 429)).error.code).toBe('too_many_exports');
  await copies[0]!.body!.cancel();
  await copies[1]!.arrayBuffer();
  // A place is free when its copy is off the disk.
  const again = () =>
    expect.poll(async () => (await get(server, path)).status, { timeout: 20_000 }).toBe(200);
  await again();
});

describe('who stalls', () => {
  it('in the middle of an upload is cut off, and frees the place', async () => {
    const { server } = await startRooms({ roomLimits: { stallMs: 50 } });
    const id = await makeRoom(server);
    const stalled = Array.from({ length: 8 }, () =>
      server.app.request(`/v1/rooms/${id}/documents`, {
        method: 'POST',
        body: new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(9)) }),
        ...{ duplex: 'half' },
      }),
    );
    for (const response of await Promise.all(stalled)) {
      expect((await jsonOf(response, 408)).error.code).toBe('upload_stalled');
    }
    await jsonOf(upload(server, id, { text: 'Leçon.' }));
  });

  it('over HTTP is answered, too', async () => {
    const { server } = await startRooms({ roomLimits: { stallMs: 50 } });
    const id = await makeRoom(server);
    const { url, close } = await server.listen({ port: 0 });
    const status = await new Promise((resolve, reject) => {
      const client = request(`${url}/v1/rooms/${id}/documents`, { method: 'POST' }, (response) => {
        resolve(response.statusCode);
        client.destroy();
      }).on('error', reject);
      client.write('Leçon');
    });
    expect(status).toBe(408);
    await close(0);
  });

  it('in the middle of a download is cut off, and frees the place', async () => {
    const { server } = await startRooms({ roomLimits: { stallMs: 50 } });
    const id = await makeRoom(server);
    await jsonOf(upload(server, id, { text: `Leçon.\n<!--${'x'.repeat(3_000_000)}` }));
    for (const path of [`/v1/rooms/${id}/export`, `/v1/rooms/${id}/documents/1/file`]) {
      for (let i = 0; i < 5; i++) {
        const response = await get(server, path);
        expect(response.status).toBe(200);
        await expect(response.body!.getReader().closed).rejects.toThrow('nobody reads on');
      }
    }
    await jsonOf(erase(server, `/v1/rooms/${id}`));
  });

  it('and whoever takes its time does not, while bytes come', async () => {
    const { server } = await startRooms({ roomLimits: { stallMs: 400 } });
    const id = await makeRoom(server);
    let left = 6;
    const body = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        if (left-- === 0) controller.close();
        else controller.enqueue(new TextEncoder().encode('mot '));
      },
    });
    const response = await server.app.request(`/v1/rooms/${id}/documents`, {
      method: 'POST',
      body,
      ...{ duplex: 'half' },
    });
    expect((await jsonOf(response)).bytes).toBe(24);
  });
});

it('a document that takes long to read keeps nobody from removing and exporting', async () => {
  let letGo = () => {};
  const slow = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let reading = false;
  const { server } = await startRooms(
    {},
    {
      async parseDocument(bytes, name) {
        if (name === 'long.txt') {
          reading = true;
          await slow;
        }
        return readLines(bytes, name);
      },
    },
  );
  const id = await makeRoom(server);
  await jsonOf(upload(server, id, { text: 'Leçon 1.' }));
  const long = upload(server, id, { name: 'long.txt', text: 'Leçon 2.' });
  await until(() => reading);
  await jsonOf(erase(server, `/v1/rooms/${id}/documents/1`));
  expect((await get(server, `/v1/rooms/${id}/export`)).status).toBe(200);
  letGo();
  expect((await jsonOf(long)).name).toBe('long.txt');
  expect((await jsonOf(get(server, `/v1/rooms/${id}/documents`))).data).toHaveLength(1);
});
