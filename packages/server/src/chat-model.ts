/** One message of a conversation. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What a model continues: a conversation through its chat template, or plain text as it is. */
export type ModelInput = { messages: ChatMessage[] } | { prompt: string };

export interface GenerateOptions {
  /** Most tokens to write. */
  maxTokens: number;
  /** 0 takes the likeliest token each time; absent: the model's own default. */
  temperature?: number;
  /** Samples among the likeliest tokens that together reach this probability; absent: the model's own default. */
  topP?: number;
  /** Same seed, same text. */
  seed?: number;
  /** Texts before which the answer ends; they are not part of it. */
  stop: string[];
  /** Ends the generation at the next token. */
  signal: AbortSignal;
}

/** How a generation ended. */
export interface GenerateEnd {
  /** `stop`: the model or a stop text ended it; `length`: `maxTokens` or the context was full. */
  finishReason: 'stop' | 'length';
  completionTokens: number;
}

/**
 * What this server needs of a model; `Engine` of `@lucie/inference` is one through `engineModel`.
 */
export interface ChatModel {
  /** Most tokens of prompt and answer together. */
  readonly contextLength: number;
  /** Tokens that `input` becomes. */
  countTokens(input: ModelInput): Promise<number> | number;
  /** Writes the answer piece by piece; each piece is whole characters. */
  generate(input: ModelInput, options: GenerateOptions): AsyncGenerator<string, GenerateEnd, void>;
}

/** A model under the name that clients ask for. */
export interface ServedModel {
  /** e.g. `nano`. */
  name: string;
  engine: ChatModel;
  /** What people should know of it in a few words, e.g. `modèle de recherche`. */
  label: string;
}
