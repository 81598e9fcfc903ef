import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { byteAlphabet, tinyConfig, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { bool, i32s, type Metadata, type MetadataValue, string, strings, u32 } from '../src/index.ts';

/** A family of models as its files describe it. Control tokens come first in the vocabulary: their place is their id. */
export interface Family {
  controls: string[];
  /** Tokens added as text, after the controls. */
  added?: string[];
  template?: string;
  bos?: number;
  eos: number;
  eot?: number;
  addBos?: boolean;
  /** `gpt2`: byte-level BPE; `llama`: SentencePiece with byte fallback. */
  kind: 'gpt2' | 'llama';
  metadata?: Metadata;
}

const CONTROL = 3;
const USER_DEFINED = 4;
const NORMAL = 1;
const BYTE = 6;
const SPACE = '▁';

/** A tiny random GGUF with that family's kind of vocabulary, its control tokens and its template. */
export async function writeFamilyGguf(dir: string, family: Family): Promise<string> {
  const { controls, added = [], kind } = family;
  const letters = [...' abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ?.,:éà'].map((letter) =>
    letter === ' ' ? SPACE : letter,
  );
  const pieces = [...letters, `${SPACE}l`, `${SPACE}la`, 'on', 'es'];
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const own = kind === 'gpt2' ? [...byteAlphabet, 'on'] : [...bytes, ...pieces];
  const tokens = [...controls, ...added, ...own];
  const type = (id: number) => {
    if (id < controls.length) return CONTROL;
    if (id < controls.length + added.length) return USER_DEFINED;
    return kind === 'llama' && id < controls.length + added.length + bytes.length ? BYTE : NORMAL;
  };
  const scores: MetadataValue = {
    type: 'array',
    of: 'f32',
    value: tokens.map((token) => token.length - 100),
  };
  await mkdir(dir, { recursive: true });
  return await writeTinyGguf(dir, {
    config: tinyConfig({ hidden_size: 32, num_hidden_layers: 1, vocab_size: tokens.length }),
    metadata: new Map<string, MetadataValue>([
      ['tokenizer.ggml.model', string(kind)],
      ['tokenizer.ggml.pre', string(kind === 'gpt2' ? 'gpt-2' : 'default')],
      ['tokenizer.ggml.tokens', strings(tokens)],
      ['tokenizer.ggml.token_type', i32s(tokens.map((_, id) => type(id)))],
      ['tokenizer.ggml.merges', strings(['o n'])],
      ...(kind === 'llama' ? [['tokenizer.ggml.scores', scores] as const] : []),
      ['tokenizer.ggml.bos_token_id', u32(family.bos ?? family.eos)],
      ['tokenizer.ggml.eos_token_id', u32(family.eos)],
      ['tokenizer.ggml.eot_token_id', u32(family.eot ?? family.eos)],
      ['tokenizer.ggml.padding_token_id', u32(family.eos)],
      ['tokenizer.ggml.add_bos_token', bool(family.addBos ?? false)],
      ['tokenizer.ggml.add_space_prefix', bool(kind === 'llama')],
      ['tokenizer.chat_template', family.template === undefined ? bool(false) : string(family.template)],
      ...(family.metadata ?? []),
    ]),
  });
}

export function familyFile(root: string, name: string, family: Family): Promise<string> {
  return writeFamilyGguf(join(root, name), family);
}
