import type { Document } from '../document.ts';

/** What is left of a document whose text is not to be kept anywhere. */
export function nameOf({ id, source }: Document): Document {
  return {
    ...{ id, source, text: '', title: '', url: '', extra: '{}' },
    ...{ licence: '', language: '', date: '' },
  };
}
