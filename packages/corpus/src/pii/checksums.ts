/** Luhn's sum (ISO/IEC 7812-1 annex B) of a run of digits; valid when divisible by 10. */
export function luhnSum(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum;
}

export function passesLuhn(digits: string): boolean {
  return luhnSum(digits) % 10 === 0;
}

/** Remainder by 97 of a number of any length. */
export function mod97(digits: string): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + (digit.charCodeAt(0) - 48)) % 97;
  return rest;
}

/** The same digits but for the last, which is moved off the one that would pass. */
export function failingLuhn(digits: string): string {
  if (luhnSum(digits) % 10 !== 0) return digits;
  return digits.slice(0, -1) + ((Number(digits.at(-1)) + 3) % 10);
}
