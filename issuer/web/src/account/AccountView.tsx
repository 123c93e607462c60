import { useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { nothing } from '../api/schemas.js';
import { sessionState } from '../api/session-state.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { LinkedIdentity } from './LinkedIdentity.js';
import { ownLinks } from './own-links.js';
import { hasPasskeys, passkeys, registerPasskey } from '../sign-in/passkey.js';

/** One's own account: roles, passkeys, password. */
export function AccountView() {
  const { say } = useText();
  const { signedIn } = useStore(sessionState);
  const links = useCall(ownLinks, []);
  if (!signedIn) return null;
  return (
    <section class="stack narrow">
      <h1>{say('nav.account')}</h1>
      <div class="card">
        <h2>{signedIn.account.name}</h2>
        <p class="soft">
          {say('sign-in.login')}: {signedIn.account.login}
        </p>
        <ul>
          {signedIn.memberships.map(({ tenant, roles }) => (
            <li key={tenant}>
              {tenant === '*' ? say('account.whole-host') : tenant}:{' '}
              {roles.map((role) => say(`role.${role}`)).join(say('list.and'))}
            </li>
          ))}
        </ul>
      </div>
      <LinkedIdentity links={links.value} onChange={links.again} />
      <Passkeys />
      {links.value?.hasPassword !== false && <ChangePassword />}
      <Problem error={links.error} />
    </section>
  );
}

function Passkeys() {
  const { say } = useText();
  const known = useCall(() => passkeys(), []);
  const add = useAction(async () => {
    await registerPasskey(say('factor.this-device'));
    known.again();
  });
  const remove = useAction(async (id: string) => {
    await call(`/account/passkeys/${encodeURIComponent(id)}`, nothing, { method: 'DELETE' });
    known.again();
  });
  return (
    <div class="card">
      <h2>{say('factor.passkey')}</h2>
      <p class="soft">{say('factor.passkey-help')}</p>
      <ul class="plain-list">
        {known.value?.map(({ id, label, createdAt, usedAt }) => (
          <li key={id}>
            <span>
              {label}
              <span class="soft">
                {' '}
                · {say('account.passkey-since', { since: timeText(createdAt), used: timeText(usedAt) })}
              </span>
            </span>
            <Button kind="danger" icon="delete" busy={remove.busy} onClick={() => remove.run(id)}>
              {say('account.passkey-remove')}
            </Button>
          </li>
        ))}
      </ul>
      <Problem error={known.error ?? add.error ?? remove.error} />
      {hasPasskeys() && (
        <Button icon="lock" busy={add.busy} onClick={() => add.run()}>
          {say('factor.passkey-start')}
        </Button>
      )}
    </div>
  );
}

function ChangePassword() {
  const { say } = useText();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [done, setDone] = useState(false);
  const change = useAction(async () => {
    await call('/account/password', nothing, { method: 'POST', body: { current, next } });
    setCurrent('');
    setNext('');
    setDone(true);
  });
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        setDone(false);
        change.run();
      }}
    >
      <h2>{say('account.password')}</h2>
      <p class="soft">{say('account.password-help')}</p>
      <TextField
        label={say('account.password-now')}
        type="password"
        autocomplete="current-password"
        required
        value={current}
        onInput={setCurrent}
      />
      <TextField
        label={say('account.password-next')}
        help={say('invitation.password-help')}
        type="password"
        autocomplete="new-password"
        required
        value={next}
        onInput={setNext}
      />
      <Problem error={change.error} />
      {done && (
        <Notice kind="good" live>
          {say('account.password-done')}
        </Notice>
      )}
      <Button type="submit" busy={change.busy}>
        {say('account.password')}
      </Button>
    </form>
  );
}
