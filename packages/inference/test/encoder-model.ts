import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import {
  bool,
  f32,
  i32s,
  type Metadata,
  type MetadataValue,
  string,
  strings,
  u32,
  writeGguf,
} from '../src/index.ts';

const WIDTH = 32;
const INNER = 64;
const POSITIONS = 64;
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
// llama.cpp keeps the beginnings of words under ▁ and drops WordPiece's ##.
const TOKENS = [...SPECIAL, ...LETTERS.map((letter) => `▁${letter}`), ...LETTERS];

const WORD_PIECE: [string, MetadataValue][] = [
  ['tokenizer.ggml.model', string('bert')],
  ['tokenizer.ggml.tokens', strings(TOKENS)],
  ['tokenizer.ggml.token_type', i32s(TOKENS.map((_, id) => (id < SPECIAL.length ? 3 : 1)))],
  ['tokenizer.ggml.bos_token_id', u32(2)],
  ['tokenizer.ggml.eos_token_id', u32(3)],
  ['tokenizer.ggml.unknown_token_id', u32(1)],
  ['tokenizer.ggml.seperator_token_id', u32(3)],
  ['tokenizer.ggml.padding_token_id', u32(0)],
];
const WITHOUT: [string, MetadataValue][] = [['tokenizer.ggml.model', string('no_vocab')]];

/**
 * A random encoder of BERT's kind with a WordPiece vocabulary of letters: one layer, 64 positions.
 * @param opts.vocabulary - false leaves it out, for tokens that are made elsewhere
 */
export async function writeTinyEncoder(
  dir: string,
  opts: { pooling?: number; vocabulary?: boolean } = {},
): Promise<string> {
  const path = join(
    dir,
    `encoder-${opts.pooling ?? 'unsaid'}${opts.vocabulary === false ? '-bare' : ''}.gguf`,
  );
  const metadata: Metadata = new Map([
    ['general.architecture', string('bert')],
    ['general.name', string('petit encodeur')],
    ['bert.vocab_size', u32(TOKENS.length)],
    ['bert.context_length', u32(POSITIONS)],
    ['bert.embedding_length', u32(WIDTH)],
    ['bert.feed_forward_length', u32(INNER)],
    ['bert.block_count', u32(1)],
    ['bert.attention.head_count', u32(2)],
    ['bert.attention.layer_norm_epsilon', f32(1e-12)],
    ['bert.attention.causal', bool(false)],
    ['tokenizer.ggml.token_type_count', u32(2)],
    ...(opts.vocabulary === false ? WITHOUT : WORD_PIECE),
  ]);
  if (opts.pooling !== undefined) metadata.set('bert.pooling_type', u32(opts.pooling));
  const norm = (name: string) => [
    [`${name}.weight`, [WIDTH]],
    [`${name}.bias`, [WIDTH]],
  ];
  const linear = (name: string, out: number, input: number) => [
    [`${name}.weight`, [out, input]],
    [`${name}.bias`, [out]],
  ];
  const shapes = [
    ['token_embd.weight', [TOKENS.length, WIDTH]],
    ['token_types.weight', [2, WIDTH]],
    ['position_embd.weight', [POSITIONS, WIDTH]],
    ...norm('token_embd_norm'),
    ...['q', 'k', 'v', 'output'].flatMap((part) => linear(`blk.0.attn_${part}`, WIDTH, WIDTH)),
    ...norm('blk.0.attn_output_norm'),
    ...linear('blk.0.ffn_up', INNER, WIDTH),
    ...linear('blk.0.ffn_down', WIDTH, INNER),
    ...norm('blk.0.layer_output_norm'),
  ] as [string, number[]][];
  const random = new Random(3, 'encoder');
  await writeGguf(
    path,
    metadata,
    shapes.map(([name, shape]) => ({
      name,
      shape,
      type: 'F32',
      values: async () =>
        Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () =>
          name.endsWith('norm.weight') ? 1 : random.float() - 0.5,
        ),
    })),
  );
  return path;
}
