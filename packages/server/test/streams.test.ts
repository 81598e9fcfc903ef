import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChunkWriter } from '../src/api/chunk-writer.ts';
import { EventStream, MAX_PENDING } from '../src/api/event-stream.ts';
import { chatWording } from '../src/api/wording.ts';
import { dataLines, HI, post, start } from './requests.ts';
import { ScriptedModel, SteppingModel } from './scripted-model.ts';

const path = '/v1/chat/completions';
const ask = { model: 'nano', messages: HI, stream: true };

afterEach(() => void vi.useRealTimers());

async function comments(response: Response): Promise<string[]> {
  const text = await response.text();
  return text.split('\n\n').filter((event) => event.startsWith(': '));
}

describe('waiting in line', () => {
  it('tells the place in a header and in comments as it changes', async () => {
    const { server } = start(new ScriptedModel({ line: 3, lineMs: 700 }));
    const response = await post(server, path, ask);
    // Held back for a second, in which a place was left; on a slow machine two.
    const first = Number(response.headers.get('x-queue-place'));
    expect([1, 2]).toContain(first);
    expect(await comments(response)).toEqual([': place 2', ': place 1', ': place 0'].slice(2 - first));
  });

  it('says nothing of a line to who does not wait', async () => {
    const { server } = start();
    const response = await post(server, path, ask);
    expect(response.headers.has('x-queue-place')).toBe(false);
    expect(await comments(response)).toEqual([]);
  });

  it('keeps a silent stream alive every 15 seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const { server } = start(new SilentModel());
    const asked = post(server, path, ask);
    await vi.advanceTimersByTimeAsync(1100);
    const response = await asked;
    const text = response.text();
    await vi.advanceTimersByTimeAsync(45_000);
    SilentModel.wake();
    expect((await text).match(/^: place 0$/gm)).toHaveLength(3);
  });

  it('tells its time in line', async () => {
    const { server } = start(new ScriptedModel({ line: 2, lineMs: 20 }));
    const body = await (await post(server, path, { ...ask, stream: false })).json();
    expect(body.lucie.queued_ms).toBeGreaterThanOrEqual(30);
    const other = await (await post(start().server, path, { ...ask, stream: false })).json();
    expect(other.lucie).toEqual({ energy: { joules: 3.5, method: 'estimate' }, gate: null, queued_ms: 0 });
  });
});

/** Says nothing until it is woken. */
class SilentModel extends ScriptedModel {
  static wake: () => void = () => {};

  override generate(request: Parameters<ScriptedModel['generate']>[0]) {
    const answer = super.generate(request);
    const woken = new Promise<void>((resolve) => {
      SilentModel.wake = resolve;
    });
    const words = answer[Symbol.asyncIterator].bind(answer);
    answer[Symbol.asyncIterator] = async function* () {
      await woken;
      yield* { [Symbol.asyncIterator]: words };
    };
    return answer;
  }
}

describe('deadlines', () => {
  it('over in line: 504, streamed or not, counted as such', async () => {
    for (const stream of [true, false]) {
      const { server } = start(new ScriptedModel({ line: 2, lineMs: 20 }));
      const response = await post(server, path, { ...ask, stream, deadline_ms: 5 });
      expect(response.status).toBe(504);
      expect((await response.json()).error).toMatchObject({
        code: 'deadline_exceeded',
        type: 'server_error',
        param: 'deadline_ms',
      });
    }
  });

  it('over at work: what was written, cut, and said', async () => {
    const { server } = start(new ScriptedModel({ reply: () => 'mot '.repeat(50), delayMs: 10 }));
    const request = { ...ask, stream: false, deadline_ms: 60 };
    const body = await (await post(server, path, request)).json();
    expect(body.choices[0].finish_reason).toBe('length');
    expect(body.choices[0].message.content).toMatch(/^mot( mot)*$/);
    expect(body.lucie.deadline).toBe(true);
    expect(body.usage.completion_tokens).toBeLessThan(50);
  });
});

describe('several choices', () => {
  it('whole: each by its own seed, counted together, the prompt once', async () => {
    const { model, server } = start();
    const body = await (await post(server, path, { ...ask, stream: false, n: 3, seed: 40 })).json();
    expect(body.choices.map((choice: { index: number }) => choice.index)).toEqual([0, 1, 2]);
    expect(model.calls.map(({ request }) => request.seed)).toEqual([40, 41, 42]);
    expect(body.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 21, total_tokens: 24 });
    expect(body.lucie.energy.joules).toBeCloseTo(3 * 3.5, 6);
  });

  it('streamed: each with its role, text and end, the cost last', async () => {
    const { server } = start();
    const lines = await dataLines(await post(server, path, { ...ask, n: 2 }));
    expect(lines.pop()).toBe('[DONE]');
    const chunks = lines.map((line) => JSON.parse(line));
    for (const index of [0, 1]) {
      const own = chunks.flatMap((chunk) => chunk.choices).filter((choice) => choice.index === index);
      expect(own[0].delta.role).toBe('assistant');
      expect(own.map((choice) => choice.delta.content ?? '').join('')).toBe('Vous avez dit : bonjour à tous');
      expect(own.filter((choice) => choice.finish_reason === 'stop')).toHaveLength(1);
    }
    expect(chunks.map((chunk) => 'lucie' in chunk)).toEqual([...Array(chunks.length - 1).fill(false), true]);
  });

  it('when one cannot begin, the others end', async () => {
    const model = new ScriptedModel({ delayMs: 1 });
    const generate = model.generate.bind(model);
    model.generate = (request) => {
      if (model.calls.length === 1) throw new Error('full');
      return generate(request);
    };
    const { server } = start(model);
    expect((await post(server, path, { ...ask, n: 2 })).status).toBe(500);
    expect(model.calls[0]!.request.signal.aborted).toBe(true);
  });
});

