import { languageGroup } from './language-group.ts';
import type { EpochRule, MixOptions } from './options.ts';

/** What decides how often a source is seen. */
export interface WeighedSource {
  source: string;
  /** Most of its bytes are in this language. */
  language: string;
  category: string;
  bytes: number;
  /** Its own, which goes before all rules. */
  epochs?: number | undefined;
}

/** How often each source is seen relative to the others, in their order: own epochs, else rules and temperature. */
export function epochsOf(
  sources: readonly WeighedSource[],
  options: Pick<MixOptions, 'epochs' | 'temperature'>,
): number[] {
  const ruled = sources.map((source) => source.epochs ?? ruleFor(source, options.epochs)?.epochs ?? 1);
  const factors = temperatureFactors(
    sources.flatMap(({ language, bytes, epochs }, i) =>
      epochs === undefined ? [{ language: languageGroup(language), weight: bytes * ruled[i]! }] : [],
    ),
    options.temperature,
  );
  return sources.map((source, i) =>
    source.epochs === undefined ? ruled[i]! * (factors.get(languageGroup(source.language)) ?? 1) : ruled[i]!,
  );
}

function ruleFor(
  source: Pick<WeighedSource, 'language' | 'category'>,
  rules: readonly EpochRule[],
): EpochRule | undefined {
  return rules.find(
    ({ language, category }) =>
      (language === undefined || language === languageGroup(source.language)) &&
      (category === undefined || category === source.category),
  );
}

/**
 * What the weight of each language is multiplied with so that its share becomes w^(1/τ) ÷ Σ w^(1/τ), the sum of all
 * weights staying what it was. Languages without weight are left out.
 */
export function temperatureFactors(
  parts: readonly { language: string; weight: number }[],
  temperature: number,
): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { language, weight } of parts)
    if (weight > 0) weights.set(language, (weights.get(language) ?? 0) + weight);
  if (temperature === 1) return new Map([...weights.keys()].map((language) => [language, 1]));
  const total = [...weights.values()].reduce((a, b) => a + b, 0);
  const powers = new Map(
    [...weights].map(([language, weight]) => [language, (weight / total) ** (1 / temperature)]),
  );
  const sum = [...powers.values()].reduce((a, b) => a + b, 0);
  return new Map(
    [...weights].map(([language, weight]) => [language, (powers.get(language)! / sum) * (total / weight)]),
  );
}
