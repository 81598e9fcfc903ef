import type { AnswerSentence, Turn } from '@lucie/retrieval';
import type { Context } from 'hono';
import { ApiError } from '../api/api-error.ts';
import type { ChatRequest } from '../api/request-shapes.ts';
import type { RouteTools } from '../api/route-tools.ts';
import { answerHead, chatWording } from '../api/wording.ts';
import { askRoom, type RoomAnswer } from './ask-room.ts';
import { citationObject, refusalObject, supersededObjects } from './room-objects.ts';
import { MAX_QUESTION, MAX_TURNS } from './room-shapes.ts';
import { type Annotated, MessageWording, refusalText, withoutMarks } from './room-wording.ts';
import { streamSentences, wholeRoomAnswer } from './stream-sentences.ts';

/**
 * A room as a model: its answer with numbers in the text, `annotations` on the message and the proof in `lucie`. The last
 * message is the question, what users and assistant said before it is its history; system messages steer nothing here.
 * @throws ApiError 400 for what a room cannot do
 */
export async function chatWithRoom(
  context: Context,
  tools: RouteTools,
  asked: { room: string; body: ChatRequest },
): Promise<Response> {
  const { room, body } = asked;
  const left = new AbortController();
  const client = AbortSignal.any([context.req.raw.signal, left.signal]);
  const answer = askRoom(context, tools, { room, ...conversation(body), client });
  const message = new RoomMessage(context, room);
  const head = answerHead(chatWording, body.model);
  if (!body.stream) {
    let content = '';
    const whole = await wholeRoomAnswer(answer, (sentence) => {
      content += message.sentence(sentence).content;
    });
    content += message.rest(whole);
    return context.json({
      ...head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content, refusal: null, annotations: message.annotations },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: whole.usage,
      lucie: message.lucie(whole),
    });
  }
  const withUsage = body.stream_options?.include_usage ?? false;
  const chunk = (delta: object, finish_reason: 'stop' | null = null) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    ...(withUsage ? { usage: null } : {}),
  });
  return streamSentences(context, answer, {
    left,
    wording: {
      opening: () => [chunk({ role: 'assistant', content: '' })],
      sentence: (sentence) => [chunk(message.sentence(sentence))],
      end: (whole) => [
        chunk({ content: message.rest(whole) }),
        { ...chunk({}, 'stop'), lucie: message.lucie(whole) },
        ...(withUsage ? [{ ...head, object: 'chat.completion.chunk', choices: [], usage: whole.usage }] : []),
      ],
    },
  });
}

/** One message as it grows. */
class RoomMessage {
  readonly annotations: object[] = [];
  #citations: object[] = [];
  #wording = new MessageWording();
  #documents: string;

  constructor(context: Context, room: string) {
    this.#documents = `${new URL(context.req.url).origin}/v1/rooms/${room}/documents`;
  }

  sentence(sentence: AnswerSentence): { content: string; annotations: object[] } {
    const { content, annotations: found } = this.#wording.sentence(sentence);
    for (const { citation } of found) {
      this.#citations.push({ ...citationObject(citation), annotation: this.#citations.length });
    }
    const annotations = found.map((each) => this.#annotation(each));
    this.annotations.push(...annotations);
    return { content, annotations };
  }

  /** What comes after the sentences: the sources, or the refusal. */
  rest({ answer }: RoomAnswer): string {
    return answer.kind === 'refusal' ? refusalText(answer) : this.#wording.sources();
  }

  lucie({ answer, method, search, energy, gate, queuedMs }: RoomAnswer): object {
    return {
      energy: { joules: Number(energy.joules.toPrecision(6)), method: energy.method },
      gate,
      queued_ms: queuedMs,
      method,
      search,
      confidence: answer.confidence,
      citations: this.#citations,
      superseded: supersededObjects(answer),
      ...(answer.kind === 'refusal' ? { refusal: refusalObject(answer) } : {}),
    };
  }

  #annotation({ citation, startIndex, endIndex }: Annotated): object {
    return {
      type: 'url_citation',
      url_citation: {
        start_index: startIndex,
        end_index: endIndex,
        title: citation.title,
        url: `${this.#documents}/${citation.document}/file#page=${citation.page}`,
      },
    };
  }
}

function conversation(body: ChatRequest): { question: string; history: Turn[] } {
  const asksMore: [string, boolean][] = [
    ['n', (body.n ?? 1) > 1],
    ['logprobs', body.logprobs === true],
    ['grammar', typeof body.grammar === 'string'],
    ['response_format', (body.response_format?.type ?? 'text') !== 'text'],
  ];
  const field = asksMore.find(([, asked]) => asked)?.[0];
  if (field !== undefined) {
    throw new ApiError({
      status: 400,
      code: 'unsupported_parameter',
      param: field,
      message: `Field ${field}: a room answers with sentences of its documents, which this would change; leave it out.`,
    });
  }
  const last = body.messages.at(-1)!;
  if (last.role !== 'user' || last.content.trim() === '') {
    throw new ApiError({
      status: 400,
      code: 'invalid_value',
      param: 'messages',
      message: 'Field messages: a room answers questions; the last message must be one, of the role "user".',
    });
  }
  if (last.content.length > MAX_QUESTION) {
    throw new ApiError({
      status: 400,
      code: 'context_length_exceeded',
      param: 'messages',
      message: `This question is ${last.content.length} characters long; a room takes at most ${MAX_QUESTION}: ask for one thing at a time.`,
    });
  }
  const history = body.messages.slice(0, -1).flatMap(({ role, content }): Turn[] => {
    if (role === 'user') return [{ role, text: content }];
    return role === 'assistant' ? [{ role, text: withoutMarks(content) }] : [];
  });
  return { question: last.content, history: history.slice(-MAX_TURNS) };
}
