import { copyleftLicences } from './copyleft.ts';
import type { Licence } from './licence.ts';
import { permissive, publicDomain } from './open.ts';
import { restricted } from './restricted.ts';

/**
 * Licences of texts in use, by SPDX identifier where there is one, else a `LicenseRef-…` of ours. A package's licence
 * may cover its code only: what a document carries is the licence of the text inside, as its publisher states it.
 * This is a reading, not legal advice; where a flag is a judgement a comment says so.
 */
export const licences: Readonly<Record<string, Licence>> = {
  ...publicDomain,
  ...permissive,
  ...copyleftLicences,
  ...restricted,
};
