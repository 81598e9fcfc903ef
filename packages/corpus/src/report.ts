import { type Amount, addTo, type Funnel, rules } from './clean/funnel.ts';
import type { Document, RejectedDocument } from './document.ts';
import { licences } from './licences.ts';
import type { Source } from './sources/source.ts';

export interface Share extends Amount {
  /** Part of the bytes of the training documents. */
  share: number;
}

/** `report.json`: what was read, what each rule took, what stayed, and of which languages and licences it is. */
export interface CorpusReport {
  format: 1;
  documents: Amount;
  heldOut: Amount;
  /** Shares of the training documents. */
  languages: Record<string, Share>;
  licences: Record<string, Share & { name: string; shareAlike: boolean; attribution: boolean }>;
  sources: (Funnel & {
    source: string;
    origin: Record<string, string>;
    attribution: string;
    homepage: string;
    licences: string[];
    languages: string[];
    share: number;
    /** First and last date of the training documents. */
    dates: { first: string; last: string };
  })[];
  /** The first refusals of each rule and source, for the eye. */
  samples: { source: string; rule: string; id: string; value: string; text: string }[];
}

const SAMPLES = 5;
const SAMPLE_CHARACTERS = 200;

export function makeReport(corpus: {
  train: readonly Document[];
  heldOut: readonly Document[];
  rejected: readonly RejectedDocument[];
  funnels: Map<string, Funnel>;
  sources: readonly Source[];
}): CorpusReport {
  const total = sum(corpus.train);
  const share = (amount: Amount): Share => ({ ...amount, share: ratio(amount.bytes, total.bytes) });
  return {
    format: 1,
    documents: total,
    heldOut: sum(corpus.heldOut),
    languages: mapValues(groupSum(corpus.train, 'language'), share),
    licences: Object.fromEntries(
      Object.entries(groupSum(corpus.train, 'licence')).map(([id, amount]) => {
        const { name, shareAlike, attribution } = licences[id]!;
        return [id, { ...share(amount), name, shareAlike, attribution }];
      }),
    ),
    sources: corpus.sources.map((source) => {
      const own = corpus.train.filter((document) => document.source === source.source);
      const kept = sum(own);
      const dates = own
        .map((document) => document.date)
        .filter(Boolean)
        .sort();
      return {
        source: source.source,
        origin: source.origin,
        attribution: source.attribution,
        homepage: source.homepage,
        licences: Object.keys(groupSum(own, 'licence')),
        languages: Object.keys(groupSum(own, 'language')),
        ...corpus.funnels.get(source.source)!,
        kept,
        heldOut: sum(corpus.heldOut.filter((document) => document.source === source.source)),
        share: ratio(kept.bytes, total.bytes),
        dates: { first: dates[0] ?? '', last: dates.at(-1) ?? '' },
      };
    }),
    samples: corpus.sources.flatMap(({ source }) =>
      rules.flatMap((rule) =>
        corpus.rejected
          .filter((document) => document.source === source && document.reason === rule)
          .slice(0, SAMPLES)
          .map(({ id, value, text }) => ({
            source,
            rule,
            id,
            value,
            text: text.slice(0, SAMPLE_CHARACTERS),
          })),
      ),
    ),
  };
}

function sum(documents: readonly Document[]): Amount {
  const amount = { documents: 0, bytes: 0 };
  for (const document of documents) addTo(amount, document);
  return amount;
}

function groupSum(documents: readonly Document[], by: 'language' | 'licence'): Record<string, Amount> {
  const groups = new Map<string, Amount>();
  for (const document of documents) {
    const amount = groups.get(document[by]) ?? { documents: 0, bytes: 0 };
    addTo(amount, document);
    groups.set(document[by], amount);
  }
  return Object.fromEntries([...groups].sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** Six digits: more would only be noise. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Number((part / whole).toFixed(6));
}
