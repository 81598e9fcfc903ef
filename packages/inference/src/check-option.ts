import { LucieError } from '@lucie/ledger';

/** @throws LucieError `OPTION_INVALID` unless it fits */
export function checkOption(name: string, value: number, fits: boolean, expected: string): void {
  if (fits) return;
  throw new LucieError({
    code: 'OPTION_INVALID',
    found: `${name} ${value}`,
    expected,
    todo: `give ${name} another value`,
    exitCode: 2,
  });
}
