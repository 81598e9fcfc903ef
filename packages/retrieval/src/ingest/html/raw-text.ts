import type { DefaultTreeAdapterTypes } from 'parse5';

/** All text inside an element, whether anybody sees it or not. */
export function rawText(parent: DefaultTreeAdapterTypes.ParentNode): string {
  let text = '';
  for (const child of parent.childNodes) {
    if (child.nodeName === '#text') text += (child as DefaultTreeAdapterTypes.TextNode).value;
    else if ('childNodes' in child) text += rawText(child);
  }
  return text;
}
