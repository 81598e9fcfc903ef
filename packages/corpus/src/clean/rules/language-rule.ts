import { checkLanguage, detectLanguage, detectsLanguage } from '../language.ts';
import { Refusal, type Rule } from '../rule.ts';
import { legible } from './legible.ts';
import type { RulesOptions } from './rules-shape.ts';

/** The text is in the language that its source states. Tags that the detector does not know are believed: `code:go`, `br`, `fr,en`. */
export function languageRule(options: Exclude<RulesOptions['language'], false>): Rule {
  return {
    name: 'language',
    apply(document) {
      if (!detectsLanguage(document.language)) return document;
      const { ok, found, share } = checkLanguage(document.text, document.language, options);
      if (ok) return document;
      return new Refusal(`${found}; ${document.language} ${legible(share, '<', options.minimumShare)}`);
    },
  };
}

/** Keeps documents tagged as, or by their text in, one of the languages; a text too short to tell stays. */
export function languagesRule({ keep, by }: Exclude<RulesOptions['languages'], false>): Rule {
  const kept = new Set(keep);
  return {
    name: 'languages',
    apply(document) {
      const found = by === 'tag' ? document.language : detectLanguage(document.text);
      return kept.has(found) || (by === 'text' && found === '') ? document : new Refusal(found);
    },
  };
}
