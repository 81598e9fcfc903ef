/** One message of a conversation. */
export interface ChatMessage {
  role: string;
  content: string;
}

export interface ModelRequest {
  /** The prompt, control tokens included. */
  tokens: ArrayLike<number>;
  /** Most tokens to write. */
  maxTokens: number;
  /** 0 takes the likeliest token each time; absent: the model's default. */
  temperature?: number;
  /** Samples among the likeliest tokens that together reach this probability; absent: the model's default. */
  topP?: number;
  /** Same seed, same text. */
  seed: number;
  /** Texts before which the answer ends; they are not part of it. */
  stop: readonly string[];
  /** Ends the generation at the next token. */
  signal: AbortSignal;
}

/** A generation under way: iterate it for its pieces, each of whole characters, perhaps empty. */
export interface ModelAnswer extends AsyncIterable<{ text: string }> {
  /** Known when the iteration has ended. */
  readonly finishReason: 'stop' | 'length' | 'cancelled' | undefined;
  /** Tokens written so far. */
  readonly completionTokens: number;
}

/** What this server needs of a model. `Engine` of `@lucie/inference` is one as it stands. */
export interface ChatModel {
  /** Most tokens of prompt and answer together. */
  readonly contextSize: number;
  /** @param opts.addSpecial - add what the model wants before a text, such as bos */
  tokenize(text: string, opts: { addSpecial: boolean }): ArrayLike<number>;
  /** @throws LucieError `CHAT_TEMPLATE_MISSING`, `CHAT_INVALID` */
  chatPrompt(messages: readonly ChatMessage[]): { tokens: ArrayLike<number> };
  generate(request: ModelRequest): ModelAnswer;
}

/** A model under the name that clients ask for. */
export interface ServedModel {
  /** e.g. `nano`. */
  name: string;
  engine: ChatModel;
  /** What people should know of it in a few words, e.g. `modèle de recherche`. */
  label: string;
}
