import { useState } from 'preact/hooks';
import { z } from 'zod';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { roleSchema, signedInSchema } from '../api/schemas.js';
import { useProviderName } from '../api/service.js';
import { takeSession } from '../api/session.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { forgetInvitation } from './invitation-token.js';
import { goToProvider, languageOf } from './provider-return.js';

const offerSchema = z.object({
  name: z.string(),
  tenant: z.string(),
  roles: z.array(roleSchema),
  login: z.string().optional(),
});

/** What is said first: with an identity provider there is a choice. */
const WORDS = {
  new: { password: 'invitation.for', either: 'provider.invited' },
  reset: { password: 'invitation.reset-for', either: 'provider.invited-again' },
} as const;

/** Somebody opened an invitation: what it is, and the choice of login and password. */
export function AcceptInvitation({ token, onDone }: { token: string; onDone: () => void }) {
  const { say, tag } = useText();
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
  const provider = useProviderName(tag);
  const withProvider = useAction(() =>
    goToProvider('/session/oidc', {
      language: languageOf(tag),
      invitation: { token, login: offer.value?.login ?? login },
    }),
  );
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
        {say(WORDS[known === undefined ? 'new' : 'reset'][provider === undefined ? 'password' : 'either'], {
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
        {provider !== undefined && (
          <>
            <p class="soft">{say('provider.accept-help', { provider })}</p>
            <Problem error={withProvider.error} />
            <Button kind="primary" icon="person" busy={withProvider.busy} onClick={() => withProvider.run()}>
              {say('provider.accept', { provider })}
            </Button>
            <h2>{say('provider.accept-or')}</h2>
          </>
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
        <Button type="submit" kind={provider === undefined ? 'primary' : 'plain'} busy={accept.busy}>
          {say('invitation.accept')}
        </Button>
      </form>
    </section>
  );
}
