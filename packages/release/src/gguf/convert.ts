import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Metadata, writeGguf } from '@lucie/inference';
import { readConfig } from '@lucie/model';
import { ggufVocabulary, Tokenizer } from '@lucie/tokenizer';
import { architectureMetadata } from './architecture.ts';
import { tensorSources } from './tensors.ts';
import { vocabularyMetadata } from './vocabulary.ts';

/**
 * Writes a Hugging Face folder of a Llama (`config.json`, `model.safetensors`, `tokenizer.json`, and
 * `chat_template.jinja` for a model that chats) as one GGUF file with F16 matrices.
 * @param about - further metadata: `general.*` and `lucie.*`
 * @throws LucieError of the readers; `MODEL_INCOMPLETE`, `MODEL_MISMATCH`, `GGUF_PRE_TOKENIZER`
 */
export async function convertToGguf(dir: string, output: string, about: Metadata = new Map()): Promise<void> {
  const config = await readConfig(dir);
  const tokenizer = await Tokenizer.fromFile(join(dir, 'tokenizer.json'));
  const template = join(dir, 'chat_template.jinja');
  const metadata: Metadata = new Map([
    ...architectureMetadata(config),
    ...about,
    ...vocabularyMetadata(ggufVocabulary(tokenizer), {
      rows: config.vocab_size,
      chatTemplate: existsSync(template) ? await readFile(template, 'utf8') : undefined,
    }),
  ]);
  await writeGguf(output, metadata, await tensorSources(join(dir, 'model.safetensors'), config));
}