describe('an event stream', () => {
  const tick = () => new Promise((resolve) => setImmediate(resolve));

  it('sends what comes in one tick in one write', async () => {
    const stream = new EventStream();
    const writes: string[] = [];
    stream.attach({ write: (text) => writes.push(text) > 0, end() {}, drop() {} });
    for (const word of ['a', 'b']) {
      await Promise.resolve();
      stream.send(word);
    }
    await tick();
    expect(writes).toEqual(['data: a\n\ndata: b\n\n']);
  });

  it('rests 40 ms after a write; the end waits for nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stream = new EventStream();
    const writes: string[] = [];
    let held = 'c';
    stream.onDrain = () => {
      if (held) stream.send(held);
      held = '';
    };
    stream.attach({ write: (text) => writes.push(text) > 0, end: () => void writes.push('end'), drop() {} });
    stream.send('a');
    await tick();
    expect(stream.waiting).toBe(true);
    stream.send('b');
    await tick();
    expect(writes).toEqual(['data: a\n\n']);
    vi.advanceTimersByTime(40);
    expect(writes).toEqual(['data: a\n\n', 'data: b\n\ndata: c\n\n']);
    vi.advanceTimersByTime(40);
    expect(stream.waiting).toBe(false);
    stream.send('d');
    await tick();
    stream.send('e');
    stream.end();
    expect(writes.slice(2)).toEqual(['data: d\n\n', 'data: e\n\n', 'end']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps what was sent before anybody listened, and ends once', () => {
    const stream = new EventStream();
    stream.comment('place 1');
    stream.send('a');
    stream.end();
    const writes: string[] = [];
    let ends = 0;
    stream.attach({ write: (text) => writes.push(text) > 0, end: () => void ends++, drop() {} });
    stream.drained();
    expect([writes, ends]).toEqual([[': place 1\n\ndata: a\n\n'], 1]);
  });

  it('does not write to a reader who is slow, nor to one who is gone', async () => {
    const stream = new EventStream();
    const writes: string[] = [];
    let gone = 0;
    stream.onGone = () => void gone++;
    stream.attach({ write: (text) => writes.push(text) < 0, end() {}, drop() {} });
    stream.send('a');
    await tick();
    expect(stream.waiting).toBe(true);
    stream.send('b');
    await tick();
    expect(writes).toEqual(['data: a\n\n']);
    stream.drained();
    expect(writes).toEqual(['data: a\n\n', 'data: b\n\n']);
    stream.leave();
    stream.leave();
    stream.drained();
    stream.send('c');
    await tick();
    expect([writes.length, gone]).toEqual([2, 1]);
  });
});

it('a reader who is too far behind is dropped, and what waited for him with him', async () => {
  const events = new EventStream();
  let dropped = 0;
  let gone = 0;
  events.onGone = () => void gone++;
  events.attach({ write: () => false, end() {}, drop: () => void dropped++ });
  events.send('a');
  await new Promise((resolve) => setImmediate(resolve));
  const long = 'x'.repeat(MAX_PENDING / 8);
  for (let i = 0; i < 7; i++) events.send(long);
  expect([dropped, gone]).toEqual([0, 0]);
  for (let i = 0; i < 7; i++) events.send(long);
  expect([dropped, gone]).toEqual([1, 1]);
});

it('for a slow reader log probabilities wait as text, each token’s own', async () => {
  const events = new EventStream();
  const sent: string[] = [];
  events.send = (data) => void sent.push(data);
  events.attach({ write: () => false, end() {}, drop() {} });
  const writer = new ChunkWriter(events, chatWording, {
    ...{ model: 'nano', choices: 1, logprobs: true, includeUsage: false },
  });
  events.comment('a');
  await new Promise((resolve) => setImmediate(resolve));
  expect(events.waiting).toBe(true);
  const bytes = new TextEncoder().encode('un');
  for (let i = 0; i < 3; i++) writer.piece(0, { text: 'un', bytes, logprob: -1, top: [] });
  // The opening, and one for each token.
  expect(sent).toHaveLength(4);
});

it('what was held back for a slow reader comes as soon as he reads, as one event', async () => {
  const events = new EventStream();
  const writes: string[] = [];
  events.attach({ write: (text) => writes.push(text) > 1, end() {}, drop() {} });
  const writer = new ChunkWriter(events, chatWording, {
    ...{ model: 'nano', choices: 1, logprobs: false, includeUsage: false },
  });
  const tick = () => new Promise((resolve) => setImmediate(resolve));
  for (const text of ['un', ' deux', ' trois']) {
    writer.piece(0, { text, bytes: new TextEncoder().encode(text) });
    await tick();
  }
  expect(writes).toHaveLength(1);
  events.drained();
  expect(writes).toHaveLength(2);
  expect(JSON.parse(writes[1]!.slice('data: '.length)).choices[0].delta.content).toBe(' deux trois');
});

it('a slow reader holds no engine: the rest of the answer is put together and complete', async () => {
  const said = Array.from({ length: 3000 }, (_, i) => `mot${i}`).join(' ');
  const model = new SteppingModel({ reply: () => said, contextSize: 10_000 });
  const { server } = start(model);
  const response = await post(server, path, ask);
  // Nobody reads, and the engine ends all the same.
  while (model.calls[0]!.answer.finishReason === undefined)
    await new Promise((resolve) => setImmediate(resolve));
  const chunks = (await dataLines(response)).slice(0, -1).map((line) => JSON.parse(line));
  expect(chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join('')).toBe(said);
  // Far fewer events than tokens: what waited is one of them.
  expect(chunks.length).toBeLessThan(500);
});
