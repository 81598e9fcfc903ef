import { Refusal, type Rule } from '../../rule.ts';
import { extraValue } from '../extra-number.ts';
import type { RulesOptions } from '../rules-shape.ts';

/** Keeps documents whose statement of rights, in `extra`, holds one of the accepted texts. No statement is no permission. */
export function rights(options: Exclude<RulesOptions['rights'], false>): Rule {
  const accepted = options.accepted.map((text) => text.toLowerCase());
  return {
    name: 'rights',
    apply(document) {
      const stated = extraValue(document, options.field);
      if (typeof stated !== 'string' || stated === '') return new Refusal('none stated');
      const lower = stated.toLowerCase();
      return accepted.some((text) => lower.includes(text)) ? document : new Refusal(stated.slice(0, 200));
    },
  };
}
