/** A labelled example. */
export interface Example {
  x: readonly number[];
  y: 0 | 1;
  /** Default 1. */
  weight?: number;
}

/**
 * Logistic regression by Newton's method with an L2 penalty on standardised features; without any random numbers, so
 * that the same examples give the same weights.
 * @param ridge - penalty on each standardised weight, not on the bias
 * @returns bias and weights for the features as they are
 */
export function fitLogistic(
  examples: readonly Example[],
  ridge: number,
): { bias: number; weights: number[] } {
  const width = examples[0]!.x.length;
  const mean = column(width, (i) => average(examples.map(({ x }) => x[i]!)));
  const scale = column(
    width,
    (i) => Math.sqrt(average(examples.map(({ x }) => (x[i]! - mean[i]!) ** 2))) || 1,
  );
  const rows = examples.map(({ x }) => [1, ...x.map((value, i) => (value - mean[i]!) / scale[i]!)]);
  const beta = new Array<number>(width + 1).fill(0);
  for (let step = 0; step < 50; step++) {
    const gradient = beta.map((value, i) => (i === 0 ? 0 : -ridge * value));
    const hessian = beta.map((_, i) => beta.map((__, j) => (i === j ? (i === 0 ? 1e-9 : ridge) : 0)));
    for (const [at, row] of rows.entries()) {
      const { y, weight = 1 } = examples[at]!;
      const p = 1 / (1 + Math.exp(-row.reduce((sum, value, i) => sum + value * beta[i]!, 0)));
      for (let i = 0; i <= width; i++) {
        gradient[i]! += weight * (y - p) * row[i]!;
        for (let j = 0; j <= width; j++) hessian[i]![j]! += weight * p * (1 - p) * row[i]! * row[j]!;
      }
    }
    const move = solve(hessian, gradient);
    for (let i = 0; i <= width; i++) beta[i]! += move[i]!;
    if (Math.max(...move.map(Math.abs)) < 1e-10) break;
  }
  const weights = scale.map((value, i) => beta[i + 1]! / value);
  return { bias: beta[0]! - weights.reduce((sum, value, i) => sum + value * mean[i]!, 0), weights };
}

/** Solves a symmetric positive definite system by elimination with the largest pivot. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < rows.length; i++) {
    let pivot = i;
    for (let r = i + 1; r < rows.length; r++)
      if (Math.abs(rows[r]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = r;
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    for (let r = i + 1; r < rows.length; r++) {
      const factor = rows[r]![i]! / rows[i]![i]!;
      for (let c = i; c <= rows.length; c++) rows[r]![c]! -= factor * rows[i]![c]!;
    }
  }
  const x = new Array<number>(rows.length).fill(0);
  for (let i = rows.length - 1; i >= 0; i--) {
    let sum = rows[i]![rows.length]!;
    for (let c = i + 1; c < rows.length; c++) sum -= rows[i]![c]! * x[c]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}

function column(length: number, value: (i: number) => number): number[] {
  return Array.from({ length }, (_, i) => value(i));
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
