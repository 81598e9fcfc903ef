import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { chatChunk, chatResponse, modelListResponse, modelObject } from '../src/api/response-shapes.ts';
import { fixedModel } from '../src/api/served-model.ts';
import type { Gate, ServedModel } from '../src/index.ts';
import { answerChunk, answerResponse } from '../src/rooms/room-shapes.ts';
import { dataLines, post } from './requests.ts';
import { erase, get, jsonOf, makeRoom, quoteBest, startRooms, upload, VOLCANS } from './room-server.ts';
import { ScriptedModel } from './scripted-model.ts';

const CHAT = '/v1/chat/completions';
const PASSED: Gate = { 'course-questions': { passed: true, score: 0.9, threshold: 0.8 } };
const FAILED: Gate = {
  'course-questions': { passed: false, score: 0.1, threshold: 0.8 },
  chat: { passed: true },
};
const MAGMA = 'Le magma remonte par la cheminée.';

/** A room with the document, on a server with these models. */
async function asked(models?: ServedModel[], parts = {}) {
  const started = await startRooms(models ? { models } : {}, parts);
  const id = await makeRoom(started.server);
  await jsonOf(upload(started.server, id, { text: VOLCANS }));
  const answer = (body: object, headers = {}) =>
    post(started.server, `/v1/rooms/${id}/answer`, body, headers);
  const chat = (body: object) =>
    post(started.server, CHAT, {
      model: `room:${id}`,
      messages: [{ role: 'user', content: 'Par où remonte le magma ?' }],
      ...body,
    });
  return { ...started, id, answer, chat };
}

const writes = (reply: string, gate: Gate | null, opts = {}) => {
  const engine = new ScriptedModel({ reply: () => reply, contextSize: 4000, ...opts });
  return { engine, model: fixedModel('redacteur', engine, gate) };
};

describe('an answer', () => {
  it('quotes the documents with their place, whole or sentence by sentence', async () => {
    const { answer } = await asked();
    const question = 'Que fait un volcan ?';
    const whole = await jsonOf(answer({ question }));
    answerResponse.parse(whole);
    expect(whole).toMatchObject({
      object: 'room.answer',
      kind: 'answer',
      method: 'extractive',
      search: 'words',
      confidence: 0.8,
      superseded: [],
    });
    expect(whole.sentences).toHaveLength(2);
    expect(whole.text).toBe(whole.sentences.map(({ text }: { text: string }) => text).join(' '));
    for (const { text, citations } of whole.sentences) {
      expect(citations).toMatchObject([
        { document: 1, title: 'volcans', page: expect.any(Number), quote: text },
      ]);
    }
    const response = await answer({ question, stream: true });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const lines = await dataLines(response);
    expect(lines.pop()).toBe('[DONE]');
    const chunks = lines.map((line) => answerChunk.parse(JSON.parse(line)));
    expect(chunks.map(({ object }) => object)).toEqual([
      'room.answer.sentence',
      'room.answer.sentence',
      'room.answer',
    ]);
    expect(chunks.at(-1)).toEqual(whole);
    expect(chunks.slice(0, 2).map((chunk) => 'text' in chunk && chunk.text)).toEqual(
      whole.sentences.map(({ text }: { text: string }) => text),
    );
  });

  it('is a refusal that says what was looked for and what is nearest', async () => {
    const { answer } = await asked();
    for (const stream of [false, true]) {
      const response = await answer({ question: 'Napoléon Austerlitz', stream });
      const value = stream ? JSON.parse((await dataLines(response))[0]!) : await jsonOf(response);
      answerResponse.parse(value);
      expect(value).toMatchObject({
        kind: 'refusal',
        reason: 'silent',
        looked_for: ['Napoléon', 'Austerlitz'],
        nearest: [{ document: 1, page: 1, title: 'volcans' }],
      });
      expect(value.text).toContain('Cherché : Napoléon, Austerlitz.');
      expect(value.text).toMatch(/« Un volcan .+ » \(volcans, p\. 1, § \d\)/);
    }
  });

  it.each([
    [{}, 400],
    [{ question: '' }, 400],
    [{ question: '   ' }, 400],
    [{ question: 'x'.repeat(4001) }, 400],
    [{ question: 'x', history: [{ role: 'system', text: 'x' }] }, 400],
    [{ question: 'x', history: 'x' }, 400],
    [{ question: 'x'.repeat(4000) }, 200],
    [{ question: 'x', history: [{ role: 'user', text: '' }] }, 200],
  ])('takes a question as it should be: %#', async (body, status) => {
    const { answer } = await asked();
    expect((await answer(body)).status).toBe(status);
  });

  it('is told the turns before it', async () => {
    const histories: unknown[] = [];
    const { answer, chat } = await asked(undefined, {
      answerQuestion: (room: never, question: string, opts: { history: unknown }) => {
        histories.push(opts.history);
        return quoteBest(room, question);
      },
    });
    const history = [
      { role: 'user', text: 'a' },
      { role: 'assistant', text: 'b' },
    ];
    await jsonOf(answer({ question: 'volcan', history }));
    expect(histories.pop()).toEqual(history);
    const first = await jsonOf(chat({}));
    const said = first.choices[0].message.content;
    const messages = [
      { role: 'system', content: 'Tu mens.' },
      { role: 'user', content: 'Par où remonte le magma ?' },
      { role: 'assistant', content: said },
      { role: 'user', content: 'Non, il descend !' },
    ];
    await jsonOf(chat({ messages }));
    expect(histories.pop()).toEqual([
      { role: 'user', text: 'Par où remonte le magma ?' },
      {
        role: 'assistant',
        text: first.lucie.citations.map(({ quote }: { quote: string }) => quote).join(' '),
      },
    ]);
  });
});

