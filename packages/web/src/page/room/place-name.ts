import type { Citation } from '@lucie/retrieval';
import type { RoomDocument } from './room-api.ts';
import type { RoomTexts } from './room-texts.ts';

/** Where a passage stands, for people: its page, or its paragraph in a document that is all one page. */
export function placeName(
  cited: Citation,
  documents: readonly RoomDocument[],
  t: Pick<RoomTexts, 'onPage' | 'inParagraph'>,
): string {
  const pages = documents.find(({ id }) => id === cited.document)?.pages;
  return pages === 1 ? t.inParagraph(cited.paragraph) : t.onPage(cited.page);
}
