import { mkdtemp } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createServer, type LucieServer, type ServerOptions } from '../src/index.ts';
import { newApiKey } from '../src/keys/api-key.ts';
import { KeyStore } from '../src/keys/key-store.ts';
import { isLoopbackAddress } from '../src/listen/from-this-machine.ts';
import { METRIC_LABELS, Metrics, type ModelState } from '../src/operate/metrics.ts';
import { HI, post } from './requests.ts';
import { ScriptedModel, served } from './scripted-model.ts';

const STATS: ModelState['stats'] = {
  active: 2,
  waiting: 3,
  stepMsLast: 40,
  stepMsMax: 120,
  cells: 1000,
  cellsTotal: 4096,
  prefixHits: 5,
  evictions: 1,
  preemptions: 0,
};
const CHAT = '/v1/chat/completions';
const slow = () => new ScriptedModel({ reply: () => 'mot '.repeat(40), delayMs: 5 });

/** A server whose log is kept line by line, as it is written. */
function start(options: Partial<ServerOptions> = {}, model = new ScriptedModel()) {
  const lines: string[] = [];
  // The logger of the ledger, down to its finest level.
  const log = pino({ base: null, level: 'trace' }, { write: (line) => void lines.push(line) });
  return { lines, model, server: createServer({ models: [served(model)], log, ...options }) };
}