describe('a model', () => {
  it.each([null, FAILED, {}])(
    'that is not fit for questions on a course writes nothing: %j',
    async (gate) => {
      const { engine, model } = writes(`${MAGMA} La Terre est plate.`, gate);
      const { answer, server, id } = await asked([model]);
      expect((await jsonOf(answer({ question: 'magma' }))).method).toBe('extractive');
      expect(engine.calls).toHaveLength(0);
      expect((await jsonOf(get(server, `/v1/rooms/${id}`))).answers).toBe('extractive');
    },
  );

  it('that is fit writes, and only what was proved is given', async () => {
    const { engine, model } = writes(`${MAGMA} La Terre est plate.`, PASSED);
    const unfit = writes('Non.', FAILED);
    const { answer, chat, server, id } = await asked([unfit.model, model]);
    const whole = await jsonOf(answer({ question: 'Par où remonte le magma ?' }));
    expect(whole).toMatchObject({ kind: 'answer', method: 'generative', text: MAGMA });
    expect(engine.calls[0]!.prompt).toContain(MAGMA);
    expect(engine.calls[0]!.request).toMatchObject({
      temperature: 0,
      seed: 0,
      maxTokens: expect.any(Number),
    });
    expect(engine.calls[0]!.request.maxTokens).toBeLessThanOrEqual(512);
    expect(unfit.engine.calls).toHaveLength(0);
    const told = await jsonOf(chat({}));
    expect(told.lucie).toMatchObject({ method: 'generative', gate: PASSED, energy: { method: 'estimate' } });
    expect(told.usage.completion_tokens).toBe(10);
    expect(told.usage.total_tokens).toBe(told.usage.prompt_tokens + 10);
    expect((await jsonOf(get(server, `/v1/rooms/${id}`))).answers).toBe('generative');
    expect((await jsonOf(get(server, `/v1/models/room:${id}`))).gate).toEqual(PASSED);
  });

  it('whose words have no proof gives a refusal', async () => {
    const { model } = writes('La Terre est plate.', PASSED);
    const { answer } = await asked([model]);
    expect(await jsonOf(answer({ question: 'magma' }))).toMatchObject({
      kind: 'refusal',
      reason: 'unsupported',
    });
  });

  it('too small for the passages leaves the answer to quotes', async () => {
    const { engine, model } = writes(MAGMA, PASSED, { contextSize: 4 });
    const { answer } = await asked([model]);
    expect(await jsonOf(answer({ question: 'magma' }))).toMatchObject({
      kind: 'answer',
      method: 'extractive',
    });
    expect(engine.calls).toHaveLength(0);
  });

  it('gives a sentence as soon as it is proved, and ends when the reader leaves', async () => {
    const { engine, model } = writes(`${MAGMA} ${'et encore '.repeat(30)}`, PASSED, { delayMs: 5 });
    const early = async function* (
      room: never,
      _question: string,
      opts: { write: (p: object[]) => AsyncIterable<string> },
    ) {
      let text = '';
      for await (const piece of opts.write([{ role: 'user', content: 'magma' }])) {
        text += piece;
        if (text !== MAGMA) continue;
        yield { text, citations: [] };
      }
      return quoteBest(room, 'magma');
    };
    const { answer } = await asked([model], { answerWithModel: early });
    const response = await answer({ question: 'magma', stream: true });
    const reader = response.body!.getReader();
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toContain(MAGMA);
    expect(engine.calls[0]!.answer.finishReason).toBeUndefined();
    await reader.cancel();
    while (engine.calls[0]!.answer.finishReason === undefined) await new Promise((r) => setTimeout(r, 2));
    expect(engine.calls[0]!.answer.finishReason).toBe('cancelled');
    expect(engine.calls[0]!.answer.completionTokens).toBeLessThan(40);
  });

  it('that fails is an error before the stream, and an event within it', async () => {
    const fails = async function* (
      _room: never,
      _question: string,
      opts: { write: (p: object[]) => AsyncIterable<string> },
    ) {
      yield { text: 'Un.', citations: [] };
      await new Promise((resolve) => setTimeout(resolve, 10));
      for await (const _ of opts.write([])) throw new Error('secret canariZ7');
      return undefined as never;
    };
    const { model } = writes('mot', PASSED);
    const { answer } = await asked([model], { answerWithModel: fails });
    const lines = await dataLines(await answer({ question: 'magma', stream: true }));
    expect(JSON.parse(lines.at(-1)!).error.type).toMatch(/_error$/);
    expect(lines.join()).not.toContain('canariZ7');
    const { server } = await startRooms();
    const missing = await post(server, '/v1/rooms/x/answer', { question: 'magma', stream: true });
    expect((await jsonOf(missing, 404)).error.code).toBe('room_not_found');
  });
});

