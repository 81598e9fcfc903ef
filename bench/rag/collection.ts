import { type CourseText, placeKey, type QuestionSet } from '@lucie/evaluation';
import { hashJson, type Progress } from '@lucie/ledger';
import { type Embedder, type ParsedDocument, Room } from '@lucie/retrieval';

/** A place in a room. */
interface Spot {
  document: number;
  page: number;
  paragraph: number;
}

/** All texts of a set in one room. */
export interface Collection extends Disposable {
  room: Room;
  /** Where a hit or a citation stands in the set's texts. */
  placeOf(spot: Spot): string;
}

/** A text as the readers of files would give it. Its paragraphs keep their numbers: a block each. */
export function asParsed({ title, pages }: CourseText): ParsedDocument {
  return {
    title,
    format: 'markdown',
    pages: pages.map(({ page, paragraphs }) => ({
      page,
      blocks: paragraphs.map(({ kind, text }) =>
        kind === 'heading' ? { kind, text, level: 1 } : { kind, text },
      ),
    })),
    hidden: [],
    warnings: [],
  };
}

/**
 * Puts a set's texts into a new room.
 * @param path - of the room's file
 * @throws LucieError of the room
 */
export async function collect(
  set: Pick<QuestionSet, 'name' | 'texts'>,
  path: string,
  opts: { embedder?: Embedder | undefined; progress: Progress },
): Promise<Collection> {
  const room = Room.open(path, opts.embedder ? { embedder: opts.embedder } : {});
  try {
    const ids = new Map<number, string>();
    opts.progress.start(`${set.name} into a room`, set.texts.length, 'texts');
    for (const [i, text] of set.texts.entries()) {
      const file = { name: `${text.id}.md`, sha256: hashJson(text), bytes: JSON.stringify(text).length };
      const { document } = await room.add(asParsed(text), file);
      if (!ids.has(document.document)) ids.set(document.document, text.id);
      opts.progress.update(i + 1);
    }
    opts.progress.end();
    return {
      room,
      placeOf({ document, page, paragraph }) {
        return placeKey({ text: ids.get(document) ?? `document ${document}`, page, paragraph });
      },
      [Symbol.dispose]: () => room[Symbol.dispose](),
    };
  } catch (error) {
    room[Symbol.dispose]();
    throw error;
  }
}
