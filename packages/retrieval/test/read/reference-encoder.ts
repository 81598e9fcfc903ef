import type { E5File } from '../../src/read/e5-file.ts';

/**
 * The vector of a text as the definition says (Devlin et al. 2018; the mean over all tokens, length 1), in float64: no
 * engine rounds less.
 */
export function referenceVector(
  { config, tensors }: Pick<E5File, 'config' | 'tensors'>,
  ids: readonly number[],
): Float32Array {
  const { hidden_size: width, num_attention_heads: heads, layer_norm_eps: eps } = config;
  const values = (name: string) => tensors.get(name)!.values();
  const sum = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + b[i]!);

  const norm = (rows: Float64Array[], name: string) => {
    const [weight, bias] = [values(`${name}.w`), values(`${name}.b`)];
    return rows.map((row) => {
      const mean = row.reduce((all, value) => all + value, 0) / width;
      const variance = row.reduce((all, value) => all + (value - mean) ** 2, 0) / width;
      return row.map((value, i) => ((value - mean) / Math.sqrt(variance + eps)) * weight[i]! + bias[i]!);
    });
  };
  const linear = (rows: Float64Array[], name: string) => {
    const [weight, bias] = [values(`${name}.w`), values(`${name}.b`)];
    return rows.map((row) =>
      Float64Array.from(bias, (start, out) => {
        let all = start;
        const from = out * row.length;
        for (let i = 0; i < row.length; i++) all += weight[from + i]! * row[i]!;
        return all;
      }),
    );
  };
  const attention = (rows: Float64Array[], layer: string) => {
    const [q, k, v] = ['q', 'k', 'v'].map((part) => linear(rows, `${layer}.${part}`));
    const size = width / heads;
    return rows.map((_, at) => {
      const mixed = new Float64Array(width);
      for (let head = 0; head < width; head += size) {
        const weights = k!.map((key) => {
          let dot = 0;
          for (let i = head; i < head + size; i++) dot += q![at]![i]! * key[i]!;
          return Math.exp(dot / Math.sqrt(size));
        });
        const all = weights.reduce((a, b) => a + b);
        for (const [other, weight] of weights.entries())
          for (let i = head; i < head + size; i++) mixed[i]! += (weight / all) * v![other]![i]!;
      }
      return mixed;
    });
  };

  const [words, positions, types] = ['emb.word', 'emb.pos', 'emb.type'].map(values);
  let rows = norm(
    ids.map((id, at) =>
      Float64Array.from(
        { length: width },
        (_, i) => words![id * width + i]! + positions![at * width + i]! + types![i]!,
      ),
    ),
    'emb.ln',
  );
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const mixed = linear(attention(rows, `l${layer}`), `l${layer}.ao`);
    rows = norm(
      rows.map((row, i) => sum(row, mixed[i]!)),
      `l${layer}.aln`,
    );
    const inner = linear(rows, `l${layer}.fi`).map((row) => row.map(gelu));
    const out = linear(inner, `l${layer}.fo`);
    rows = norm(
      rows.map((row, i) => sum(row, out[i]!)),
      `l${layer}.oln`,
    );
  }
  const total = rows.reduce(sum);
  const length = Math.hypot(...total);
  return Float32Array.from(total, (value) => value / length);
}

const gelu = (x: number) => 0.5 * x * (1 + erf(x / Math.SQRT2));

/** By the sum of its Taylor series, which is exact enough for small arguments; beyond 4 it is 1 to eight digits. */
function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x);
  let [term, all] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-12; n++) {
    term *= (-x * x) / n;
    all += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * all;
}
