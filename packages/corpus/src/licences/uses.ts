import type { Licence } from './licence.ts';

/** Uses that someone may want the whole corpus to allow: `corpus what-if --licence …`. */
export const uses = {
  commercial: (licence: Licence) => licence.commercial,
  'attribution-free': (licence: Licence) => !licence.attribution,
  'no-share-alike': (licence: Licence) => !licence.shareAlike,
  redistribute: (licence: Licence) => licence.redistribute,
  modify: (licence: Licence) => licence.modify && licence.redistribute,
  /** The Open Definition's and the free software movement's sense: anyone, for any purpose, changed or not. */
  open: (licence: Licence) => licence.commercial && licence.modify && licence.redistribute,
} satisfies Record<string, (licence: Licence) => boolean>;

export type Use = keyof typeof uses;
