import { readFile } from 'node:fs/promises';

/** A run's curve as columns of equal length. */
export interface Curve {
  step: number[];
  /** Mean cross-entropy per token, in nats. */
  loss: number[];
  /** Learning rate. */
  lr: number[];
  /** Steps that one point is the mean of; 1 means every step is there. */
  every: number;
}

/** Most points that a page is sent. */
export const MAX_POINTS = 2000;

/**
 * Reads `metrics.jsonl` (one object with step, loss, lr per line). Lines that are not such an object are passed over:
 * a run at work may be writing its last one.
 * @returns undefined when there is no file or no point in it
 */
export async function readCurve(path: string): Promise<Curve | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  const curve: Curve = { step: [], loss: [], lr: [], every: 1 };
  for (const line of text.split('\n')) {
    const point = parsePoint(line);
    if (!point) continue;
    curve.step.push(point.step);
    curve.loss.push(point.loss);
    curve.lr.push(point.lr);
  }
  return curve.step.length === 0 ? undefined : thin(curve, MAX_POINTS);
}

function parsePoint(line: string): { step: number; loss: number; lr: number } | undefined {
  if (line === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  const { step, loss, lr } = value as Record<string, unknown>;
  if (typeof step !== 'number' || typeof loss !== 'number' || typeof lr !== 'number') return undefined;
  return { step, loss, lr };
}

/** At most `most` points, each the mean of `every` neighbours under the last one's step. */
export function thin(curve: Curve, most: number): Curve {
  const every = Math.ceil(curve.step.length / most);
  if (every === 1) return curve;
  const thinned: Curve = { step: [], loss: [], lr: [], every };
  for (let at = 0; at < curve.step.length; at += every) {
    const end = Math.min(at + every, curve.step.length);
    thinned.step.push(curve.step[end - 1]!);
    thinned.loss.push(mean(curve.loss.slice(at, end)));
    thinned.lr.push(mean(curve.lr.slice(at, end)));
  }
  return thinned;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
