import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic, writeJson } from '@lucie/ledger';
import { BOS, CHAT_TEMPLATE, EOS, PAD, Tokenizer, tokenizerConfig } from '@lucie/tokenizer';

/** The tokenizer of a stage or model folder. */
export function readTokenizer(dir: string): Promise<Tokenizer> {
  return Tokenizer.fromFile(join(dir, 'tokenizer.json'));
}

/** Ids that a model's configuration names. */
export function specialIds(tokenizer: Tokenizer) {
  return {
    bos_token_id: tokenizer.specialId(BOS),
    eos_token_id: tokenizer.specialId(EOS),
    pad_token_id: tokenizer.specialId(PAD),
  };
}

/**
 * Puts the tokenizer's files into a model folder: `tokenizer.json` as it is, `tokenizer_config.json`, and for a model
 * that has learnt it the chat template.
 */
export async function copyTokenizer(
  from: string,
  to: string,
  opts: { tokenizer: Tokenizer; chat: boolean },
): Promise<void> {
  const { tokenizer, chat } = opts;
  await writeFileAtomic(join(to, 'tokenizer.json'), await readFile(join(from, 'tokenizer.json')));
  await writeJson(join(to, 'tokenizer_config.json'), tokenizerConfig(tokenizer, { chatTemplate: chat }));
  if (chat) await writeFileAtomic(join(to, 'chat_template.jinja'), CHAT_TEMPLATE);
}
