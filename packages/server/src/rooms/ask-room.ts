import { EnergyMeter } from '@lucie/ledger';
import type { AnswerSentence, GroundedAnswer, Turn } from '@lucie/retrieval';
import type { Context } from 'hono';
import { ApiError, toApiError } from '../api/api-error.ts';
import { cancelled, type Usage } from '../api/choices.ts';
import type { Gate } from '../api/gate.ts';
import type { RouteTools } from '../api/route-tools.ts';
import { ModelPen } from './model-pen.ts';
import type { RoomDesk } from './room-desk.ts';
import { roomModel } from './room-id.ts';
import type { RoomMethods } from './room-objects.ts';
import type { RoomUse } from './room-store.ts';

export interface Question {
  room: string;
  question: string;
  history: readonly Turn[];
}

/** An answer, and what it took. */
export interface RoomAnswer extends RoomMethods {
  answer: GroundedAnswer;
  usage: Usage;
  energy: { joules: number; method: string };
  /** Of the model that wrote; null for quotes. */
  gate: Gate | null;
  queuedMs: number;
}

/** What answers of quotes count as in the metrics, which know no rooms. */
const EXTRACTIVE = 'rooms';

/**
 * Answers a question from a room's documents: sentences as they come, each with its proof, then the whole. By a model
 * where one was found fit for it, else by quotes. Run it to its end, or `return` it: it holds the room meanwhile.
 * @param client - fires when whoever asked goes away
 * @throws ApiError 404 `room_not_found`, and what the engine's errors are
 */
export async function* askRoom(
  context: Context,
  tools: RouteTools,
  asked: Question & { client: AbortSignal },
): AsyncGenerator<AnswerSentence, RoomAnswer> {
  const began = performance.now();
  const desk = tools.rooms;
  using use = await desk.use(context, asked.room);
  using active = tools.active.begin(asked.client);
  const signal = AbortSignal.any([active.signal, use.open.erased.signal]);
  const writer = desk.writer;
  const pen =
    writer &&
    new ModelPen(writer, {
      room: tools.roomOf(context, roomModel(asked.room)),
      signal,
      admit: (tokens) => tools.setAside(context, tokens),
    });
  const meter = new EnergyMeter();
  let firstMs: number | undefined;
  let finish = 'cancelled';
  try {
    const sentences = answers(desk, use, { ...asked, pen, signal });
    for (;;) {
      const next = await sentences.next();
      firstMs ??= performance.now() - began;
      signal.throwIfAborted();
      if (!next.done) {
        yield next.value;
        continue;
      }
      const { answer, method } = next.value;
      finish = answer.kind === 'answer' ? 'stop' : 'refusal';
      return {
        answer,
        method,
        search: use.open.search,
        usage: usageOf(pen),
        energy: pen?.energy ?? meter.read(),
        gate: method === 'generative' ? writer!.gate : null,
        queuedMs: pen?.queuedMs ?? 0,
      };
    }
  } catch (thrown) {
    if (signal.aborted) throw signal.reason instanceof ApiError ? signal.reason : cancelled();
    finish = 'error';
    throw toApiError(thrown, 'question');
  } finally {
    const usage = usageOf(pen);
    tools.answered(context, {
      model: writer?.name ?? EXTRACTIVE,
      finish,
      promptTokens: usage.prompt_tokens,
      cachedTokens: usage.prompt_tokens_details.cached_tokens,
      completionTokens: usage.completion_tokens,
      ...(firstMs === undefined ? {} : { firstTokenMs: firstMs }),
      totalMs: performance.now() - began,
      joules: (pen?.energy ?? meter.read()).joules,
    });
    await pen?.[Symbol.asyncDispose]();
  }
}

interface Answered {
  answer: GroundedAnswer;
  method: RoomMethods['method'];
}

async function* answers(
  desk: RoomDesk,
  { open }: RoomUse,
  asked: Question & { pen: ModelPen | undefined; signal: AbortSignal },
): AsyncGenerator<AnswerSentence, Answered> {
  const { question, history, pen, signal } = asked;
  const { answerQuestion, answerWithModel } = await desk.store.grounding();
  const { reader } = desk.store;
  if (pen) {
    let given = false;
    try {
      const written = answerWithModel(open.room, question, { write: pen.write, history, signal, reader });
      for (;;) {
        const next = await written.next();
        if (next.done) return { answer: next.value, method: 'generative' };
        given = true;
        yield next.value;
      }
    } catch (error) {
      // Passages beyond the model's memory can still be quoted.
      if (given || !(error instanceof ApiError) || error.code !== 'context_length_exceeded') throw error;
    }
  }
  const answer = await answerQuestion(open.room, question, { history, signal, reader });
  if (answer.kind === 'answer') yield* answer.sentences;
  return { answer, method: 'extractive' };
}

function usageOf(pen: ModelPen | undefined): Usage {
  const { promptTokens = 0, cachedTokens = 0, completionTokens = 0 } = pen ?? {};
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}
