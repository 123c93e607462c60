import { useState } from 'preact/hooks';
import { z } from 'zod';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { roleSchema, signedInSchema } from '../api/schemas.js';
import { takeSession } from '../api/session.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { forgetInvitation } from './invitation-token.js';

const offerSchema = z.object({
  name: z.string(),
  tenant: z.string(),
  roles: z.array(roleSchema),
  login: z.string().optional(),
});

/** Somebody opened an invitation: what it is, and the choice of login and password. */
export function AcceptInvitation({ token, onDone }: { token: string; onDone: () => void }) {
  const { say } = useText();
  const offer = useCall(
    (signal) => call('/invitations/read', offerSchema, { method: 'POST', body: { token }, signal }),
    [token],
  );
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const accept = useAction(async () => {
    const body = { token, login: offer.value?.login ?? login, password };
    const signedIn = await call('/invitations/accept', signedInSchema, { method: 'POST', body });
    forgetInvitation();
    takeSession(signedIn);
    onDone();
  });
  const differs = repeated !== '' && repeated !== password;
  if (offer.error !== undefined)
    return (
      <section class="stack narrow">
        <h1>{say('invitation.title')}</h1>
        <Problem error={offer.error} />
        <Button onClick={onDone}>{say('invitation.to-sign-in')}</Button>
      </section>
    );
  if (!offer.value) return <p class="soft">{say('app.loading')}</p>;
  const { name, roles, login: known } = offer.value;
  return (
    <section class="stack narrow">
      <h1>{say('invitation.title')}</h1>
      <p>
        {say(known === undefined ? 'invitation.for' : 'invitation.reset-for', {
          name,
          roles: roles.map((role) => say(`role.${role}`)).join(say('list.and')),
        })}
      </p>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          if (password === repeated) accept.run();
        }}
      >
        {known === undefined ? (
          <TextField
            label={say('sign-in.login')}
            help={say('invitation.login-help')}
            autocomplete="username"
            plain
            required
            value={login}
            onInput={setLogin}
          />
        ) : (
          <p>
            {say('sign-in.login')}: <strong>{known}</strong>
          </p>
        )}
        <TextField
          label={say('sign-in.password')}
          help={say('invitation.password-help')}
          type="password"
          autocomplete="new-password"
          required
          value={password}
          onInput={setPassword}
        />
        <TextField
          label={say('invitation.repeat')}
          error={differs ? say('invitation.differs') : undefined}
          type="password"
          autocomplete="new-password"
          required
          value={repeated}
          onInput={setRepeated}
        />
        <Problem error={accept.error} />
        <Button type="submit" kind="primary" busy={accept.busy}>
          {say('invitation.accept')}
        </Button>
      </form>
    </section>
  );
}
