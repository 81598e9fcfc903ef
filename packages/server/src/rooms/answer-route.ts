import type { Context } from 'hono';
import { readBody } from '../api/request-body.ts';
import type { RouteTools } from '../api/route-tools.ts';
import { askRoom } from './ask-room.ts';
import { answerObject, sentenceObject } from './room-objects.ts';
import { roomParam } from './room-routes.ts';
import { answerRequest } from './room-shapes.ts';
import { streamSentences, wholeRoomAnswer } from './stream-sentences.ts';

/** `POST /v1/rooms/{room}/answer`: whole, or sentence by sentence. */
export async function answerFromRoom(context: Context, tools: RouteTools): Promise<Response> {
  const { question, history, stream } = await readBody(context, answerRequest);
  const left = new AbortController();
  const client = AbortSignal.any([context.req.raw.signal, left.signal]);
  const answer = askRoom(context, tools, {
    room: roomParam(context),
    question,
    history: history ?? [],
    client,
  });
  if (!stream) {
    const whole = await wholeRoomAnswer(answer);
    return context.json(answerObject(whole.answer, whole));
  }
  return streamSentences(context, answer, {
    left,
    wording: {
      sentence: (sentence) => [{ object: 'room.answer.sentence', ...sentenceObject(sentence) }],
      end: (whole) => [answerObject(whole.answer, whole)],
    },
  });
}
