import * as cleaning from '../cleaning.ts';
import { family, from, onHub, type SubCorpus, type Variant } from '../sub-corpus.ts';

/** Who brought a sub-corpus along where no dataset is named. */
export const partners = 'brought along by partners of OpenLLM-France';
export const unstated = 'version not stated';

type Part = Pick<SubCorpus, 'category' | 'tokens' | 'documents'> & { rules?: SubCorpus['rules'] };

/** A part of the Pile without those under copyright. */
export function pilePart(part: string, source: string, figures: Part): SubCorpus[] {
  return family(
    {
      name: `Pile (${part})`,
      source,
      category: figures.category,
      version: unstated,
      licence: 'LicenseRef-Pile-uncopyrighted',
      origin: onHub('monology/pile-uncopyrighted'),
      released: `Pile/*${part}.parquet`,
      rules: figures.rules ?? cleaning.pile,
    },
    [['en', figures.tokens, figures.documents]],
  );
}

/** What Regards citoyens publishes of the French parliament, under CC BY-SA without a stated version. */
export function parliament(name: string, source: string, figures: Part): SubCorpus[] {
  return family(
    {
      name,
      source,
      category: figures.category,
      version: unstated,
      licence: 'CC-BY-SA-4.0',
      origin: from(`${partners}, from regardscitoyens.org`),
      released: `${name}/*.parquet`,
      rules: cleaning.parliament,
    },
    [['fr', figures.tokens, figures.documents]],
  );
}

/** A wiki of Wikimedia, from its Enterprise HTML dumps by the project's own converter. */
export function wiki(name: string, source: string, variants: readonly Variant[]): SubCorpus[] {
  return family(
    {
      name,
      source,
      category: 'wiki',
      version: unstated,
      licence: 'CC-BY-SA-4.0',
      origin: onHub(`OpenLLM-France/${source}`),
      released: `${name}/*.parquet`,
      rules: cleaning.wikimedia,
    },
    variants,
  );
}
