/**
 * What a rule measured against what it allows, for the eye: `0.34 > 0.30`. Digits are added until the two differ, so
 * that a value just beyond its bound does not read `0.30 > 0.30`.
 */
export function legible(measured: number, sign: '<' | '>', bound: number): string {
  if (Number.isInteger(measured) && Number.isInteger(bound)) return `${measured} ${sign} ${bound}`;
  for (let digits = 2; digits < 16; digits++) {
    const [left, right] = [measured.toFixed(digits), bound.toFixed(digits)];
    if (left !== right) return `${left} ${sign} ${right}`;
  }
  return `${measured} ${sign} ${bound}`;
}