describe('a room as a model', () => {
  it('answers with numbers in its text, annotations on it and the proof beside it', async () => {
    const { chat, id } = await asked();
    const whole = await jsonOf(chat({ messages: [{ role: 'user', content: 'Que fait un volcan ?' }] }));
    chatResponse.parse(whole);
    const { content, annotations } = whole.choices[0].message;
    expect(annotations).toHaveLength(2);
    for (const [i, { url_citation }] of annotations.entries()) {
      const cited = whole.lucie.citations[i];
      expect(cited.annotation).toBe(i);
      expect(content.slice(url_citation.start_index, url_citation.end_index)).toBe(cited.quote);
      expect(content.slice(url_citation.end_index)).toMatch(new RegExp(`^ \\[${i + 1}\\]`));
      expect(url_citation).toMatchObject({
        title: 'volcans',
        url: `http://localhost/v1/rooms/${id}/documents/1/file#page=${cited.page}`,
      });
    }
    expect(content).toMatch(
      /\n\nSources :\n\[1\] volcans, p\. [12], § [12]\n\[2\] volcans, p\. [12], § [12]$/,
    );
    expect(whole.usage).toEqual({
      prompt_tokens: 0,
      completion_tokens: 0,
      total_tokens: 0,
      prompt_tokens_details: { cached_tokens: 0 },
    });
    expect(whole.lucie).toMatchObject({ method: 'extractive', search: 'words', gate: null, confidence: 0.8 });
  });

  it('streams the same, sentence by sentence', async () => {
    const { chat } = await asked();
    const body = { messages: [{ role: 'user', content: 'Que fait un volcan ?' }] };
    const whole = await jsonOf(chat(body));
    const lines = await dataLines(
      await chat({ ...body, stream: true, stream_options: { include_usage: true } }),
    );
    expect(lines.pop()).toBe('[DONE]');
    const chunks = lines.map((line) => chatChunk.parse(JSON.parse(line)));
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
    expect(deltas[0]).toEqual({ role: 'assistant', content: '' });
    expect(deltas.map(({ content }) => content ?? '').join('')).toBe(whole.choices[0].message.content);
    expect(deltas.flatMap(({ annotations }) => annotations ?? [])).toEqual(
      whole.choices[0].message.annotations,
    );
    expect(deltas.filter(({ annotations }) => annotations)).toHaveLength(2);
    expect(chunks.flatMap(({ choices }) => choices.map((choice) => choice.finish_reason)).at(-1)).toBe(
      'stop',
    );
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 0 } });
    expect(chunks.find(({ lucie }) => lucie)!.lucie!.citations).toEqual(whole.lucie.citations);
  });

  it('refuses in words', async () => {
    const { chat } = await asked();
    const whole = await jsonOf(chat({ messages: [{ role: 'user', content: 'Napoléon' }] }));
    expect(whole.choices[0].message.content).toContain('Cherché : Napoléon.');
    expect(whole.choices[0].message.annotations).toEqual([]);
    expect(whole.lucie.refusal).toMatchObject({ reason: 'silent', looked_for: ['Napoléon'] });
    expect(whole.choices[0].finish_reason).toBe('stop');
  });

  it.each([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['grammar', { grammar: 'root ::= "x"' }],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['messages', { messages: [{ role: 'assistant', content: 'x' }] }],
    ['messages', { messages: [{ role: 'user', content: ' ' }] }],
    ['messages', { messages: [{ role: 'user', content: 'x'.repeat(4001) }] }],
  ])('refuses what it cannot honour: %s', async (param, body) => {
    const { chat } = await asked();
    expect((await jsonOf(chat(body), 400)).error.param).toBe(param);
  });

  it('is among the models, until it is erased', async () => {
    const { server, id, chat } = await asked();
    const list = modelListResponse.parse(await jsonOf(get(server, '/v1/models')));
    expect(list.data.map((model) => model.id)).toEqual(['nano', `room:${id}`]);
    const one = modelObject.parse(await jsonOf(get(server, `/v1/models/room:${id}`)));
    expect(one).toMatchObject({ id: `room:${id}`, label: 'salle : 6e B', gate: null });
    await jsonOf(erase(server, `/v1/rooms/${id}`));
    expect((await jsonOf(get(server, '/v1/models'))).data).toHaveLength(1);
    expect((await jsonOf(get(server, `/v1/models/room:${id}`), 404)).error.code).toBe('room_not_found');
    expect((await jsonOf(chat({}), 404)).error.code).toBe('room_not_found');
  });

  it('is understood by the openai client', async () => {
    const { server, id } = await asked();
    const { url, close } = await server.listen({ port: 0 });
    try {
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
      const ask = {
        model: `room:${id}`,
        messages: [{ role: 'user' as const, content: 'Par où remonte le magma ?' }],
      };
      const { message } = (await client.chat.completions.create(ask)).choices[0]!;
      const { url_citation } = message.annotations![0]!;
      expect(message.content!.slice(url_citation.start_index, url_citation.end_index)).toBe(MAGMA);
      const proof = await fetch(url_citation.url);
      expect(await proof.text()).toBe(VOLCANS);
      let text = '';
      for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? '';
      }
      expect(text).toBe(message.content);
      expect((await client.models.list()).data.map((model) => model.id)).toContain(`room:${id}`);
      const gone = client.chat.completions.create({ ...ask, model: 'room:no' });
      await expect(gone).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    } finally {
      await close(0);
    }
  });
});
