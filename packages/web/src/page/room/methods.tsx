import type { RoomInfo } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';

/** Which search and which answers this room has, in words. */
export function Methods({ room }: { room: RoomInfo }) {
  const t = useRoomTexts();
  const meaning = room.search === 'words-and-meaning';
  const written = room.answers === 'generative';
  return (
    <dl className="methods" aria-label={t.methods}>
      <div>
        <dt>{meaning ? t.searchMeaning : t.searchWords}</dt>
        <dd>{meaning ? t.searchMeaningHelp : t.searchWordsHelp}</dd>
      </div>
      <div>
        <dt>{written ? t.answerWritten : t.answerQuotes}</dt>
        <dd>{written ? t.answerWrittenHelp : t.answerQuotesHelp}</dd>
      </div>
    </dl>
  );
}
