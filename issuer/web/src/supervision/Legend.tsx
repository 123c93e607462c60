import { useText } from '../i18n/index.js';
import { MarkText } from './MarkText.js';

/** What the signs in the table mean. */
export function Legend() {
  const { say } = useText();
  return (
    <ul class="legend">
      {(['unusual', 'unknown', 'usual'] as const).map((mark) => (
        <li key={mark}>
          <MarkText mark={mark} /> <span class="soft">{say(`mark.${mark}.help`)}</span>
        </li>
      ))}
    </ul>
  );
}
