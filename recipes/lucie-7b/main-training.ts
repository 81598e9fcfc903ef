/**
 * Lucie-7B's main training as it ran (repository Lucie-Training, its job of the main pretraining; model card). Batches
 * grew: 256 sequences, 64 more every twelfth of the first 10 million sequences, 1,024 from then on. Our base stage
 * knows one size of batch, so the recipe takes the last and keeps the number of sequences: fewer steps, the same text.
 */
export const mainTraining = {
  sequences: 762_144_586,
  sequenceLength: 4096,
  batch: { first: 256, by: 64, last: 1024, overSequences: 10_000_000 },
  /** With batches that grow. */
  steps: 753_851,
  warmupSequences: 2_000_000,
  parameters: 6_706_958_336,
  devices: 512,
} as const;

/** Steps that so many sequences take while batches grow. */
export function stepsWhileGrowing(sequences: number): number {
  const { first, by, last, overSequences } = mainTraining.batch;
  const rises = (last - first) / by;
  let left = sequences;
  let steps = 0;
  for (let size: number = first; size < last && left > 0; size += by) {
    const here = Math.min(left, overSequences / rises);
    steps += here / size;
    left -= here;
  }
  return steps + left / last;
}
