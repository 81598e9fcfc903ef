export type { Freedoms, Licence } from './licences/licence.ts';
export { parseLicence } from './licences/parse-licence.ts';
export { licenceRank } from './licences/rank.ts';
export { licences } from './licences/table.ts';
export { type Use, uses } from './licences/uses.ts';
