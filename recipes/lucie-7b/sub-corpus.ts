import type { RulesInput } from '@lucie/corpus';

/** What kind of text it is, as the dataset card of the Lucie Training Dataset groups its sources. */
export type Category =
  | 'web'
  | 'newspaper'
  | 'technical'
  | 'book'
  | 'legislative-texts'
  | 'legislative-transcripts'
  | 'wiki'
  | 'math'
  | 'forum'
  | 'dialogue'
  | 'parallel'
  | 'programming';

/** One sub-corpus of Lucie-7B in one language. */
export interface SubCorpus {
  /** As the Lucie Training Dataset names it: `RedPajama`, `Pile (FreeLaw)`. */
  name: string;
  /** Ours: short, usable as a file name. */
  source: string;
  /** ISO 639-1, `code:<language>`, or a pair. */
  language: string;
  category: Category;
  /** What the reference took, as far as it says. */
  version: string;
  /** Key of `licences`. */
  licence: string;
  /** In the original's tokens, of which training saw this times the epochs. */
  tokens: number;
  documents: number;
  /** Where the reference took it from. `hub` undefined: no dataset of the hub, or nobody says which. */
  origin: { hub: string | undefined; revision: string | undefined; from: string };
  /** Its files in the Lucie Training Dataset; undefined where it was withdrawn. */
  released: string | undefined;
  /** The original's own cleaning. */
  rules: RulesInput;
}

/** What the language variants of a sub-corpus share. */
interface Family extends Pick<SubCorpus, 'category' | 'version' | 'licence' | 'origin'> {
  name: string;
  /** `redpajama`: `-<language>` is put behind where there are several. */
  source: string;
  rules: RulesInput;
  /** Folder and file pattern under the language; `false` where it was withdrawn. */
  released: string | false;
}

/** Language, tokens in billions and documents in millions, as the dataset card prints them; own rules where they differ. */
export type Variant = readonly [language: string, tokens: number, documents: number, rules?: RulesInput];

/** The sub-corpora of one name, one per language. */
export function family(common: Family, variants: readonly Variant[]): SubCorpus[] {
  const { name, source, released, rules: shared, ...rest } = common;
  return variants.map(([language, tokens, documents, rules]) => ({
    ...rest,
    name,
    source: variants.length === 1 ? source : `${source}-${slug(language)}`,
    language,
    tokens: Math.round(tokens * 1e9),
    documents: Math.round(documents * 1e6),
    released: released === false ? undefined : `${folderOf(language)}/${released}`,
    rules: rules ?? shared,
  }));
}

/** An origin on the hub: its name is known, the commit that the reference read is not. */
export function onHub(hub: string): SubCorpus['origin'] {
  return { hub, revision: undefined, from: `huggingface.co/datasets/${hub}` };
}

/** An origin elsewhere, or one that the partners of the project brought along. */
export function from(place: string): SubCorpus['origin'] {
  return { hub: undefined, revision: undefined, from: place };
}

function folderOf(language: string): string {
  return language.startsWith('code:') ? `code/${language.slice('code:'.length)}` : `natural/${language}`;
}

function slug(language: string): string {
  return language.replace('code:', '').replace('c++', 'cpp').replace('c#', 'csharp');
}
