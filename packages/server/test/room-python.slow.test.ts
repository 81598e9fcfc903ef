import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openaiPython } from './peer-openai.ts';
import { makeRoom, startRooms, upload, VOLCANS } from './room-server.ts';

const found = await openaiPython();
const reason = 'why' in found ? ` (skipped: ${found.why})` : '';

describe.skipIf(reason)(`a room as a model of the openai client of PyPI${reason}`, () => {
  it('answers whole and as a stream, with annotations on the very words that they prove', async () => {
    const { server } = await startRooms();
    const id = await makeRoom(server);
    await upload(server, id, { name: 'volcans.txt', text: VOLCANS });
    const { url, close } = await server.listen({ port: 0 });
    try {
      const { stdout } = await promisify(execFile)((found as { path: string }).path, [
        join(import.meta.dirname, 'ask_room.py'),
        `${url}/v1`,
        'none',
        `room:${id}`,
        'D’où remonte le magma ?',
      ]);
      const seen = JSON.parse(stdout);
      expect(seen.models).toEqual(['nano', `room:${id}`]);
      expect(seen.whole.annotations[0]).toEqual({
        type: 'url_citation',
        text: 'Le magma remonte par la cheminée.',
        title: 'volcans',
        url: `${url}/v1/rooms/${id}/documents/1/file#page=2`,
      });
      expect(seen.streamed).toEqual({
        content: seen.whole.content,
        annotations: seen.whole.annotations.length,
        finish: 'stop',
      });
      expect(seen.refused).toEqual({ code: 'unsupported_parameter', param: 'n' });
    } finally {
      await close(0);
    }
  });
});
