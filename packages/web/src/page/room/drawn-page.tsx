import type { Citation } from '@lucie/retrieval';
import { useEffect, useRef } from 'react';
import { citedBoxes, DRAWN_WIDTH, drawBlock, drawnBox, sheetRatio } from './page-drawing.ts';
import type { DocumentPage } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';

/** A page drawn from its blocks and their boxes, the cited lines marked. */
export function DrawnPage(props: { page: DocumentPage; cited?: Citation | undefined }) {
  const t = useRoomTexts();
  const { page, cited } = props;
  const mark = useRef<SVGRectElement>(null);
  const ratio = sheetRatio(page);
  const block = cited && page.blocks[cited.paragraph - 1];
  const marks = cited && block ? citedBoxes(block, cited, cited.boxes) : [];
  // biome-ignore lint/correctness/useExhaustiveDependencies: again for another page or proof
  useEffect(() => {
    mark.current?.scrollIntoView({ block: 'center' });
  }, [page, cited]);
  return (
    <figure className="drawn">
      <svg
        viewBox={`0 0 ${DRAWN_WIDTH} ${DRAWN_WIDTH * ratio}`}
        role="img"
        aria-label={t.drawing(page.page, cited?.quote ?? '')}
      >
        {marks.map((box, i) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: boxes have no other name and do not move
            key={i}
            ref={i === 0 ? mark : null}
            className="mark"
            {...drawnBox(box, ratio)}
          />
        ))}
        {page.blocks.flatMap((each, at) =>
          drawBlock(each, ratio).map((line, i) => (
            <text
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name and do not move
              key={`${at} ${i}`}
              x={line.x}
              y={line.baseline}
              fontSize={line.size}
              fontWeight={line.bold ? 650 : 400}
              {...(line.width === undefined
                ? {}
                : { textLength: line.width, lengthAdjust: 'spacingAndGlyphs' })}
            >
              {line.text}
            </text>
          )),
        )}
      </svg>
      <figcaption className="hint">{t.drawingHelp}</figcaption>
    </figure>
  );
}
