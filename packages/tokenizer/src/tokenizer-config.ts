import { BOS, CHAT_TEMPLATE, EOS, PAD } from './chat-template.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * The content of `tokenizer_config.json` for Python's transformers and other readers.
 * @param opts.chatTemplate - with the template (the default); a base model, which has not learnt it, goes without
 */
export function tokenizerConfig(
  tokenizer: Tokenizer,
  opts: { chatTemplate?: boolean } = {},
): Record<string, unknown> {
  const special = { lstrip: false, normalized: false, rstrip: false, single_word: false, special: true };
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    added_tokens_decoder: Object.fromEntries(
      tokenizer.specialTokens.map(({ id, text }) => [String(id), { content: text, ...special }]),
    ),
    bos_token: BOS,
    eos_token: EOS,
    pad_token: PAD,
    add_bos_token: false,
    add_eos_token: false,
    // Otherwise decoding drops the space before ? and !, which French sets.
    clean_up_tokenization_spaces: false,
    model_input_names: ['input_ids', 'attention_mask'],
    ...(opts.chatTemplate === false ? {} : { chat_template: CHAT_TEMPLATE }),
  };
}
