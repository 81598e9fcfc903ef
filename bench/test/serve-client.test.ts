import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PlannedRequest } from '../serve/plan.ts';
import { runClient } from '../serve/run-client.ts';

/** A server whose answers are known: `n` texts, or what the prompt asks for. */
class Scripted {
  seen: { path: string; prompt: string }[] = [];
  atOnce = 0;
  most = 0;
  hungUp = 0;
  #server = createServer((request, response) => void this.#answer(request, response));

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.most = Math.max(this.most, ++this.atOnce);
    response.once('close', () => {
      this.atOnce--;
      if (!response.writableFinished) this.hungUp++;
    });
    let text = '';
    for await (const chunk of request) text += chunk;
    const { prompt } = JSON.parse(text) as { prompt: string };
    this.seen.push({ path: request.url!, prompt });
    if (prompt === 'fault') {
      response.writeHead(500).end('{"error":{"message":"broken"}}');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (prompt === 'cut') {
      response.end('data: {"choices":[{"text":"a"}]}\n\n');
      return;
    }
    if (prompt === 'never') return;
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    for (const event of [
      { choices: [{ text: 'a' }] },
      { choices: [{ text: 'b' }] },
      { choices: [], usage },
    ]) {
      response.write(`data: ${JSON.stringify(event)}\n\n`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    response.end('data: [DONE]\n\n');
  }
}

const ask = (prompt: string, changes: Partial<PlannedRequest> = {}): PlannedRequest => ({
  ...{ path: '/v1/completions', body: { prompt } },
  ...changes,
});

describe('the client', () => {
  let server: Scripted;
  let port: number;
  beforeEach(async () => {
    server = new Scripted();
    port = await server.listen();
  });
  afterEach(() => server.close());

  test('warms first, then keeps as many under way as there are workers', async () => {
    const requests = Array.from({ length: 9 }, (_, i) => ask(`p${i}`));
    const report = await runClient({ port, warm: [ask('warm')], requests, workers: 3 });
    expect(server.seen[0]!.prompt).toBe('warm');
    expect(new Set(server.seen.map(({ prompt }) => prompt)).size).toBe(10);
    expect(server.most).toBe(3);
    expect(report.warm).toHaveLength(1);
    expect(report.requests).toHaveLength(9);
    for (const { status, sent, first, end, promptTokens, completionTokens, error } of report.requests) {
      expect({ status, promptTokens, completionTokens, error }).toEqual({
        ...{ status: 200, promptTokens: 3, completionTokens: 2, error: undefined },
      });
      expect(sent).toBeLessThanOrEqual(first!);
      expect(first!).toBeLessThan(end);
    }
  });

  test('sends at its time, whatever else is under way', async () => {
    const requests = [ask('late', { at: 300 }), ask('soon', { at: 0 })];
    const report = await runClient({ port, warm: [], requests, workers: 0 });
    expect(server.seen.map(({ prompt }) => prompt)).toEqual(['soon', 'late']);
    expect(report.requests[0]!.sent).toBeGreaterThanOrEqual(299);
    expect(report.requests[1]!.sent).toBeLessThan(300);
  });

  test('hangs up, and tells failures and cut answers from good ones', async () => {
    const requests = [ask('never', { cancelAfter: 50 }), ask('fault'), ask('cut'), ask('good')];
    const report = await runClient({ port, warm: [], requests, workers: 4 });
    const [never, fault, cut, good] = report.requests;
    expect(never).toMatchObject({ cancelled: true });
    expect(never!.error).toBeUndefined();
    expect(fault).toMatchObject({ status: 500, cancelled: false, error: expect.stringContaining('broken') });
    expect(cut).toMatchObject({ status: 200, error: expect.anything() });
    expect(good!.error).toBeUndefined();
    expect(server.hungUp).toBe(1);
  });

  test('watches the memory of a process', async () => {
    const ended: number[] = [];
    const requests = Array.from({ length: 6 }, (_, i) => ask(`p${i}`));
    const plan = { port, pid: process.pid, warm: [], requests, workers: 1, memoryEvery: 2 };
    const report = await runClient(plan, (count) => ended.push(count));
    expect(report.memory.map((reading) => reading.ended)).toEqual([2, 4, 6]);
    for (const { bytes } of report.memory) expect(bytes).toBeGreaterThan(10_000_000);
    expect(ended.at(-1)).toBe(6);
  });
});
