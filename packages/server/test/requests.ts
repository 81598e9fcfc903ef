import { expect } from 'vitest';
import { createServer, type LucieServer } from '../src/create-server.ts';
import { ScriptedModel, served } from './scripted-model.ts';

/** The shortest conversation there is. */
export const HI = [{ role: 'user', content: 'bonjour à tous' }];

/** A server with one scripted model, `nano`. */
export function start(model = new ScriptedModel()) {
  return { model, server: createServer({ models: [served(model)] }) };
}

/** A POST of JSON; a string goes as it is. */
export function post(server: LucieServer, path: string, body: unknown, headers: Record<string, string> = {}) {
  return server.app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The `data:` payloads of a stream, as text. */
export async function dataLines(response: Response): Promise<string[]> {
  const text = await response.text();
  expect(text.endsWith('\n\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n\n')
    .map((event) => {
      expect(event.startsWith('data: ')).toBe(true);
      return event.slice('data: '.length);
    });
}
