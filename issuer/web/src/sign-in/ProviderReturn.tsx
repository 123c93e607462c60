import { useEffect, useState } from 'preact/hooks';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { signedInSchema } from '../api/schemas.js';
import { useProviderName } from '../api/service.js';
import { takeSession } from '../api/session.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { FactorField, LostFactor, type TypedFactor } from './FactorField.js';
import { forgetInvitation } from './invitation-token.js';
import { finishProvider, type Returned } from './provider-return.js';

/** The browser is back from the identity provider to sign in: it is checked, and what the provider did not show is asked for. */
export function ProviderReturn({ returned, onDone }: { returned: Returned; onDone: () => void }) {
  const { say, tag } = useText();
  const provider = useProviderName(tag) ?? '';
  const [factor, setFactor] = useState<TypedFactor>();
  const [code, setCode] = useState('');
  const finish = useAction(async () => {
    const next = await finishProvider(returned);
    if (next === 'totp' || next === 'recovery') {
      setFactor(next);
      return;
    }
    forgetInvitation();
    takeSession(next);
    onDone();
  });
  useEffect(() => finish.run(), [returned]);
  const prove = useAction(async () => {
    const body = factor === 'totp' ? { totp: code.trim() } : { recoveryCode: code.trim() };
    takeSession(await call('/session/oidc/factor', signedInSchema, { method: 'POST', body }));
    onDone();
  });
  return (
    <section class="stack narrow">
      <h1>{say('provider.returned', { provider })}</h1>
      {finish.error === undefined && factor === undefined && (
        <p class="soft" role="status">
          {say('provider.checking')}
        </p>
      )}
      <Problem error={finish.error} />
      {factor !== undefined && (
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            prove.run();
          }}
        >
          <Notice>{say('provider.factor', { provider })}</Notice>
          <FactorField factor={factor} code={code} onInput={setCode} />
          <Problem error={prove.error} />
          <div class="actions">
            <Button type="submit" kind="primary" busy={prove.busy}>
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
      )}
      {(finish.error !== undefined || factor !== undefined) && (
        <Button onClick={onDone}>{say('provider.to-sign-in')}</Button>
      )}
    </section>
  );
}
