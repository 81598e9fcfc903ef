import { z } from 'zod';

/** One score of the evaluation with its interval. */
export interface Score {
  name: string;
  value: number;
  low: number | undefined;
  high: number | undefined;
  unit: string;
}

const shape = z.object({
  name: z.string(),
  value: z.number(),
  low: z.number().optional().catch(undefined),
  high: z.number().optional().catch(undefined),
  unit: z.string().catch(''),
});

/** The scores in `scores.json`; what is not one is left out. */
export function scoreRows(file: unknown): Score[] {
  const list = file !== null && typeof file === 'object' && 'scores' in file ? file.scores : [];
  return (Array.isArray(list) ? list : []).flatMap((row) => {
    const { data } = shape.safeParse(row);
    return data ? [{ ...data, low: data.low, high: data.high }] : [];
  });
}
