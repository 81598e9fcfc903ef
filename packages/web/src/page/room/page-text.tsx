import type { Block, Citation, Page } from '@lucie/retrieval';
import { useEffect, useRef } from 'react';
import { markSegments, type Span, spansWithin } from './mark-text.ts';
import { pieces } from './pieces.ts';
import { useRoomTexts } from './room-texts.ts';
import { TableBox } from './table-box.tsx';

/** A page's paragraphs as text, the cited words marked; nothing in them becomes markup. */
export function PageText(props: { page: Page; cited?: Citation | undefined; scroll: boolean }) {
  const t = useRoomTexts();
  const { page, cited, scroll } = props;
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: again for another page or proof
  useEffect(() => {
    if (scroll) place.current?.querySelector('mark')?.scrollIntoView({ block: 'center' });
  }, [page, cited, scroll]);
  if (page.blocks.length === 0) return <p className="remark">{page.scanned ? t.scannedPage : t.emptyPage}</p>;
  return (
    <div className="page-text" ref={place}>
      {page.blocks.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs are known by their number
        <BlockText key={i} block={block} spans={cited?.paragraph === i + 1 ? [cited] : []} />
      ))}
    </div>
  );
}

function BlockText({ block, spans }: { block: Block; spans: readonly Span[] }) {
  if (block.kind === 'heading')
    return (
      <p className="page-heading">
        <Marked text={block.text} spans={spans} />
      </p>
    );
  if (block.kind === 'text')
    return (
      <p>
        <Marked text={block.text} spans={spans} />
      </p>
    );
  const lines = pieces(block.text, '\n');
  if (block.kind === 'list')
    return (
      <ul>
        {lines.map(({ text, start, end }) => (
          <li key={start}>
            <Marked text={text} spans={spansWithin(spans, { start, end })} />
          </li>
        ))}
      </ul>
    );
  return (
    <TableBox>
      <tbody>
        {lines.map((line) => (
          <tr key={line.start}>
            {pieces(line.text, ' | ').map(({ text, start, end }) => (
              <td key={start}>
                <Marked
                  text={text}
                  spans={spansWithin(spans, { start: line.start + start, end: line.start + end })}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}

function Marked({ text, spans }: { text: string; spans: readonly Span[] }) {
  return markSegments(text, spans).map((segment) =>
    segment.marked ? <mark key={segment.start}>{segment.text}</mark> : segment.text,
  );
}
