import { timeText } from '../../../../ui/i18n/format.js';
import { Button } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';

/** The code that opens a backup, large enough to be copied by hand, as a page to print. */
export function RecoverySheet({ code, at }: { code: string; at: string }) {
  const { say } = useText();
  return (
    <section class="card recovery" aria-labelledby="recovery-title">
      <h2 id="recovery-title">{say('recovery.title')}</h2>
      <p>{say('recovery.what')}</p>
      <ol class="recovery-code" data-code={code}>
        {code.split('-').map((group, index) => (
          <li key={index}>
            <code>{group}</code>
          </li>
        ))}
      </ol>
      <p class="soft">{say('recovery.made', { time: timeText(at) })}</p>
      <p>{say('recovery.keep')}</p>
      <div class="actions no-print">
        <Button icon="print" onClick={() => window.print()}>
          {say('recovery.print')}
        </Button>
      </div>
    </section>
  );
}
