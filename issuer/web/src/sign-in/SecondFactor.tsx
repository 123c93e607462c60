import { useState } from 'preact/hooks';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { Problem } from '../api/Problem.js';
import { loadSession } from '../api/session.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { hasPasskeys, registerPasskey } from './passkey.js';
import { SetUpTotp } from './SetUpTotp.js';

/** The account has no second factor yet: choose one, before anything else. */
export function SecondFactor() {
  const { say } = useText();
  const [way, setWay] = useState<'choose' | 'totp'>('choose');
  const passkey = useAction(async () => {
    await registerPasskey(say('factor.this-device'));
    await loadSession();
  });
  return (
    <section class="stack narrow">
      <h1>{say('factor.title')}</h1>
      <Notice>{say('factor.why')}</Notice>
      {hasPasskeys() && (
        <div class="card">
          <h2>{say('factor.passkey')}</h2>
          <p>{say('factor.passkey-help')}</p>
          <Problem error={passkey.error} />
          <Button kind="primary" icon="lock" busy={passkey.busy} onClick={() => passkey.run()}>
            {say('factor.passkey-start')}
          </Button>
        </div>
      )}
      <div class="card">
        <h2>{say('factor.totp')}</h2>
        {way === 'choose' ? (
          <>
            <p>{say('factor.totp-help')}</p>
            <Button onClick={() => setWay('totp')}>{say('factor.totp-start')}</Button>
          </>
        ) : (
          <SetUpTotp onDone={() => void loadSession()} />
        )}
      </div>
    </section>
  );
}
