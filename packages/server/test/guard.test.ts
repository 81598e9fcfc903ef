import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileLogger } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../src/create-server.ts';
import { writeSampleRun } from './sample-run.ts';
import { ScriptedModel, served } from './scripted-model.ts';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-server-'));
  await writeSampleRun(join(dir, 'nano'));
  await mkdir(join(dir, 'web', 'assets'), { recursive: true });
  await writeFile(join(dir, 'web', 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(dir, 'web', 'assets', 'app-1.js'), 'export {};');
  await writeFile(join(dir, 'secret.js'), 'secret');
  await symlink(join(dir, 'secret.js'), join(dir, 'web', 'link.js'));
});

afterAll(() => rm(dir, { recursive: true }));

function server(options: { allowedHosts?: string[] } = {}) {
  const models = [served(new ScriptedModel())];
  return createServer({ models, runDir: join(dir, 'nano'), webDir: join(dir, 'web'), ...options }).app;
}

describe('who may ask', () => {
  it.each([
    ['http://localhost/health', {}, 200],
    ['http://127.0.0.1:8080/health', {}, 200],
    ['http://[::1]:8080/health', {}, 200],
    ['http://192.168.1.20:8080/health', {}, 200],
    ['http://class.localhost/health', {}, 200],
    ['http://evil.example/health', {}, 403],
    ['http://localhost.evil.example/health', {}, 403],
    ['http://127.0.0.1.evil.example/health', {}, 403],
    ['http://localhost/health', { origin: 'http://localhost' }, 200],
    ['http://localhost:8080/health', { origin: 'http://localhost:8080' }, 200],
    ['http://localhost:8080/health', { origin: 'http://localhost:9090' }, 403],
    ['http://localhost/health', { origin: 'http://evil.example' }, 403],
    ['http://localhost/health', { origin: 'null' }, 403],
    ['http://localhost/health', { 'sec-fetch-site': 'same-origin' }, 200],
    ['http://localhost/health', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
    ['http://localhost/health', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403],
    ['http://localhost/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 200],
  ])('%s %o → %i', async (url, headers, status) => {
    const response = await server().request(url, { headers: headers as Record<string, string> });
    expect(response.status).toBe(status);
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('a name that the operator allowed', async () => {
    const app = server({ allowedHosts: ['Ecole.example'] });
    expect((await app.request('http://ecole.example/health')).status).toBe(200);
    expect((await app.request('http://other.example/health')).status).toBe(403);
  });

  it('no answer to a browser’s question whether another site may', async () => {
    const response = await server().request('/v1/chat/completions', {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(403);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('what every answer carries', () => {
  it.each(['/', '/health', '/nothing', '/v1/chat/completions', '/evaluation'])('%s', async (path) => {
    const { headers } = await server().request(path);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(headers.get('content-security-policy')).not.toMatch(/https?:|unsafe-eval|script-src [^;]*unsafe/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('streams too', async () => {
    const response = await server().request('/v1/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'nano', prompt: 'a', stream: true }),
    });
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    await response.text();
  });
});

describe('files', () => {
  it('the page, its parts for good, the papers', async () => {
    const app = server();
    const page = await app.request('/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('<title>page</title>');
    const part = await app.request('/assets/app-1.js');
    expect(part.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(part.headers.get('cache-control')).toContain('immutable');
    const paper = await app.request('/release/README.md');
    expect(paper.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await paper.text()).toBe('# nano\n');
    expect(await (await app.request('/evaluation')).text()).toContain('Évaluation');
  });

  it.each([
    '/secret.js',
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/link.js',
    '/assets',
    '/index.html%00.js',
    '/nothing.html',
    '/release/manifest.json',
    '/release/..%2fmanifest.json',
    '/release/nano-F16.gguf',
  ])('nothing at %s', async (path) => {
    const response = await server().request(path);
    expect(response.status).toBe(404);
    expect((await response.json()).error.code).toBe('not_found');
  });

  it('nothing but the API without a page and a run', async () => {
    const { app } = createServer({ models: [served(new ScriptedModel())] });
    expect((await app.request('/')).status).toBe(404);
    expect((await app.request('/release/README.md')).status).toBe(404);
    expect(await (await app.request('/api/run')).json()).toEqual({ run: null });
  });
});

describe('the log', () => {
  it('tells sizes, never words', async () => {
    const path = join(dir, 'log.jsonl');
    const failing = new ScriptedModel({
      reply: (prompt) => {
        throw new Error(prompt);
      },
    });
    const models = [served(new ScriptedModel()), served(failing, 'failing')];
    const { app } = createServer({ models, log: fileLogger(path) });
    for (const model of ['nano', 'failing', 'absent']) {
      const response = await app.request('/v1/chat/completions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'confidentiel' }] }),
      });
      await response.text();
    }
    const log = await readFile(path, 'utf8');
    expect(log).toContain('"completionTokens":5');
    expect(log).toContain('internal_error');
    expect(log).not.toContain('confidentiel');
  });
});
