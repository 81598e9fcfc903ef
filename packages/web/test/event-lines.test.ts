import { describe, expect, it } from 'vitest';
import { eventData } from '../src/page/event-lines.ts';

function stream(pieces: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

async function read(pieces: Uint8Array[]): Promise<string[]> {
  const data = [];
  for await (const each of eventData(stream(pieces))) data.push(each);
  return data;
}

describe('server-sent events', () => {
  const bytes = new TextEncoder().encode('data: {"a":"été"}\n\n: remark\n\ndata: 2\r\n\r\ndata:[DONE]');

  it('come whole wherever the pieces are cut', async () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(await read([bytes.slice(0, cut), bytes.slice(cut)])).toEqual(['{"a":"été"}', '2', '[DONE]']);
    }
    expect(await read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([
      '{"a":"été"}',
      '2',
      '[DONE]',
    ]);
  });

  it('tell the sender when the reader leaves', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
      cancel() {
        cancelled = true;
      },
    });
    for await (const data of eventData(endless)) if (data === 'x') break;
    expect(cancelled).toBe(true);
  });
});
