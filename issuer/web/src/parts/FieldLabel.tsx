import type { ComponentChildren } from 'preact';
import { useText } from '../i18n/index.js';

/** The words beside a control, and whether it must be filled in. */
export function FieldLabel({ label, isMarked }: { label: ComponentChildren; isMarked: boolean }) {
  const { say } = useText();
  return (
    <>
      {label}
      {isMarked && <span class="soft"> {say('parts.required')}</span>}
    </>
  );
}
