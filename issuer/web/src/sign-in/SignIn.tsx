import { useState } from 'preact/hooks';
import { errorCode } from '../../../../shared/errors.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { signedInSchema } from '../api/schemas.js';
import { takeSession } from '../api/session.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { FactorField, LostFactor, type TypedFactor } from './FactorField.js';
import { ProviderButton } from './ProviderButton.js';
import { ProviderElsewhere } from './ProviderElsewhere.js';
import { hasPasskeys, signInWithPasskey } from './passkey.js';

/** Sign in: with a passkey, or with a password and then a code. */
export function SignIn({ heading = true }: { heading?: boolean }) {
  const { say } = useText();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [factor, setFactor] = useState<'none' | TypedFactor>('none');
  const [code, setCode] = useState('');
  const withPasskey = useAction(async () => takeSession(await signInWithPasskey()));
  const withPassword = useAction(async () => {
    const body = {
      login,
      password,
      ...(factor === 'totp' && { totp: code.trim() }),
      ...(factor === 'recovery' && { recoveryCode: code.trim() }),
    };
    try {
      takeSession(await call('/session', signedInSchema, { method: 'POST', body }));
    } catch (error) {
      const code = errorCode(error, '');
      if (factor !== 'none' || (code !== 'TOTP_REQUIRED' && code !== 'RECOVERY_NEEDED')) throw error;
      setFactor(code === 'TOTP_REQUIRED' ? 'totp' : 'recovery');
    }
  });
  return (
    <section class="stack narrow" aria-label={say('sign-in.title')}>
      {heading && <h1>{say('sign-in.title')}</h1>}
      {hasPasskeys() && (
        <div class="card">
          <Button kind="primary" icon="lock" busy={withPasskey.busy} onClick={() => withPasskey.run()}>
            {say('sign-in.passkey')}
          </Button>
          <p class="soft">{say('sign-in.passkey-help')}</p>
          <Problem error={withPasskey.error} />
        </div>
      )}
      {heading ? <ProviderButton /> : <ProviderElsewhere />}
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          withPassword.run();
        }}
      >
        <h2>{say('sign-in.with-password')}</h2>
        <TextField
          label={say('sign-in.login')}
          autocomplete="username"
          plain
          required
          value={login}
          onInput={setLogin}
        />
        <TextField
          label={say('sign-in.password')}
          type="password"
          autocomplete="current-password"
          required
          value={password}
          onInput={setPassword}
        />
        {factor !== 'none' && <FactorField factor={factor} code={code} onInput={setCode} />}
        <Problem error={withPassword.error} />
        <div class="actions">
          <Button type="submit" kind={hasPasskeys() ? 'plain' : 'primary'} busy={withPassword.busy}>
            {say('sign-in.submit')}
          </Button>
          {factor === 'totp' && (
            <LostFactor
              onRecovery={() => {
                setFactor('recovery');
                setCode('');
              }}
            />
          )}
        </div>
      </form>
      <Notice>{say('sign-in.help')}</Notice>
    </section>
  );
}
