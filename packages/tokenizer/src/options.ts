import { z } from 'zod';
import { SPECIAL_TOKENS } from './chat-template.ts';

/** Options of the tokenizer stage in a recipe. */
export const tokenizerOptions = z.strictObject({
  /** Special tokens and the 256 bytes included. Fewer come out when the text has no more frequent pairs. */
  vocabularySize: z
    .int()
    .min(SPECIAL_TOKENS.length + 256)
    .max(2 ** 20)
    .default(4096),
  /** How text is cut before merging: those of llama.cpp whose ids agree everywhere. */
  preTokenizer: z.enum(['gpt-2', 'smollm', 'llama-bpe', 'qwen2']).default('qwen2'),
  /** A pair seen less often is not merged. */
  minFrequency: z.int().min(1).default(2),
  /** In bytes. */
  maxTokenLength: z.int().min(2).max(1024).default(32),
  /** Text read from each source, in bytes; of a bigger source a sample by hash of the document's id. */
  sampleBytes: z.int().min(1).default(64_000_000),
});
export type TokenizerOptions = z.infer<typeof tokenizerOptions>;
