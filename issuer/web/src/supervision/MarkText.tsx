import { useText } from '../i18n/index.js';
import type { ShownMonth } from './schemas.js';

/** A sign for each mark, so that none is told by colour alone. */
export const SIGNS: Readonly<Record<ShownMonth['mark'], string>> = { unusual: '▲', unknown: '?', usual: '' };

/** The mark of a month in words, its sign before it. */
export function MarkText({ mark }: { mark: ShownMonth['mark'] }) {
  const { say } = useText();
  return (
    <strong class={`mark mark-${mark}`}>
      {SIGNS[mark] !== '' && <span aria-hidden="true">{SIGNS[mark]} </span>}
      {say(`mark.${mark}`)}
    </strong>
  );
}
