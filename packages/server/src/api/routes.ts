import type { Hono } from 'hono';
import type { Access } from '../keys/access.ts';
import { openApiDocument } from '../openapi/document.ts';
import { endpoints, routingPath } from '../openapi/endpoints.ts';
import { ApiError } from './api-error.ts';
import type { RouteTools } from './route-tools.ts';

/** Mounts the API: every endpoint, its refusal of other methods, and the document that describes them all. */
export function mountApi(app: Hono, tools: RouteTools, access: Access): void {
  const document = JSON.stringify(openApiDocument());
  app.get('/openapi.json', (context) =>
    context.body(document, 200, { 'Content-Type': 'application/json; charset=utf-8' }),
  );
  for (const { method, path, scope, handler } of endpoints) {
    app[method](routingPath(path), access.requireKey(scope), (context) => handler(context, tools));
  }
  for (const [path, methods] of methodsByPath()) {
    app.all(routingPath(path), (context) => {
      context.header(
        'Allow',
        methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method)).join(', '),
      );
      throw new ApiError({
        status: 405,
        code: 'method_not_allowed',
        message: `Found ${context.req.method} on ${path}; expected ${methods.join(' or ')}.`,
      });
    });
  }
}

function methodsByPath(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { method, path } of endpoints) {
    found.set(path, [...(found.get(path) ?? []), method.toUpperCase()]);
  }
  return found;
}
