import { wholeTokens } from './estimate-tokens.ts';
import { languageGroup } from './language-group.ts';

/** Tokens of a source in one language, before epochs, not rounded. */
export interface Part {
  language: string;
  tokens: number;
}

export interface ComposedSource {
  source: string;
  category: string;
  epochs: number;
  parts: readonly Part[];
}

/** What something has of the text there is, and of what training sees. */
export interface Composed {
  tokens: number;
  /** Tokens × epochs. */
  trainedTokens: number;
  /** Of all tokens that there are, 0 to 1. */
  share: number;
  /** Of all tokens that training sees, 0 to 1. */
  trainedShare: number;
}

/** The mix by source (in their order), by language group and by category (most trained first). */
export interface Composition {
  tokens: number;
  trainedTokens: number;
  sources: Record<string, Composed>;
  languages: Record<string, Composed>;
  categories: Record<string, Composed>;
}

/** Adds up what is there and, times epochs, what is trained on. */
export function compose(sources: readonly ComposedSource[]): Composition {
  const bySource = new Map<string, Composed>();
  const byLanguage = new Map<string, Composed>();
  const byCategory = new Map<string, Composed>();
  let tokens = 0;
  let trainedTokens = 0;
  for (const { source, category, epochs, parts } of sources) {
    for (const part of parts) {
      const trained = part.tokens * epochs;
      tokens += part.tokens;
      trainedTokens += trained;
      add(bySource, source, { tokens: part.tokens, trained });
      add(byLanguage, languageGroup(part.language), { tokens: part.tokens, trained });
      add(byCategory, category, { tokens: part.tokens, trained });
    }
  }
  const settle = (
    sums: Map<string, Composed>,
    order: (a: [string, Composed], b: [string, Composed]) => number,
  ) =>
    Object.fromEntries(
      [...sums].sort(order).map(([name, sum]) => [
        name,
        {
          tokens: wholeTokens(sum.tokens),
          trainedTokens: wholeTokens(sum.trainedTokens),
          share: round(sum.tokens / tokens),
          trainedShare: round(sum.trainedTokens / trainedTokens),
        },
      ]),
    );
  const mostTrained = (a: [string, Composed], b: [string, Composed]) =>
    b[1].trainedTokens - a[1].trainedTokens || (a[0] < b[0] ? -1 : 1);
  return {
    tokens: wholeTokens(tokens),
    trainedTokens: wholeTokens(trainedTokens),
    sources: settle(bySource, () => 0),
    languages: settle(byLanguage, mostTrained),
    categories: settle(byCategory, mostTrained),
  };
}

function add(sums: Map<string, Composed>, name: string, part: { tokens: number; trained: number }): void {
  const sum = sums.get(name) ?? { tokens: 0, trainedTokens: 0, share: 0, trainedShare: 0 };
  sum.tokens += part.tokens;
  sum.trainedTokens += part.trained;
  sums.set(name, sum);
}

/** Six decimals; nothing of nothing is nothing. */
function round(share: number): number {
  return Number.isFinite(share) ? Number(share.toFixed(6)) : 0;
}
