import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bool,
  i32s,
  type Metadata,
  string,
  strings,
  type TensorSource,
  u32,
  writeGguf,
} from '@lucie/inference';
import {
  fromFloat32,
  initialValues,
  type LlamaConfig,
  type LlamaConfigInput,
  parameterShapes,
  parseConfig,
  writeSafetensors,
} from '@lucie/model';
import { architectureMetadata, tensorSources } from '../src/index.ts';

/** GPT-2's printable stand-ins for the 256 bytes, in the order of the bytes. */
export const byteAlphabet: string[] = (() => {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) && byte < 256 ? byte : next++),
  );
})();

export const CONTROLS = ['<s>', '</s>', '<pad>', '<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'];

/** Tokens of the tiny vocabulary: controls, then the bytes, then a few merged pairs. */
const MERGES = [
  ['e', 's'],
  ['Ġ', 'l'],
  ['Ġl', 'a'],
  ['o', 'n'],
  ['Ã', '©'],
  ['Ċ', 'Ċ'],
];
export const tinyTokens = [...CONTROLS, ...byteAlphabet, ...MERGES.map((pair) => pair.join(''))];
export const byteToken = (byte: number): number => CONTROLS.length + byte;

export const tinyTemplate =
  '{{ bos_token }}{% for message in messages %}<|start_header_id|>{{ message.role }}<|end_header_id|>\n\n{{ message.content | trim }}<|eot_id|>{% endfor %}{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}';

export const tinyVocabulary: Metadata = new Map([
  ['tokenizer.ggml.model', string('gpt2')],
  ['tokenizer.ggml.pre', string('gpt-2')],
  ['tokenizer.ggml.tokens', strings(tinyTokens)],
  ['tokenizer.ggml.token_type', i32s(tinyTokens.map((_, id) => (id < CONTROLS.length ? 3 : 1)))],
  ['tokenizer.ggml.merges', strings(MERGES.map((pair) => pair.join(' ')))],
  ['tokenizer.ggml.bos_token_id', u32(0)],
  ['tokenizer.ggml.eos_token_id', u32(1)],
  ['tokenizer.ggml.padding_token_id', u32(2)],
  ['tokenizer.ggml.eot_token_id', u32(5)],
  ['tokenizer.ggml.add_bos_token', bool(false)],
  ['tokenizer.ggml.add_eos_token', bool(false)],
  ['tokenizer.chat_template', string(tinyTemplate)],
]);

/** Random weights large enough that the next token depends on the text: 2 layers, width 128, 4 query and 2 key heads. */
export function tinyConfig(changes: Partial<LlamaConfigInput> = {}): LlamaConfig {
  return parseConfig({
    vocab_size: tinyTokens.length,
    hidden_size: 128,
    intermediate_size: 160,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 256,
    initializer_range: 0.15,
    tie_word_embeddings: true,
    bos_token_id: 0,
    eos_token_id: [1, 5],
    ...changes,
  });
}

/** Writes `config.json`, `model.safetensors` and `generation_config.json` of a random Llama. */
export async function writeTinyFolder(dir: string, config = tinyConfig(), seed = 1): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'config.json'), JSON.stringify(config));
  await writeFile(
    join(dir, 'generation_config.json'),
    JSON.stringify({ bos_token_id: 0, eos_token_id: [1, 5] }),
  );
  await writeFile(join(dir, 'chat_template.jinja'), tinyTemplate);
  await writeSafetensors(
    join(dir, 'model.safetensors'),
    new Map(
      [...parameterShapes(config)].map(([name, shape]) => [
        name,
        fromFloat32(initialValues(config, name, { seed }), shape),
      ]),
    ),
  );
}

/** A GGUF of a random Llama at `dir/tiny.gguf`, beside its Hugging Face folder. */
export async function writeTinyGguf(
  dir: string,
  opts: {
    config?: LlamaConfig;
    seed?: number;
    metadata?: Metadata;
    change?: (source: TensorSource) => TensorSource;
  } = {},
): Promise<string> {
  const config = opts.config ?? tinyConfig();
  await writeTinyFolder(dir, config, opts.seed);
  const path = join(dir, 'tiny.gguf');
  const sources = await tensorSources(join(dir, 'model.safetensors'), config);
  await writeGguf(
    path,
    new Map([
      ...architectureMetadata(config),
      ['general.name', string('tiny')] as const,
      ...tinyVocabulary,
      ...(opts.metadata ?? []),
    ]),
    opts.change ? sources.map(opts.change) : sources,
  );
  return path;
}