async function metricsOf(server: LucieServer, key?: string) {
  const response = await server.app.request('/metrics', {
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return response.text();
}

/** One sample of Prometheus' text: its value, or undefined. */
function sample(text: string, name: string): number | undefined {
  const line = text.split('\n').find((line) => line.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('readiness', () => {
  it('is not there while something loads, nor for good once the server stops; health is', async () => {
    const { server } = start();
    const ready = async () => {
      const response = await server.app.request('/ready');
      return [response.status, (await response.json()).reason];
    };
    const one = server.readiness.loading();
    const two = server.readiness.loading();
    expect(await ready()).toEqual([503, 'loading']);
    one[Symbol.dispose]();
    expect(await ready()).toEqual([503, 'loading']);
    two[Symbol.dispose]();
    expect(await ready()).toEqual([200, undefined]);
    server.readiness.stop();
    expect(await ready()).toEqual([503, 'stopping']);
    expect((await server.app.request('/health')).status).toBe(200);
  });

  it('ends where the line is full, and comes back', async () => {
    const { server, model } = start({ maxActive: 1 }, slow());
    const answer = post(server, CHAT, { model: 'nano', messages: HI });
    await until(() => model.calls.length === 1);
    expect(await (await server.app.request('/ready')).json()).toEqual({
      status: 'not_ready',
      reason: 'busy',
    });
    await (await answer).text();
    expect((await server.app.request('/ready')).status).toBe(200);
  });

  it('is told on the open port while the last answers are being written', async () => {
    const { server, model } = start({}, slow());
    const { url, close } = await server.listen({ port: 0 });
    const ask = JSON.stringify({ model: 'nano', messages: HI });
    const send = () =>
      fetch(`${url}${CHAT}`, { method: 'POST', body: ask, headers: { 'content-type': 'application/json' } });
    const answer = send();
    await until(() => model.calls.length === 1);
    const closed = close(60_000);
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'not_ready', reason: 'stopping' });
    const refused = await send();
    expect([refused.status, (await refused.json()).error.code]).toEqual([503, 'stopping']);
    expect((await (await answer).json()).choices[0].finish_reason).toBe('stop');
    await closed;
    await expect(fetch(`${url}/ready`)).rejects.toThrow();
  });
});

describe('metrics', () => {
  it('count requests, answers and tokens', async () => {
    const { server } = start({ modelStates: () => [{ name: 'nano', stats: STATS, memoryBytes: 7e8 }] });
    await (await post(server, CHAT, { model: 'nano', messages: HI })).text();
    await (await post(server, CHAT, { model: 'nano', messages: HI, stream: true })).text();
    await post(server, CHAT, '{');
    await post(server, CHAT, { model: 'nano', messages: HI }, { origin: 'http://evil.example' });
    await server.app.request('/nowhere/at/all');
    const text = await metricsOf(server);
    expect(sample(text, `lucie_http_requests_total{route="${CHAT}",status="200"}`)).toBe(2);
    expect(sample(text, `lucie_http_requests_total{route="${CHAT}",status="400"}`)).toBe(1);
    expect(sample(text, 'lucie_http_requests_total{route="other",status="403"}')).toBe(1);
    expect(sample(text, 'lucie_http_requests_total{route="other",status="404"}')).toBe(1);
    expect(sample(text, 'lucie_answers_total{model="nano"}')).toBe(2);
    expect(sample(text, 'lucie_prompt_tokens_total{model="nano"}')).toBe(6);
    expect(sample(text, 'lucie_completion_tokens_total{model="nano"}')).toBe(14);
    expect(sample(text, 'lucie_time_to_first_token_seconds_count{model="nano"}')).toBe(2);
    expect(sample(text, 'lucie_time_per_token_seconds_count{model="nano"}')).toBe(2);
    expect(sample(text, 'lucie_model_loaded{model="nano"}')).toBe(1);
    expect(sample(text, 'lucie_waiting{model="nano"}')).toBe(3);
    expect(sample(text, 'lucie_step_seconds{model="nano"}')).toBe(0.04);
    expect(sample(text, 'lucie_cells_used{model="nano"}')).toBe(1000);
    expect(sample(text, 'lucie_model_memory_bytes{model="nano"}')).toBe(7e8);
    expect(sample(text, 'lucie_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(sample(text, 'lucie_event_loop_delay_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('forget a model that is no longer loaded', async () => {
    let states: ModelState[] = [{ name: 'nano', stats: STATS }];
    const { server } = start({ modelStates: () => states });
    expect(sample(await metricsOf(server), 'lucie_model_loaded{model="nano"}')).toBe(1);
    states = [];
    expect(await metricsOf(server)).not.toContain('model="nano"');
  });

  it('turn figures into Prometheus’ units', async () => {
    using metrics = new Metrics(() => []);
    metrics.countAnswer({
      model: 'nano',
      finish: 'stop',
      promptTokens: 100,
      cachedTokens: 90,
      completionTokens: 11,
      queuedMs: 500,
      firstTokenMs: 2000,
      totalMs: 3000,
      joules: 12.5,
    });
    const { body } = await metrics.text();
    expect(sample(body, 'lucie_time_to_first_token_seconds_sum{model="nano"}')).toBe(2);
    expect(sample(body, 'lucie_time_per_token_seconds_sum{model="nano"}')).toBeCloseTo(0.1, 12);
    expect(sample(body, 'lucie_queue_seconds_sum{model="nano"}')).toBe(0.5);
    expect(sample(body, 'lucie_reused_tokens_total{model="nano"}')).toBe(90);
    expect(sample(body, 'lucie_energy_joules_total{model="nano"}')).toBe(12.5);
  });

  it('are for this machine, or for a key with that scope; a proxy’s word for it is not enough', async () => {
    const open = start().server;
    const forwarded = { 'x-forwarded-for': '127.0.0.1' };
    const get = (headers: Record<string, string>) => open.app.request('/metrics', { headers });
    expect((await get({})).status).toBe(200);
    expect((await (await get(forwarded)).json()).error.code).toBe('metrics_local_only');

    const keys = new KeyStore(await mkdtemp(join(tmpdir(), 'metrics-')));
    const talks = await keys.create({ name: 'talks' });
    const watches = await keys.create({ name: 'watches', scopes: ['metrics'] });
    const { server } = start({ keys });
    // A proxy on this machine need not say that it is one: without its header it looks like this machine.
    const status = async (key?: string) =>
      (
        await server.app.request('/metrics', {
          headers: { ...(key ? { authorization: `Bearer ${key}` } : {}) },
        })
      ).status;
    expect([await status(), await status(talks.key), await status(watches.key)]).toEqual([401, 403, 200]);
  });

  it('are not for a machine of the network', async (context) => {
    const address = Object.values(networkInterfaces())
      .flat()
      .find((known) => known && !known.internal && known.family === 'IPv4')?.address;
    if (address === undefined) return context.skip('this machine has no address but its own');
    const { url, close } = await start().server.listen({ port: 0, host: '0.0.0.0' });
    try {
      const { port } = new URL(url);
      expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
      // From and to an address of the network, as another machine would come.
      expect((await fetch(`http://${address}:${port}/metrics`)).status).toBe(403);
    } finally {
      await close(0);
    }
  });

  it('know this machine by its loopback addresses alone', () => {
    for (const here of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])
      expect(isLoopbackAddress(here)).toBe(true);
    for (const there of [
      '',
      '10.0.0.1',
      '0.0.0.0',
      '::',
      '::2',
      '1270.0.0.1',
      '127.0.0.1.example',
      'fe80::1',
      '::ffff:10.0.0.1',
    ]) {
      expect(isLoopbackAddress(there)).toBe(false);
    }
  });
});

describe('nothing personal', () => {
  // One word for each place where something personal can be put.
  const CANARIES = [
    'Prompt',
    'System',
    'Room',
    'Person',
    'Header',
    'Path',
    'Query',
    'Agent',
    'Model',
    'Id',
    'KeyName',
    'Answer',
  ].map((place) => `canari${place}7Qx`);
  const canary = (place: string) => `canari${place}7Qx`;

  async function run() {
    const keys = new KeyStore(await mkdtemp(join(tmpdir(), 'canaries-')));
    const { key, record } = await keys.create({ name: canary('KeyName'), requestsPerMinute: 6 });
    const model = new ScriptedModel({
      reply: (prompt) => {
        if (prompt.includes('throw')) throw new Error(`failed on ${prompt}`);
        return `${canary('Answer')} oui`;
      },
    });
    const { server, lines } = start({ keys, modelStates: () => [{ name: 'nano', stats: STATS }] }, model);
    const headers = {
      authorization: `Bearer ${key}`,
      'x-lucie': canary('Header'),
      'x-request-id': canary('Id'),
      'user-agent': canary('Agent'),
      'x-forwarded-for': '203.0.113.77',
    };
    const body = {
      model: 'nano',
      room: canary('Room'),
      person: canary('Person'),
      user: canary('Person'),
      messages: [
        { role: 'system', content: canary('System') },
        { role: 'user', content: canary('Prompt') },
      ],
    };
    const replies: Response[] = [];
    replies.push(await post(server, CHAT, body, headers));
    replies.push(await post(server, CHAT, { ...body, stream: true }, headers));
    replies.push(await post(server, CHAT, { ...body, model: canary('Model') }, headers));
    replies.push(
      await post(server, `${CHAT}?q=${canary('Query')}`, { ...body, messages: canary('Prompt') }, headers),
    );
    replies.push(
      await post(server, '/v1/completions', { model: 'nano', prompt: `throw ${canary('Prompt')}` }, headers),
    );
    replies.push(await server.app.request(`/v1/models/${canary('Path')}`, { headers }));
    replies.push(await server.app.request(`/${canary('Path')}`, { headers }));
    replies.push(await post(server, CHAT, body, headers));
    replies.push(await post(server, CHAT, body, { ...headers, authorization: `Bearer ${newApiKey()}` }));
    for (const reply of replies) await reply.text();
    const watcher = await keys.create({ name: 'supervision', scopes: ['metrics'] });
    const metrics = await metricsOf(server, watcher.key);
    return { lines, key, record, replies, metrics };
  }

  it('is in the log, whatever is asked and however it ends', async () => {
    const { lines, key, record, replies } = await run();
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 404, 400, 500, 404, 404, 429, 401]);
    const log = lines.join('\n');
    for (const secret of [
      ...CANARIES,
      key,
      key.slice(9, 30),
      record.hash,
      record.id,
      '203.0.113.77',
      'lucie-sk-',
    ]) {
      expect(log).not.toContain(secret);
    }
    // It was this run, and each request has its line, the one for the metrics too.
    expect(lines.filter((line) => line.includes('"msg":"request"'))).toHaveLength(replies.length + 1);
    const answers = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'answer');
    expect(answers.slice(0, 2)).toMatchObject([
      { model: 'nano', finish: 'stop', promptTokens: 2, completionTokens: 2 },
      { model: 'nano', finish: 'stop', promptTokens: 2, completionTokens: 2 },
    ]);
  });

  it('joins the two lines of a request by the id that the client was given', async () => {
    const { lines, replies } = await run();
    const id = replies[0]!.headers.get('x-request-id');
    expect(id).toMatch(/^req-[A-Za-z0-9_-]{12}$/);
    const of = lines.map((line) => JSON.parse(line)).filter(({ requestId }) => requestId === id);
    expect(of.map(({ msg }) => msg).sort()).toEqual(['answer', 'request']);
    expect(new Set(replies.map(({ headers }) => headers.get('x-request-id'))).size).toBe(replies.length);
  });

  it('is in the metrics: every label is one of three, every value one that the server itself gave', async () => {
    const { metrics } = await run();
    for (const secret of CANARIES) expect(metrics).not.toContain(secret);
    const labels = [...metrics.matchAll(/([a-zA-Z_]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]);
    expect(labels.length).toBeGreaterThan(20);
    for (const [name, value] of labels) {
      expect([...METRIC_LABELS, 'le']).toContain(name);
      if (name === 'model') expect(value).toBe('nano');
      if (name === 'status') expect(value).toMatch(/^\d{3}$/);
      if (name === 'route') expect(value).toMatch(/^(other|\/v1\/[a-z/]+(:model\{\.\+\})?)$/);
    }
    using fresh = new Metrics(() => []);
    for (const metric of await fresh.registry.getMetricsAsJSON()) {
      const { labelNames = [] } = fresh.registry.getSingleMetric(metric.name) as unknown as {
        labelNames?: string[];
      };
      for (const name of labelNames) expect(METRIC_LABELS).toContain(name);
    }
  });
});
