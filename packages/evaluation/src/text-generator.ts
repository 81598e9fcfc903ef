/** What writes text: a model with its tokenizer. */
export interface TextGenerator {
  /**
   * Goes on after `prompt` as a document of its own.
   * @param opts.temperature - 0 takes the most probable token each time
   */
  complete(
    prompt: string,
    opts: { maxTokens: number; temperature: number; seed: number },
  ): Promise<GeneratedText>;
  /** Answers one question through the chat template, most probable token each time. */
  answer(question: string, opts: { maxTokens: number }): Promise<GeneratedText>;
}

export interface GeneratedText {
  /** Without the prompt, without special tokens. */
  text: string;
  /** Generated tokens, a stop token included. */
  tokens: number;
  /** The model ended by itself. */
  stopped: boolean;
}
