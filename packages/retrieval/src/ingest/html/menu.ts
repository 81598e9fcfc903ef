import type { DefaultTreeAdapterTypes } from 'parse5';
import { rawText } from './raw-text.ts';

type Element = DefaultTreeAdapterTypes.Element;

/** A `<nav>` that was never closed holds the whole page: of a menu, this share is links. */
const MOSTLY_LINKS = 0.6;

/** Whether an element is a menu of its web site, which is on every page and part of none. */
export function isMenu(element: Element): boolean {
  const role = element.attrs.find(({ name }) => name === 'role')?.value;
  if (element.tagName !== 'nav' && role !== 'navigation') return false;
  return letters(linkText(element)) >= MOSTLY_LINKS * letters(rawText(element));
}

function linkText(parent: DefaultTreeAdapterTypes.ParentNode): string {
  let text = '';
  for (const child of parent.childNodes) {
    if ('tagName' in child) text += child.tagName === 'a' ? rawText(child) : linkText(child);
  }
  return text;
}

const letters = (text: string): number => text.replace(/\s+/g, '').length;
