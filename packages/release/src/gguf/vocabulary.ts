import { bool, i32s, type Metadata, string, strings, u32 } from '@lucie/inference';
import { LucieError } from '@lucie/ledger';
import type { GgufVocabulary } from '@lucie/tokenizer';

/** llama.cpp's token type of rows that no text uses. */
const UNUSED = 5;

/**
 * A vocabulary under GGUF's keys. Where the embedding has more rows than the tokenizer has ids, unused tokens fill up.
 * @param opts.chatTemplate - absent for a model that does not chat
 * @throws LucieError `MODEL_MISMATCH` when the tokenizer has more ids than the embedding
 */
export function vocabularyMetadata(
  vocabulary: GgufVocabulary,
  opts: { rows: number; chatTemplate: string | undefined },
): Metadata {
  const { tokens, token_type, merges } = vocabulary;
  if (tokens.length > opts.rows) {
    throw new LucieError({
      code: 'MODEL_MISMATCH',
      found: `a tokenizer of ${tokens.length} ids`,
      expected: `at most the ${opts.rows} rows of the embedding`,
      todo: 'take tokenizer.json and model.safetensors from the same model',
    });
  }
  const missing = Array.from({ length: opts.rows - tokens.length }, (_, i) => `[PAD${tokens.length + i}]`);
  const metadata: Metadata = new Map([
    ['tokenizer.ggml.model', string(vocabulary.model)],
    ['tokenizer.ggml.pre', string(vocabulary.pre)],
    ['tokenizer.ggml.tokens', strings([...tokens, ...missing])],
    ['tokenizer.ggml.token_type', i32s([...token_type, ...missing.map(() => UNUSED)])],
    ['tokenizer.ggml.merges', strings(merges)],
    ['tokenizer.ggml.bos_token_id', u32(vocabulary.bos_token_id)],
    ['tokenizer.ggml.eos_token_id', u32(vocabulary.eos_token_id)],
    ['tokenizer.ggml.eot_token_id', u32(vocabulary.eot_token_id)],
    ['tokenizer.ggml.padding_token_id', u32(vocabulary.padding_token_id)],
    ['tokenizer.ggml.add_bos_token', bool(vocabulary.add_bos_token)],
    ['tokenizer.ggml.add_eos_token', bool(vocabulary.add_eos_token)],
    ['tokenizer.ggml.add_space_prefix', bool(vocabulary.add_space_prefix)],
  ]);
  if (opts.chatTemplate !== undefined) metadata.set('tokenizer.chat_template', string(opts.chatTemplate));
  return metadata;
}
