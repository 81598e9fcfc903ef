import type { Energy } from '@lucie/ledger';
import type { Gate } from './gate.ts';

/** One message of a conversation. */
export interface ChatMessage {
  role: string;
  content: string;
}

/** What an answer must be: GBNF text, or a JSON schema. */
export type AnswerGrammar = { gbnf: string } | { schema: Record<string, unknown> };

export interface ModelRequest {
  /** The prompt, control tokens included. */
  tokens: ArrayLike<number>;
  /** Most tokens to write. */
  maxTokens: number;
  /** 0 takes the likeliest token each time; this and the next: absent, the model's default. */
  temperature?: number;
  /** Samples among the likeliest tokens that together reach this probability. */
  topP?: number;
  topK?: number;
  minP?: number;
  repetitionPenalty?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  /** Added to the logits by token id. */
  logitBias?: ReadonlyMap<number, number>;
  grammar?: AnswerGrammar;
  /** Give log probabilities, and those of so many likeliest tokens. */
  topLogprobs?: number;
  /** Same seed, same text. */
  seed: number;
  /** Texts before which the answer ends; they are not part of it. */
  stop: readonly string[];
  /** Whose turn it is: fair between rooms, then between people of a room. */
  room?: string;
  person?: string;
  /** Milliseconds after which it ends, in line or at work. */
  deadlineMs?: number;
  /** Decode alone: the same bytes whatever else the engine does. */
  deterministic?: boolean;
  /** Ends the generation at the next token. */
  signal: AbortSignal;
}

/** One token of an answer. */
export interface ModelChunk {
  /** Text that this token makes certain: whole characters, perhaps none. */
  text: string;
  /** The token's own bytes; none for a control token. */
  bytes: Uint8Array;
  /** Natural logarithm, when log probabilities were asked for. */
  logprob?: number;
  /** The likeliest tokens, the likeliest first. */
  top?: readonly { bytes: Uint8Array; logprob: number }[];
}

/** A generation under way: iterate it for its tokens. */
export interface ModelAnswer extends AsyncIterable<ModelChunk> {
  /** Known when the iteration has ended. */
  readonly finishReason: 'stop' | 'length' | 'cancelled' | 'deadline' | undefined;
  /** Tokens written so far. */
  readonly completionTokens: number;
  /** Tokens of the prompt that had been read before, for another answer or in advance. */
  readonly cachedTokens: number;
  /** 0 once at work, else the place in line from 1. */
  readonly place: number;
  /** Called whenever the place changes. */
  onPlace?: ((place: number) => void) | undefined;
  /** This answer's share, so far. */
  readonly energy: Energy;
}

/** What this server needs of a model in memory. `Engine` of `@lucie/inference` is one as it stands. */
export interface ChatModel {
  /** Most tokens of prompt and answer together. */
  readonly contextSize: number;
  /** Most bytes of a text that one token stands for; absent where that is not bounded. */
  readonly longestToken?: number | undefined;
  /** @param opts.addSpecial - add what the model wants before a text, such as bos */
  tokenize(text: string, opts: { addSpecial: boolean }): ArrayLike<number>;
  /** @throws LucieError `TOKEN_UNKNOWN` */
  detokenize(tokens: ArrayLike<number>, opts: { special: boolean }): string;
  /** @throws LucieError `CHAT_TEMPLATE_MISSING`, `CHAT_INVALID` */
  chatPrompt(
    messages: readonly ChatMessage[],
    opts?: { addGenerationPrompt?: boolean },
  ): { tokens: ArrayLike<number> };
  /** @throws LucieError `GRAMMAR_INVALID`, `SCHEMA_UNSUPPORTED`, `QUEUE_FULL`, `PROMPT_TOO_LONG`, `OPTION_INVALID` */
  generate(request: ModelRequest): ModelAnswer;
  /** One vector of length 1 for each input. */
  embed(
    inputs: ArrayLike<number>[],
    opts: { dimensions?: number; signal?: AbortSignal },
  ): Promise<{ vectors: Float32Array[]; energy: Energy; queuedMs: number }>;
  /** Reads tokens in advance, for every prompt that begins with them; `name` says what they are, for people. */
  warm(
    tokens: ArrayLike<number>,
    opts: { name?: string; signal?: AbortSignal },
  ): Promise<{ tokens: number; reused: number; kept: boolean; stored: boolean }>;
}

/** A model under the name that clients ask for. */
export interface ServedModel {
  /** e.g. `nano`. */
  name: string;
  /** What people should know of it in a few words, e.g. `modèle de recherche`. */
  label: string;
  /** Most tokens of prompt and answer together. */
  contextSize: number;
  /** What the model has been found fit for; null where nobody judged it. */
  gate: Gate | null;
  /** The model in memory, loaded if need be; it stays there until the lease is disposed. */
  use(signal: AbortSignal): Promise<ModelUse>;
}

export interface ModelUse extends Disposable {
  engine: ChatModel;
}
