import { Random } from '@lucie/ledger';
import { tinyTokens, tinyVocabulary } from '../../release/test/tiny-model.ts';
import { f32, string, u32, writeGguf } from '../src/index.ts';

const WIDTH = 32;
const INNER = 64;
const STATE = 8;
const RANK = 4;
const KERNEL = 4;

/** A Mamba of one layer with random weights: what it remembers is one state, not a past that could be shared in part. */
export async function writeRecurrentGguf(path: string): Promise<string> {
  const metadata = new Map([
    ['general.architecture', string('mamba')],
    ['mamba.context_length', u32(256)],
    ['mamba.embedding_length', u32(WIDTH)],
    ['mamba.feed_forward_length', u32(0)],
    ['mamba.attention.head_count', u32(0)],
    ['mamba.block_count', u32(1)],
    ['mamba.ssm.conv_kernel', u32(KERNEL)],
    ['mamba.ssm.inner_size', u32(INNER)],
    ['mamba.ssm.state_size', u32(STATE)],
    ['mamba.ssm.time_step_rank', u32(RANK)],
    ['mamba.attention.layer_norm_rms_epsilon', f32(1e-5)],
    ...tinyVocabulary,
  ]);
  const shapes: Record<string, number[]> = {
    'token_embd.weight': [tinyTokens.length, WIDTH],
    'output_norm.weight': [WIDTH],
    'blk.0.attn_norm.weight': [WIDTH],
    'blk.0.ssm_in.weight': [2 * INNER, WIDTH],
    'blk.0.ssm_conv1d.weight': [INNER, KERNEL],
    'blk.0.ssm_conv1d.bias': [INNER],
    'blk.0.ssm_x.weight': [RANK + 2 * STATE, INNER],
    'blk.0.ssm_dt.weight': [INNER, RANK],
    'blk.0.ssm_dt.bias': [INNER],
    'blk.0.ssm_a': [INNER, STATE],
    'blk.0.ssm_d': [INNER],
    'blk.0.ssm_out.weight': [WIDTH, INNER],
  };
  const random = new Random(3, 'recurrent');
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const length = shape.reduce((a, b) => a * b);
    // The state must fade: its factor is the exponential of a negative number.
    const value = () => (name.endsWith('ssm_a') ? -1 - random.float() : random.float() - 0.5);
    return { name, shape, type: 'F32' as const, values: async () => Float32Array.from({ length }, value) };
  });
  await writeGguf(path, metadata, tensors);
  return path;
}
