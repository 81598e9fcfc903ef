/**
 * The licence that a model card names in its head (`license: apache-2.0`), with the name behind `other`; null where it
 * names none.
 */
export function licenceOfCard(card: string): string | null {
  const text = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(card)?.[1] ?? '';
  // Comments begin after a space, outside of quotes.
  const head = text.replace(/("[^"\n]*"|(?<=[\s[,])'[^'\n]*')|(?:^|[ \t])#.*$/gm, '$1');
  const field = (name: string) => {
    const inline = new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(head)?.[1] ?? '';
    const list = new RegExp(`^${name}:[ \\t]*\\r?\\n((?:[ \\t]*- .*\\r?\\n?)+)`, 'm').exec(head)?.[1] ?? '';
    const items = inline.trim() ? inline.replace(/^\[|\]\s*$/g, '').split(',') : list.split(/^[ \t]*- /m);
    return items
      .map((item) => item.trim().replace(/^(['"])(.*)\1$/, '$2'))
      .filter(Boolean)
      .join(', ');
  };
  const licence = field('license');
  const named = [licence, field('license_name'), field('license_link')].filter(Boolean);
  return (licence.toLowerCase() === 'other' ? named.join(' · ') : licence) || null;
}
