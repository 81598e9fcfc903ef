import { LucieError } from '@lucie/ledger';
import { z } from 'zod';

/** Rescaling of RoPE for long contexts as in Llama 3.1 (Grattafiori et al. 2024, `rope_type: "llama3"`). */
const ropeScalingShape = z.object({
  rope_type: z.literal('llama3'),
  factor: z.number().min(1),
  low_freq_factor: z.number().positive(),
  high_freq_factor: z.number().positive(),
  original_max_position_embeddings: z.int().positive(),
});

/**
 * Shape of a Llama model under Hugging Face's field names, with their defaults. Only what changes the computation or
 * what other programs need is kept; unknown fields of a foreign `config.json` are dropped.
 */
export const llamaConfigShape = z
  .object({
    architectures: z.tuple([z.literal('LlamaForCausalLM')]).default(['LlamaForCausalLM']),
    model_type: z.literal('llama').default('llama'),
    vocab_size: z.int().positive(),
    hidden_size: z.int().positive(),
    intermediate_size: z.int().positive(),
    num_hidden_layers: z.int().positive(),
    num_attention_heads: z.int().positive(),
    /** Key-value heads; fewer than `num_attention_heads` is grouped-query attention. */
    num_key_value_heads: z.int().positive(),
    /** Width of one head; `hidden_size / num_attention_heads` when absent. */
    head_dim: z.int().positive(),
    hidden_act: z.literal('silu').default('silu'),
    max_position_embeddings: z.int().positive(),
    rms_norm_eps: z.number().positive().default(1e-5),
    rope_theta: z.number().positive().default(10_000),
    rope_scaling: ropeScalingShape.nullable().default(null),
    attention_bias: z.literal(false).default(false),
    mlp_bias: z.literal(false).default(false),
    tie_word_embeddings: z.boolean().default(false),
    initializer_range: z.number().positive().default(0.02),
    bos_token_id: z.int().min(0).nullable().default(null),
    eos_token_id: z
      .union([z.int().min(0), z.array(z.int().min(0))])
      .nullable()
      .default(null),
    pad_token_id: z.int().min(0).nullable().default(null),
  })
  .superRefine((config, context) => {
    const rule = (holds: boolean, path: keyof typeof config, message: string) => {
      if (!holds) context.addIssue({ code: 'custom', path: [path], message });
    };
    const { num_attention_heads: heads, num_key_value_heads: groups } = config;
    rule(heads % groups === 0, 'num_key_value_heads', `${groups} does not divide ${heads} attention heads`);
    rule(config.head_dim % 2 === 0, 'head_dim', `${config.head_dim} is odd, and RoPE turns pairs`);
  });

export type LlamaConfig = z.infer<typeof llamaConfigShape>;

/** What `parseConfig` needs at least; the rest has defaults. */
export type LlamaConfigInput = Omit<
  z.input<typeof llamaConfigShape>,
  'num_key_value_heads' | 'head_dim' | 'max_position_embeddings'
> & { num_key_value_heads?: number; head_dim?: number; max_position_embeddings?: number };

/**
 * Checks a configuration and fills in defaults, those that depend on other fields included. Reads `config.json` of
 * transformers 4 (`rope_theta`) and 5 (`rope_parameters`).
 * @throws LucieError `CONFIG_INVALID` naming every field at fault
 */
export function parseConfig(value: unknown, origin = 'the model configuration'): LlamaConfig {
  const parsed = llamaConfigShape.safeParse(withDependentDefaults(value));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'value'}: ${issue.message}`);
  throw new LucieError({
    code: 'CONFIG_INVALID',
    found: `${origin} with ${faults.join('; ')}`,
    expected: 'a Llama configuration in Hugging Face field names',
    todo: 'correct the named fields',
  });
}

function withDependentDefaults(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const fields: Record<string, unknown> = { ...value };
  fields.num_key_value_heads ??= fields.num_attention_heads;
  fields.max_position_embeddings ??= 2048;
  if (fields.head_dim == null && isWhole(fields.hidden_size) && isWhole(fields.num_attention_heads)) {
    // Heads that do not divide the width fail as a fractional head_dim, which zod then names.
    fields.head_dim = fields.hidden_size / fields.num_attention_heads;
  }
  const rope = fields.rope_parameters;
  if (rope !== null && typeof rope === 'object') {
    const { rope_theta, ...scaling } = rope as Record<string, unknown>;
    fields.rope_theta ??= rope_theta;
    fields.rope_scaling ??= scaling.rope_type === 'default' || !scaling.rope_type ? null : scaling;
  }
  return fields;
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}
