import type { Document } from '../../../document.ts';
import { Refusal, type Rule } from '../../rule.ts';
import { extraValue } from '../extra-number.ts';
import { legible } from '../legible.ts';
import type { RulesOptions } from '../rules-shape.ts';

type Options = Exclude<RulesOptions['authorDeath'], false>;

/**
 * Keeps works whose last author died long enough ago. Where no death is known, a birth long enough ago will do; where
 * neither is known, the work stays. `extra.authorDeath` and `extra.authorBirth` are a year or a list of years.
 */
export function authorDeath(options: Options): Rule {
  return {
    name: 'author-death',
    apply(document) {
      const death = lastYear(document, 'authorDeath');
      if (death !== undefined) return since(document, death, { options, event: 'death' });
      const birth = lastYear(document, 'authorBirth');
      return birth === undefined ? document : since(document, birth, { options, event: 'birth' });
    },
  };
}

function since(
  document: Document,
  year: number,
  { options, event }: { options: Options; event: 'death' | 'birth' },
): Document | Refusal {
  const byLanguage = event === 'death' ? options.afterDeath : options.afterBirth;
  const years = byLanguage[document.language] ?? byLanguage['*'];
  const passed = options.year - year;
  return years === undefined || passed >= years
    ? document
    : new Refusal(`${legible(passed, '<', years)} years after ${event} in ${year}`);
}

function lastYear(document: Document, field: string): number | undefined {
  const value = extraValue(document, field);
  const years = (Array.isArray(value) ? (value as unknown[]) : [value])
    .map((one) =>
      typeof one === 'string' && /^-?\d{1,4}(?:-\d\d(?:-\d\d)?)?$/.test(one) ? Number.parseInt(one, 10) : one,
    )
    .filter((one): one is number => typeof one === 'number' && Number.isInteger(one));
  return years.length === 0 ? undefined : Math.max(...years);
}
