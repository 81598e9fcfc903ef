import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases, conformingServer, judge } from './conformance.ts';
import { type Observed, observe } from './conformance-client.ts';

let server: Awaited<ReturnType<typeof conformingServer>>;
const all = new Map<string, Observed>();

beforeAll(async () => {
  server = await conformingServer();
  for (const each of cases) {
    const apiKey = each.key === 'limited' ? server.limited : (each.key ?? server.key);
    const client = new OpenAI({ baseURL: server.baseURL, apiKey, maxRetries: 0 });
    all.set(each.name, await observe(client, each));
  }
});
afterAll(() => server[Symbol.asyncDispose]());

describe('the openai npm client', () => {
  it.each(cases)('$name', (each) => judge(each, all));

  it('leaves the engine idle', async () => {
    while (server.engine.load.active + server.engine.load.waiting > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(server.engine.load).toEqual({ active: 0, waiting: 0 });
  });
});
