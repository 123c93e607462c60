import { explainCheck } from '../../../../shared/supervision/explain-check.js';
import { useText } from '../i18n/index.js';
import { MarkText } from './MarkText.js';
import type { ShownCheck } from './schemas.js';

const MARKS = { pass: 'usual', fail: 'unusual', unknown: 'unknown' } as const;

/** What each rule says, in a sentence. */
export function CheckList({ checks }: { checks: readonly ShownCheck[] }) {
  const { sentences, say } = useText();
  if (checks.length === 0) return <p class="soft">{say('board.no-rule')}</p>;
  return (
    <ul class="check-list">
      {checks.map((check) => (
        <li key={check.rule}>
          <MarkText mark={MARKS[check.answer]} /> {explainCheck(plain(check), sentences)}
        </li>
      ))}
    </ul>
  );
}

/** Members that are not there are left out, as the sentences expect it. */
function plain({ rule, answer, value, most, why, detail }: ShownCheck): Parameters<typeof explainCheck>[0] {
  return {
    rule,
    answer,
    ...(value !== undefined && { value }),
    ...(most !== undefined && { most }),
    ...(why !== undefined && { why }),
    ...(detail !== undefined && { detail }),
  };
}
