import { htmlToText } from './html-to-text.ts';

/** Elements of DocBook 4 and Mallard 1.0 and the elements of HTML that read the same. */
const AS_HTML = new Map(
  Object.entries({
    h2: 'title',
    p: 'para simpara p screenshot term glossterm question answer desc',
    ul: 'itemizedlist orderedlist procedure steps list variablelist simplelist terms tree',
    li: 'listitem step item member',
    pre: 'programlisting screen code literallayout synopsis',
    tr: 'row tr',
    td: 'entry td',
    div: 'sect1 sect2 sect3 sect4 section chapter note tip warning caution important example figure table informaltable page appendix qandaentry callout',
  }).flatMap(([html, names]) => names.split(' ').map((name) => [name, html] as const)),
);
/** Facts about the text, pictures, index marks: nothing that reads as text. */
const SKIP =
  /^<(info|bookinfo|articleinfo|chapterinfo|sect1info|refentryinfo|indexterm|mediaobject|inlinemediaobject|textobject|media|credit|revhistory|keywordset|primary|secondary|anchor|links|colspec|legalnotice|copyright|authorgroup|cite|titleabbrev|mal:credit|math|its:rules)\b/;

/**
 * Plain text of DocBook or Mallard: structure as in HTML, entities of the document under their own names.
 * @param titleOf - the title of another page, for links that show it
 */
export function docbookToText(xml: string, titleOf: (id: string) => string = () => ''): string {
  const html = xml
    .replace(/<\?[\s\S]*?\?>|<!DOCTYPE[^[>]*(\[[\s\S]*?\]\s*)?>/g, '')
    .replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, text: string) => text.replaceAll('<', '&lt;'))
    .replace(/<link\b[^>]*?\bxref="([^"#]*)[^"]*"[^>]*\/>/g, (_, id: string) => titleOf(id))
    .replace(/<link\b[^>]*?\bhref="([^"]*)"[^>]*\/>/g, '$1')
    .replace(/\s+(?=<\/menuchoice\s*>)/g, '')
    .replace(/(<\/gui(?:menu|submenu|menuitem)\s*>)\s*(?=<gui(?:submenu|menuitem)\b)/g, '$1 → ')
    // KDE closes its tags on the next line.
    .replace(/<(\/?)([a-zA-Z:]+[1-9]?)([^<>]*)>/g, (whole, slash: string, name: string, rest: string) => {
      const as = AS_HTML.get(name);
      if (as === 'pre' && name === 'code' && !/mime|\n/.test(rest)) return whole;
      return as ? `<${slash}${as}${rest.replace(/\s+$/, '')}>` : whole;
    })
    .replace(/&([a-zA-Z][\w.-]{1,40});/g, (whole, name: string) => entityName(name) ?? whole);
  return htmlToText(html, { skip: SKIP, preformatted: true });
}

/** `&kate;` is Kate, `&Ctrl;` is Ctrl; those of HTML are decoded later. */
function entityName(name: string): string | undefined {
  if (
    /^(amp|lt|gt|quot|apos|nbsp|mdash|ndash|hellip|laquo|raquo|copy|reg|trade|[lr][sd]quo|[bs]dquo|[a-zA-Z]{1,2}(acute|grave|circ|uml|tilde|cedil|slash|ring|lig))$/.test(
      name,
    )
  )
    return undefined;
  const words: Record<string, string> = {
    eg: 'e.g.',
    ie: 'i.e.',
    etc: 'etc.',
    kde: 'KDE',
    percnt: '%',
    rarr: '→',
  };
  return words[name] ?? (/^[a-z]/.test(name) ? name.replace(/^./, (first) => first.toUpperCase()) : name);
}
