import { Notice } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import { problemText } from './problem-text.js';

/** An error, said at once; nothing when there is none. */
export function Problem({ error }: { error: unknown }) {
  const { say } = useText();
  if (error === undefined) return null;
  return (
    <Notice kind="bad" live>
      {problemText(error, say)}
    </Notice>
  );
}
