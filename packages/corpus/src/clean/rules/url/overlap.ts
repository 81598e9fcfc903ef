import { Refusal, type Rule } from '../../rule.ts';
import type { RulesOptions } from '../rules-shape.ts';

/**
 * Refuses documents whose address holds a keyword of their language anywhere, also inside a parameter, as the
 * original matched: what another source of the corpus brings in better form.
 */
export function overlap(options: Exclude<RulesOptions['overlap'], false>): Rule {
  const keywords = new Map(
    Object.entries(options.keywords).map(([language, own]) => [
      language,
      own.map((word) => word.toLowerCase()),
    ]),
  );
  return {
    name: 'url/overlap',
    apply(document) {
      const url = document.url.toLowerCase();
      const own = keywords.get(document.language) ?? keywords.get('*') ?? [];
      const found = own.find((keyword) => url.includes(keyword));
      return found === undefined ? document : new Refusal(found);
    },
  };
}
