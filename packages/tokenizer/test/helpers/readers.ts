import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { expect } from 'vitest';
import { formatTokenizerJson, ggufVocabulary, Tokenizer, tokenizerConfig } from '../../src/index.ts';
import { LlamaVocabulary } from './llama-vocabulary.ts';
import { vocabularyGguf } from './vocabulary-gguf.ts';

/** Every reader of one tokenizer: from its object, from `tokenizer.json`, from GGUF. */
export async function readersOf(tokenizer: Tokenizer, dir: string) {
  const json = formatTokenizerJson(tokenizer.model);
  const name = tokenizer.model.preTokenizer.name;
  await writeFile(join(dir, `${name}.json`), json);
  await writeFile(join(dir, `${name}.gguf`), vocabularyGguf(ggufVocabulary(tokenizer)));
  const config = tokenizerConfig(tokenizer);
  const huggingFace = new HuggingFaceTokenizer(JSON.parse(json), config);
  // That library always reads special tokens; without the list they are plain text to it too.
  const plain = new HuggingFaceTokenizer({ ...JSON.parse(json), added_tokens: [] }, config);
  return {
    ours: await Tokenizer.fromFile(join(dir, `${name}.json`)),
    huggingFace: (text: string, special = false) =>
      (special ? huggingFace : plain).encode(text, { add_special_tokens: false }).ids,
    llama: new LlamaVocabulary(join(dir, `${name}.gguf`)),
  };
}
export type Readers = Awaited<ReturnType<typeof readersOf>>;

/** Our ids are those of both others, and give the text back. */
export function expectSameIds({ ours, huggingFace, llama }: Readers, texts: string[], special = false) {
  for (const text of texts) {
    const ids = Array.from(ours.encode(text, { special }));
    const shown = JSON.stringify(text.slice(0, 80));
    expect(llama.encode(text, special), `libllama on ${shown}`).toEqual(ids);
    expect(huggingFace(text, special), `@huggingface/tokenizers on ${shown}`).toEqual(ids);
    if (!special) expect(ours.decode(ids)).toBe(text);
  }
}
