import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';

/** Something said over the page until it is closed, by its button or Escape; the focus goes back to where it was. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const { say } = useText();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={onClose}>
      <div class="stack">
        <h2 id={id}>{title}</h2>
        {children}
        <div class="actions">
          <Button onClick={() => dialog.current?.close()}>{say('parts.close')}</Button>
        </div>
      </div>
    </dialog>
  );
}
