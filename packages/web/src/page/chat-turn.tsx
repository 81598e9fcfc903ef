import { useLocale } from './locale.tsx';
import type { Texts } from './texts.ts';
import type { Turn } from './use-chat.ts';

/** One message. Its text is shown as plain text: nothing in it becomes a link, an image or code. */
export function ChatTurn(props: { turn: Turn; contextSize: number | undefined }) {
  const { t, format } = useLocale();
  const { turn } = props;
  const failed = turn.state === 'failed';
  return (
    <li className={`turn ${turn.role}`} data-state={turn.state}>
      <p className="who">{turn.role === 'user' ? t.you : t.model}</p>
      <p className="text">
        {turn.content || (turn.state === 'done' ? t.noAnswer : '')}
        {turn.state === 'writing' && <span className="caret" aria-hidden="true" />}
      </p>
      {failed && (
        <p className="problem" role="alert">
          {explain(turn.error, t, format.whole(props.contextSize ?? 0))}
        </p>
      )}
      {turn.role === 'assistant' && turn.state !== 'writing' && !failed && (
        <p className="meta">
          {turn.state === 'cut' && <span>{t.cut}</span>}
          {turn.state === 'stopped' && <span>{t.stopped}</span>}
          {turn.tokens !== undefined && <span>{t.tokens(format.whole(turn.tokens))}</span>}
        </p>
      )}
    </li>
  );
}

function explain(code: string | undefined, t: Texts, contextSize: string): string {
  if (code === 'context_length_exceeded') return t.tooLong(contextSize);
  if (code === 'too_many_requests') return t.busy;
  if (code === 'unreachable' || code === 'unknown' || code === 'stopping' || code === 'cancelled')
    return t.unreachable;
  return t.failed;
}
