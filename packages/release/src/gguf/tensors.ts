import { open } from 'node:fs/promises';
import type { FloatTensor } from '@lucie/inference';
import { LucieError } from '@lucie/ledger';
import { type LlamaConfig, parameterShapes, readSafetensorsHeader, toFloat32 } from '@lucie/model';
import { permuteRows } from './permute-rows.ts';
import { ropeFactors } from './rope-factors.ts';

/** Hugging Face's names of a layer's parameters, and GGUF's. */
const LAYER_NAMES = new Map([
  ['input_layernorm', 'attn_norm'],
  ['self_attn.q_proj', 'attn_q'],
  ['self_attn.k_proj', 'attn_k'],
  ['self_attn.v_proj', 'attn_v'],
  ['self_attn.o_proj', 'attn_output'],
  ['post_attention_layernorm', 'ffn_norm'],
  ['mlp.gate_proj', 'ffn_gate'],
  ['mlp.up_proj', 'ffn_up'],
  ['mlp.down_proj', 'ffn_down'],
]);

/** GGUF's name of a Hugging Face parameter. */
export function ggufName(name: string): string {
  if (name === 'model.embed_tokens.weight') return 'token_embd.weight';
  if (name === 'model.norm.weight') return 'output_norm.weight';
  if (name === 'lm_head.weight') return 'output.weight';
  const [, layer, part] = /^model\.layers\.(\d+)\.(.+)\.weight$/.exec(name)!;
  return `blk.${layer}.${LAYER_NAMES.get(part!)!}.weight`;
}

/**
 * The tensors of a GGUF from a safetensors file: matrices F16, vectors F32 (llama.cpp adds and multiplies them in F32),
 * query and key rows reordered. Tied embeddings have no `output.weight`: llama.cpp then uses the embedding.
 * @throws LucieError `MODEL_INCOMPLETE` when the file lacks a parameter or has it in another shape
 */
export async function tensorSources(path: string, config: LlamaConfig): Promise<FloatTensor[]> {
  const { tensors } = await readSafetensorsHeader(path);
  const sources: FloatTensor[] = [];
  for (const [name, shape] of parameterShapes(config)) {
    const found = tensors.get(name);
    if (!found || String(found.shape) !== String(shape)) {
      throw new LucieError({
        code: 'MODEL_INCOMPLETE',
        found: found ? `${name} of shape [${found.shape}] in ${path}` : `no ${name} in ${path}`,
        expected: `${name} of shape [${shape}], as config.json has it`,
        todo: 'train or fetch the model again',
      });
    }
    const isRotated = /\.(q|k)_proj\./.test(name);
    sources.push({
      name: ggufName(name),
      shape,
      type: shape.length === 1 ? 'F32' : 'F16',
      values: async () => {
        const values = toFloat32({
          dtype: found.dtype,
          shape,
          bytes: await readRange(path, found.start, found.end),
        });
        return isRotated ? permuteRows(values, { headDim: config.head_dim, width: shape[1]! }) : values;
      },
    });
  }
  const factors = ropeFactors(config);
  if (factors) {
    sources.push({
      name: 'rope_freqs.weight',
      shape: [factors.length],
      type: 'F32',
      values: async () => factors,
    });
  }
  return sources;
}

async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const bytes = new Uint8Array(end - start);
    // One read of the system ends at 2 GiB at the latest.
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, 2 ** 30), start + at);
      if (bytesRead === 0) throw new RangeError(`${path} ends before byte ${end}`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
