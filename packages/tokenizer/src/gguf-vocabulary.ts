import { LucieError } from '@lucie/ledger';
import { BOS, CHAT_TEMPLATE, EOS, EOT, PAD } from './chat-template.ts';
import type { PreTokenizerName } from './pre-tokenizers.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Values of `tokenizer.ggml.token_type` (enum llama_token_type in llama.h). */
const NORMAL = 1;
const CONTROL = 3;

/** What goes under `tokenizer.*` in a GGUF file, each field named after its key. */
export interface GgufVocabulary {
  /** `tokenizer.ggml.model` */
  model: 'gpt2';
  /** `tokenizer.ggml.pre` */
  pre: PreTokenizerName;
  /** `tokenizer.ggml.tokens`, an array of strings */
  tokens: string[];
  /** `tokenizer.ggml.token_type`, an array of int32 */
  token_type: Int32Array;
  /** `tokenizer.ggml.merges`, an array of strings */
  merges: string[];
  /** `tokenizer.ggml.bos_token_id` and so on, uint32 */
  bos_token_id: number;
  eos_token_id: number;
  eot_token_id: number;
  padding_token_id: number;
  /** Boolean. The chat template begins with bos itself. */
  add_bos_token: false;
  add_eos_token: false;
  add_space_prefix: false;
  /** `tokenizer.chat_template`: for models that learnt it, not for a base model. */
  chat_template: string;
}

/**
 * The vocabulary for a GGUF file; libllama then gives the ids that `tokenizer` gives.
 * @throws LucieError `GGUF_PRE_TOKENIZER` where llama.cpp cuts text otherwise, `SPECIAL_TOKEN_MISSING`
 */
export function ggufVocabulary(tokenizer: Tokenizer): GgufVocabulary {
  const { preTokenizer, tokens, merges } = tokenizer.model;
  if (!preTokenizer.sameInLlamaCpp) {
    throw new LucieError({
      code: 'GGUF_PRE_TOKENIZER',
      found: `the pre-tokenizer ${preTokenizer.name}, whose accented capitals llama.cpp cuts in other places`,
      expected: 'gpt-2, smollm, llama-bpe or qwen2',
      todo: 'train the tokenizer with one of those',
    });
  }
  const types = new Int32Array(tokens.length).fill(NORMAL);
  for (const { id } of tokenizer.specialTokens) types[id] = CONTROL;
  return {
    model: 'gpt2',
    pre: preTokenizer.name,
    tokens: [...tokens],
    token_type: types,
    merges: merges.map(([left, right]) => `${tokens[left]} ${tokens[right]}`),
    bos_token_id: tokenizer.specialId(BOS),
    eos_token_id: tokenizer.specialId(EOS),
    eot_token_id: tokenizer.specialId(EOT),
    padding_token_id: tokenizer.specialId(PAD),
    add_bos_token: false,
    add_eos_token: false,
    add_space_prefix: false,
    chat_template: CHAT_TEMPLATE,
  };
}
