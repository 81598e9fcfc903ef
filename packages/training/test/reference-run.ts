import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { encodeSafetensors, Llama, modelEntries, parseConfig } from '@lucie/model';

/** Where the run, its weights and PyTorch's losses lie. */
export const referenceDir = join(import.meta.dirname, 'fixtures/reference');

/** A run of 20 steps in which everything has a part: grouped heads, warm-up, clipping, decay of matrices alone. */
export interface ReferenceRun {
  config: Record<string, unknown>;
  schedule: { lr: number; warmupSteps: number; steps: number; minLrRatio: number };
  optimizer: { betas: [number, number]; eps: number; weightDecay: number; clip: number };
  /** Per step [batch][sequence + 1] token ids. */
  batches: number[][][];
}

function makeRun(): ReferenceRun {
  const random = new Random(1, 'reference');
  // Text with something to learn: each id is likely to be followed by the next one.
  const row = () => {
    const ids = [random.below(64)];
    while (ids.length < 25) ids.push(random.float() < 0.7 ? (ids.at(-1)! + 1) % 64 : random.below(64));
    return ids;
  };
  return {
    config: {
      vocab_size: 64,
      hidden_size: 32,
      intermediate_size: 48,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      max_position_embeddings: 32,
      rope_theta: 10000,
      rms_norm_eps: 1e-5,
      tie_word_embeddings: true,
      initializer_range: 0.08,
    },
    schedule: { lr: 0.01, warmupSteps: 5, steps: 20, minLrRatio: 0.1 },
    optimizer: { betas: [0.9, 0.95], eps: 1e-8, weightDecay: 0.1, clip: 0.5 },
    batches: Array.from({ length: 20 }, () => Array.from({ length: 4 }, row)),
  };
}

/**
 * `node packages/training/test/reference-run.ts` writes the run; PyTorch's losses come from
 * `python bench/train/reference-losses.py packages/training/test/fixtures/reference`.
 */
if (import.meta.main) {
  const run = makeRun();
  using model = Llama.init(parseConfig(run.config), { seed: 7 });
  mkdirSync(referenceDir, { recursive: true });
  writeFileSync(join(referenceDir, 'run.json'), `${JSON.stringify(run)}\n`);
  writeFileSync(join(referenceDir, 'initial.safetensors'), encodeSafetensors(modelEntries(model)));
}
