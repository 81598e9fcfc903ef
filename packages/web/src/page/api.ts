import type { ErrorBody, RunReport } from '@lucie/server';
import { eventData } from './event-lines.ts';

export interface Message {
  role: 'user' | 'assistant';
  content: string;
}

export interface ModelInfo {
  id: string;
  context_length: number;
}

export interface Answer {
  finishReason: string;
  completionTokens: number;
}

/** What the server refused, with its stable code. */
export class RefusedError extends Error {
  readonly code: string;

  constructor(body: ErrorBody | undefined, status: number) {
    super(body?.error.message ?? `HTTP ${status}`);
    this.code = body?.error.code ?? 'unknown';
  }
}

export async function fetchModels(): Promise<ModelInfo[]> {
  return ((await getJson('v1/models')) as { data: ModelInfo[] }).data;
}

export async function fetchRun(): Promise<RunReport | null> {
  return ((await getJson('api/run')) as { run: RunReport | null }).run;
}

async function getJson(path: string): Promise<unknown> {
  const response = await fetch(path);
  if (!response.ok) throw await refusal(response);
  return response.json();
}

/**
 * Asks for an answer and hands over its pieces as they come.
 * @throws RefusedError; DOMException `AbortError` when `signal` fires
 */
export async function streamChat(
  request: {
    model: string;
    messages: Message[];
    temperature: number;
    maxTokens: number;
    signal: AbortSignal;
  },
  onText: (text: string) => void,
): Promise<Answer> {
  const response = await fetch('v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    signal: request.signal,
    body: JSON.stringify({
      model: request.model,
      messages: request.messages,
      temperature: request.temperature,
      max_tokens: request.maxTokens,
      stream: true,
      stream_options: { include_usage: true },
    }),
  });
  if (!response.ok || !response.body) throw await refusal(response);
  const answer: Answer = { finishReason: 'stop', completionTokens: 0 };
  for await (const data of eventData(response.body)) {
    if (data === '[DONE]') return answer;
    const chunk = JSON.parse(data) as Chunk;
    if (chunk.error) throw new RefusedError({ error: chunk.error }, 200);
    const choice = chunk.choices?.[0];
    if (choice?.delta.content) onText(choice.delta.content);
    if (choice?.finish_reason) answer.finishReason = choice.finish_reason;
    if (chunk.usage) answer.completionTokens = chunk.usage.completion_tokens;
  }
  // The connection ended before the answer did.
  throw new RefusedError(undefined, response.status);
}

interface Chunk {
  error?: ErrorBody['error'];
  choices?: { delta: { content?: string }; finish_reason: string | null }[];
  usage?: { completion_tokens: number } | null;
}

async function refusal(response: Response): Promise<RefusedError> {
  const body = (await response.json().catch(() => undefined)) as ErrorBody | undefined;
  return new RefusedError(body?.error ? body : undefined, response.status);
}
