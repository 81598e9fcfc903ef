import { describe, expect, it } from 'vitest';
import { createServer } from '../src/create-server.ts';
import { HI, post, start } from './requests.ts';
import { ScriptedModel, served } from './scripted-model.ts';

describe('models and health', () => {
  it('lists the models as OpenAI does', async () => {
    const { server } = start();
    const list = await (await server.app.request('/v1/models')).json();
    expect(list).toMatchObject({
      object: 'list',
      data: [{ id: 'nano', object: 'model', owned_by: 'lucie' }],
    });
    expect(list.data[0].created).toBeTypeOf('number');
    expect(await (await server.app.request('/v1/models/nano')).json()).toEqual(list.data[0]);
    expect(await (await server.app.request('/health')).json()).toEqual({ status: 'ok' });
  });

  it('names the models there are when asked for another', async () => {
    const { server } = start();
    for (const response of [
      await post(server, '/v1/chat/completions', { model: 'gpt-9', messages: HI }),
      await post(server, '/v1/completions', { model: 'gpt-9', prompt: 'x' }),
      await server.app.request('/v1/models/gpt-9'),
    ]) {
      expect(response.status).toBe(404);
      const { error } = await response.json();
      expect(error).toMatchObject({ type: 'invalid_request_error', param: 'model', code: 'model_not_found' });
      expect(error.message).toContain('nano');
    }
  });

  it('finds a model whose name holds a slash, as those of a hub do', async () => {
    const { app } = createServer({ models: [served(new ScriptedModel(), 'école/nano')] });
    for (const path of ['/v1/models/école/nano', `/v1/models/${encodeURIComponent('école/nano')}`]) {
      expect((await (await app.request(path)).json()).id).toBe('école/nano');
    }
  });
});
