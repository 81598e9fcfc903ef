import type { DuckDBConnection } from '@duckdb/node-api';
import { compose } from './composition.ts';
import { epochsOf } from './epochs.ts';
import { bytesPerToken, estimateTokens } from './estimate-tokens.ts';
import type { Mix } from './mix-file.ts';
import type { SelectOptions } from './select-step.ts';

interface Group {
  source: string;
  language: string;
  licence: string;
  heldOut: boolean;
  documents: number;
  bytes: number;
}

/** What was selected, as `mix.json`. */
export async function describeMix(
  database: DuckDBConnection,
  opts: { sources: readonly string[]; options: SelectOptions },
): Promise<Mix> {
  const { mix } = opts.options;
  const groups = await groupsOf(database);
  const sources = opts.sources.map((source) => {
    const own = groups.filter((group) => group.source === source);
    const category = opts.options.sources[source]?.category ?? 'other';
    const trained = own.filter((group) => !group.heldOut);
    const heldOut = own.filter((group) => group.heldOut);
    const languages = mostFirst(own, 'language');
    return {
      source,
      category,
      languages: [...languages.keys()],
      licences: [...mostFirst(own, 'licence').keys()],
      documents: total(trained, 'documents'),
      bytes: total(trained, 'bytes'),
      heldOutDocuments: total(heldOut, 'documents'),
      heldOutBytes: total(heldOut, 'bytes'),
      parts: [...mostFirst(trained, 'language')].map(([language, bytes]) => ({
        language,
        tokens: estimateTokens(bytes, language, category),
      })),
    };
  });
  const epochs = epochsOf(
    sources.map(({ source, languages, category, bytes }) => ({
      source,
      language: languages[0] ?? '',
      category,
      bytes,
      epochs: opts.options.sources[source]?.epochs,
    })),
    mix,
  ).map((value) => Number(value.toPrecision(9)));
  const composition = compose(sources.map((source, i) => ({ ...source, epochs: epochs[i]! })));
  return {
    format: 1,
    order: mix.order,
    temperature: mix.temperature,
    bytesPerToken: { ...bytesPerToken },
    tokens: composition.tokens,
    trainedTokens: composition.trainedTokens,
    sources: sources.map(({ parts: _, ...source }, i) => ({
      ...source,
      epochs: epochs[i]!,
      ...(composition.sources[source.source] ?? { tokens: 0, trainedTokens: 0, share: 0, trainedShare: 0 }),
    })),
    languages: composition.languages,
    categories: composition.categories,
  };
}

async function groupsOf(database: DuckDBConnection): Promise<Group[]> {
  const result = await database.runAndReadAll(
    `SELECT source, language, licence, held_out, count(*)::DOUBLE, sum(bytes)::DOUBLE FROM docs WHERE reason IS NULL
      GROUP BY ALL ORDER BY ALL`,
  );
  return result.getRows().map(([source, language, licence, heldOut, documents, bytes]) => ({
    source: String(source),
    language: String(language),
    licence: String(licence),
    heldOut: Boolean(heldOut),
    documents: Number(documents),
    bytes: Number(bytes),
  }));
}

/** Bytes by language or licence, most first. */
function mostFirst(groups: readonly Group[], by: 'language' | 'licence'): Map<string, number> {
  const sums = new Map<string, number>();
  for (const group of groups) sums.set(group[by], (sums.get(group[by]) ?? 0) + group.bytes);
  return new Map([...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}

function total(groups: readonly Group[], of: 'documents' | 'bytes'): number {
  return groups.reduce((sum, group) => sum + group[of], 0);
}
