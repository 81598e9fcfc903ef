import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useRoomTexts } from './room-texts.ts';

/** Takes files that are dropped on it, or chosen by its button. */
export function DropZone(props: { onFiles: (files: File[]) => void }) {
  const t = useRoomTexts();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  useEffect(() => {
    // A file that misses the zone must not take the browser away from the page.
    const hold = (event: Event) => event.preventDefault();
    addEventListener('dragover', hold);
    addEventListener('drop', hold);
    return () => {
      removeEventListener('dragover', hold);
      removeEventListener('drop', hold);
    };
  }, []);

  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) props.onFiles(files);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a pointer's way; the button inside is everybody's
    <div
      className="drop"
      data-over={over}
      onDragEnter={() => setOver(true)}
      onDragOver={(event) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={onDrop}
    >
      <p className="drop-title">{over ? t.dropNow : t.drop}</p>
      <button type="button" className="send" aria-describedby="kinds" onClick={() => input.current?.click()}>
        {t.choose}
      </button>
      <p id="kinds" className="hint">
        {t.kinds}
      </p>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-hidden="true"
        tabIndex={-1}
        accept=".pdf,.docx,.html,.htm,.md,.markdown,.txt,application/pdf,text/plain,text/html,text/markdown"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file may be chosen again.
          event.currentTarget.value = '';
          if (files.length > 0) props.onFiles(files);
        }}
      />
    </div>
  );
}
