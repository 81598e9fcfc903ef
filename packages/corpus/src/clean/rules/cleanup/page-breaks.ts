import type { Rule } from '../../rule.ts';

/** Form feeds, which the rules about pages need, become ends of paragraphs. Comes after those rules. */
export const pageBreaks: Rule = {
  name: 'page-breaks',
  apply(document) {
    if (!document.text.includes('\f')) return document;
    const pages = document.text.split('\f').map((page) => page.trim());
    return { ...document, text: pages.filter(Boolean).join('\n\n') };
  },
};
