import type { Superseded as Replaced } from '@lucie/retrieval';
import type { RoomDocument } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';

/** Says of which documents an answer did not quote what they say, since a quoted one replaces them. */
export function Superseded(props: { superseded: readonly Replaced[]; documents: readonly RoomDocument[] }) {
  const t = useRoomTexts();
  const { superseded, documents } = props;
  // Versions of a document often have one title, never one file's name.
  const nameOf = (id: number, title = '') => documents.find((each) => each.id === id)?.name ?? title;
  if (superseded.length === 0) return null;
  return (
    <ul className="superseded">
      {superseded.map(({ document, title, by }) => (
        <li key={`${document} ${by}`}>{t.superseded(nameOf(document, title), nameOf(by))}</li>
      ))}
    </ul>
  );
}
