import { describe, expect, it } from 'vitest';
import type { addDocument } from '../src/page/room/add-document.ts';
import { RoomError } from '../src/page/room/room-api.ts';
import { RoomUploads } from '../src/page/room/room-uploads.ts';

type Taken = Awaited<ReturnType<typeof addDocument>>;

/** A server that answers when the test says so. */
function start() {
  const sent: { name: string; take: (duplicate?: boolean) => void; fail: (error: unknown) => void }[] = [];
  const queue = new RoomUploads('6e', (_room, file, { signal, onSent }) => {
    onSent(1);
    const { promise, resolve, reject } = Promise.withResolvers<Taken>();
    signal.addEventListener('abort', () => reject(signal.reason));
    sent.push({
      name: file.name,
      take: (duplicate = false) => resolve({ duplicate } as Taken),
      fail: reject,
    });
    return promise;
  });
  const states = () => queue.all.map(({ name, state }) => `${name} ${state}`);
  return { queue, sent, states };
}

const file = (name: string) => new File(['texte'], name);
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('files on their way into a room', () => {
  it('go one after the other, and leave the list once the room shows them', async () => {
    const { queue, sent, states } = start();
    const added: string[] = [];
    let shown = () => {};
    queue.onAdded = (name) => {
      added.push(name);
      return new Promise((resolve) => {
        shown = resolve;
      });
    };
    queue.choose([file('a'), file('b')]);
    expect(states()).toEqual(['a reading', 'b waiting']);
    sent[0]!.take();
    await settled();
    expect(states()).toEqual(['a added', 'b reading']);
    shown();
    await settled();
    expect(states()).toEqual(['b reading']);
    sent[1]!.take(true);
    await settled();
    expect(states()).toEqual(['b duplicate']);
    expect(added).toEqual(['a']);
  });

  it('go on while nobody looks, and tell whoever watches of every change', async () => {
    const { queue, sent, states } = start();
    let told = 0;
    const stop = queue.watch(() => told++);
    queue.choose([file('a'), file('b')]);
    stop();
    const before = told;
    expect(before).toBeGreaterThan(0);
    sent[0]!.take();
    await settled();
    sent[1]!.take();
    await settled();
    expect(states()).toEqual([]);
    expect(told).toBe(before);
  });

  it('are sent again when asked, unless the fault is in the file', async () => {
    const { queue, sent, states } = start();
    queue.choose([file('a'), file('b'), new File([], 'c')]);
    sent[0]!.fail(new RoomError('busy'));
    await settled();
    sent[1]!.fail(new RoomError('document_broken'));
    await settled();
    expect(states()).toEqual(['a failed', 'b failed', 'c failed']);
    for (const { id } of queue.all) queue.retry(id);
    expect(states()).toEqual(['a reading', 'b failed', 'c failed']);
    sent[2]!.take();
    await settled();
    expect(sent.map(({ name }) => name)).toEqual(['a', 'b', 'a']);
    expect(states()).toEqual(['b failed', 'c failed']);
  });

  it('are cancelled in line and on their way', async () => {
    const { queue, sent, states } = start();
    queue.choose([file('a'), file('b'), file('c')]);
    queue.cancel(2);
    queue.cancel(1);
    await settled();
    expect(states()).toEqual(['a cancelled', 'b cancelled', 'c reading']);
    expect(sent.map(({ name }) => name)).toEqual(['a', 'c']);
  });
});
