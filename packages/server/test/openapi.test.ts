import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../src/openapi/document.ts';
import { endpoints, routingPath } from '../src/openapi/endpoints.ts';
import { apiReference } from '../src/openapi/reference.ts';
import { type JsonSchema, randomValue } from './random-value.ts';
import { post, start } from './requests.ts';
import { jsonOf, makeRoom, startRooms, upload, VOLCANS } from './room-server.ts';
import { ScriptedModel, served } from './scripted-model.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { description: string; content: Record<string, { schema: JsonSchema }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
}

const document = JSON.parse(JSON.stringify(openApiDocument())) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
  it('is what the server serves', async () => {
    const { server } = start();
    const response = await server.app.request('/openapi.json');
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toEqual(document);
  });

  it('is a document by the standard: version, facts, unique names, declared parameters, references that lead somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'LUCIE', version: expect.any(String) });
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), (match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(inPath);
      expect(declared.every(({ required }) => required)).toBe(true);
      for (const response of Object.values(operation.responses)) {
        expect(response.description.length).toBeGreaterThan(0);
        for (const { schema } of Object.values(response.content)) expect(schema).toBeDefined();
      }
    }
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
  });

  it('holds every route of the API, and no other', () => {
    const { server } = start();
    const served = server.app.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/'))
      .map(({ method, path }) => `${method} ${path}`);
    const told = operations.map(({ method, path }) => `${method.toUpperCase()} ${routingPath(path)}`);
    // Middlewares of a route are routes of their own to hono.
    expect([...new Set(served)].sort()).toEqual(told.sort());
  });

  it('is what the written reference says', async () => {
    const path = join(import.meta.dirname, '../../../docs/reference/http-api.md');
    expect(await readFile(path, 'utf8')).toBe(apiReference());
  });

  it('200 random bodies that it allows are accepted, and their answers are what it says', async () => {
    const random = new Random(5, 'bodies');
    const model = new ScriptedModel({ contextSize: 100_000 });
    const { server } = await startRooms({ models: [served(model)] });
    const room = await makeRoom(server);
    await jsonOf(upload(server, room, { text: VOLCANS }));
    // Ids that exist whatever is drawn.
    model.tokenize(Array.from({ length: 4000 }, (_, i) => `m${i}`).join(' '));
    const posts = operations.filter(({ operation }) => operation.requestBody?.content['application/json']);
    for (let i = 0; i < 200; i++) {
      const { path, operation } = posts[i % posts.length]!;
      const schema = operation.requestBody!.content['application/json']!.schema;
      const drawn = randomValue(random, schema, document.components.schemas) as Record<string, unknown>;
      const body = withRules(drawn);
      if (path === '/v1/warm') body.text = body.messages ? null : `${body.text ?? ''} un`;
      const response = await post(server, path.replace('{room}', room), body);
      const text = await response.text();
      expect(response.status, `${path} ${JSON.stringify(body)} ${text}`).toBe(200);
      const endpoint = endpoints.find((each) => each.path === path && each.method === 'post')!;
      if (body.stream !== true) endpoint.answer!.parse(JSON.parse(text));
      else {
        const lines = text.trimEnd().split('\n\n');
        expect(lines.pop()).toBe('data: [DONE]');
        for (const line of lines) endpoint.chunk!.parse(JSON.parse(line.slice('data: '.length)));
      }
    }
  });
});

/** The rules between fields, and between a request and the model, that a schema of fields does not tell. */
function withRules(body: Record<string, unknown>): Record<string, unknown> {
  body.model = 'nano';
  body.deadline_ms = null;
  if (body.top_logprobs) body.logprobs = true;
  if (body.response_format) body.grammar = null;
  if ('input' in body) body.dimensions = 8;
  // This model has no tokens for white space alone.
  if ('prompt' in body) body.prompt = `${[body.prompt ?? ''].flat().join('')} un`;
  if (typeof body.name === 'string') body.name = `${body.name}.`;
  if ('question' in body) {
    body.question = `${body.question} un`;
    // Nothing makes vectors here.
    if (body.method === 'dense' || body.method === 'hybrid') body.method = null;
  }
  if (Array.isArray(body.messages)) {
    delete body.prompt;
    body.messages = [...body.messages.slice(0, 4), { role: 'user', content: 'et' }];
  } else if (!('prompt' in body) && !('input' in body) && !('tokens' in body)) body.prompt = 'un';
  return body;
}
