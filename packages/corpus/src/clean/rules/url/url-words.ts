import { Refusal, type Rule } from '../../rule.ts';
import { legible } from '../legible.ts';
import type { RulesOptions } from '../rules-shape.ts';

/** Refuses addresses with more listed words than allowed. A word ends where no letter or digit follows: `essex.gov` has no `sex`. */
export function urlWords(options: Exclude<RulesOptions['urlWords'], false>): Rule {
  const listed = new Set(options.words.map((word) => word.toLowerCase()));
  return {
    name: 'url/words',
    apply(document) {
      const found = document.url
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .filter((word) => listed.has(word));
      return found.length > options.maximum
        ? new Refusal(`${legible(found.length, '>', options.maximum)}, e.g. "${found[0]}"`)
        : document;
    },
  };
}
