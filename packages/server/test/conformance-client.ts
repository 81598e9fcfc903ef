import type OpenAI from 'openai';
import { APIError } from 'openai';

/** One case of `bench/serve/openai-conformance.json`. */
export interface Case {
  name: string;
  call: 'models' | 'model' | 'chat' | 'completion' | 'embedding';
  params?: Record<string, unknown>;
  /** Fields that the client does not know. */
  extra?: Record<string, unknown>;
  key?: string;
  twice?: boolean;
  abort_after?: number;
  repeat_content?: number;
  expect: Record<string, unknown>;
  same_text_as?: string;
  same_vectors_as?: string;
  /** Of an answer in JSON: a number's bounds, or the words it may be. */
  json?: Record<string, [number, number] | string[]>;
}

export interface LogprobEntry {
  token: string;
  logprob: number;
  bytes: number[];
  top_logprobs: { logprob: number }[];
}

/** What a client saw. */
export interface Observed {
  ids?: string[];
  id?: string;
  vectors?: number[][];
  texts?: string[];
  finish?: (string | null)[];
  usage?: {
    prompt_tokens: number;
    completion_tokens: number;
    total_tokens: number;
    prompt_tokens_details?: { cached_tokens?: number };
  } | null;
  lucie?: { energy: { joules: number; method: string }; gate: unknown; queued_ms: number } | null;
  entries?: LogprobEntry[];
  aborted?: boolean;
  repeated?: boolean;
  error?: string;
  status?: number;
  code?: string | null;
  param?: string | null;
  sentence?: string;
}

interface ChunkChoice {
  index: number;
  delta?: { content?: string };
  message?: { content: string };
  text?: string;
  finish_reason: string | null;
  logprobs?: { content?: LogprobEntry[] } | null;
}

interface Part {
  choices: ChunkChoice[];
  usage?: Observed['usage'];
  lucie?: Observed['lucie'];
}

/** The case by npm's `openai` client; its twin is `bench/serve/openai_client.py`. */
export async function observe(client: OpenAI, each: Case): Promise<Observed> {
  try {
    const first = await call(client, each);
    if (!each.twice) return first;
    const second = await call(client, each);
    return { ...second, repeated: JSON.stringify(first.texts) === JSON.stringify(second.texts) };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const body = error.error as { message: string };
    return {
      error: error.constructor.name,
      status: error.status as number,
      code: error.code ?? null,
      param: error.param ?? null,
      sentence: body.message,
    };
  }
}

async function call(client: OpenAI, each: Case): Promise<Observed> {
  const params = { model: 'tiny', ...structuredClone(each.params ?? {}), ...each.extra } as Record<
    string,
    unknown
  >;
  if (each.repeat_content) {
    for (const message of params.messages as { content: string }[]) {
      message.content = message.content.repeat(each.repeat_content);
    }
  }
  if (each.call === 'models') return { ids: (await client.models.list()).data.map(({ id }) => id) };
  if (each.call === 'model') return { id: (await client.models.retrieve(String(params.model))).id };
  if (each.call === 'embedding') {
    const { data } = await client.embeddings.create(params as unknown as OpenAI.EmbeddingCreateParams);
    return { vectors: data.map(({ embedding }) => embedding) };
  }
  // The case's fields are data: that they fit is what is being tested.
  const create = (each.call === 'chat'
    ? client.chat.completions.create.bind(client.chat.completions)
    : client.completions.create.bind(client.completions)) as unknown as (fields: object) => Promise<unknown>;
  const answer = await create(params);
  if (params.stream !== true) return read([answer as Part]);
  const parts: Part[] = [];
  for await (const part of answer as AsyncIterable<Part>) {
    parts.push(part);
    if (parts.length === each.abort_after) return { aborted: true };
  }
  return read(parts);
}

function read(parts: Part[]): Observed {
  const choices = new Map<number, { text: string; finish: string | null }>();
  const observed: Observed = { usage: null, lucie: null, entries: [] };
  for (const part of parts) {
    observed.usage = part.usage ?? observed.usage ?? null;
    observed.lucie = part.lucie ?? observed.lucie ?? null;
    for (const choice of part.choices) {
      const state = choices.get(choice.index) ?? { text: '', finish: null };
      state.text += choice.delta?.content ?? choice.message?.content ?? choice.text ?? '';
      state.finish = choice.finish_reason ?? state.finish;
      choices.set(choice.index, state);
      observed.entries!.push(...(choice.logprobs?.content ?? []));
    }
  }
  const ordered = [...choices].sort(([a], [b]) => a - b).map(([, state]) => state);
  observed.texts = ordered.map(({ text }) => text);
  observed.finish = ordered.map(({ finish }) => finish);
  return observed;
}
