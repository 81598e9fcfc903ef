import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useRoomTexts } from './room-texts.ts';

/** A question that must be answered before something is lost; the harmless answer has the focus. */
export function ConfirmDialog(props: {
  title: string;
  children: ReactNode;
  confirm: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const t = useRoomTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const help = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="confirm"
      role="alertdialog"
      aria-labelledby={title}
      aria-describedby={help}
      onClose={props.onClose}
    >
      <h2 id={title}>{props.title}</h2>
      <div id={help} className="confirm-help">
        {props.children}
      </div>
      <div className="actions">
        <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
          {t.keep}
        </button>
        <button
          type="button"
          className="stop"
          onClick={() => {
            dialog.current?.close();
            props.onConfirm();
          }}
        >
          {props.confirm}
        </button>
      </div>
    </dialog>
  );
}
