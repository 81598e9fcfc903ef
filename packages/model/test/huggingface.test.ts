import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noGrad, scope } from '@lucie/torch';
import { describe, expect, test } from 'vitest';
import { loadPretrained } from '../src/pretrained.ts';
import { idTensor } from './model.ts';

// Tiny random Llamas of PyPI's transformers with their logits: recorded by bench/release/record-hf-logits.py, versions
// in each folder's provenance.json.
const fixtures = join(import.meta.dirname, 'fixtures/huggingface');

describe('logits equal those of Hugging Face’s implementation', () => {
  test.each(['grouped', 'tied-llama3-rope'])('%s', async (name) => {
    const folder = join(fixtures, name);
    using model = await loadPretrained(folder);
    const ids = JSON.parse(readFileSync(join(folder, 'ids.json'), 'utf8')) as number[][];
    const recorded = new Float32Array(new Uint8Array(readFileSync(join(folder, 'logits.f32'))).buffer);
    const ours = scope(() => noGrad(() => model.logits(idTensor(ids)).toFloat32Array()));
    expect(ours.length).toBe(recorded.length);
    const worst = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - recorded[i]!)), 0);
    // Measured 4e-6 with logits up to 4: what float32 leaves.
    expect(worst).toBeLessThan(2e-5);
  });
});
