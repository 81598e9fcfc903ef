import { z } from 'zod';

/** One score of the evaluation with its 95 % interval. */
export interface Score {
  /** Stable, e.g. `bits-per-byte-fr`. */
  name: string;
  metric: string;
  value: number;
  low: number | undefined;
  high: number | undefined;
  better: 'lower' | 'higher';
  /** What the project demands; undefined where it only reports. */
  bar: number | undefined;
  /** The same quantity from general-purpose compressors. */
  peer: { xz: number; zstd: number } | undefined;
}

const optionalNumber = z.number().optional().catch(undefined);

const shape = z.object({
  name: z.string(),
  metric: z.string().catch(''),
  value: z.number(),
  low: optionalNumber,
  high: optionalNumber,
  better: z.enum(['lower', 'higher']).catch('higher'),
  bar: optionalNumber,
  peer: z.object({ xz: z.number(), zstd: z.number() }).optional().catch(undefined),
});

/** The tasks in `scores.json`; an entry that is not one is left out. */
export function scoreRows(file: unknown): Score[] {
  const tasks = file !== null && typeof file === 'object' && 'tasks' in file ? file.tasks : [];
  return (Array.isArray(tasks) ? tasks : []).flatMap((row) => {
    const { data } = shape.safeParse(row);
    return data ? [{ ...data, low: data.low, high: data.high, bar: data.bar, peer: data.peer }] : [];
  });
}
