import { useState } from 'preact/hooks';
import { z } from 'zod';
import { useStore } from '../../../../ui/app/store.js';
import { Button, Field, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { nothing, ROLES, roleSchema, type Role } from '../api/schemas.js';
import { tenantPath } from '../api/service.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { RoleChoice } from './RoleChoice.js';

const accountsSchema = z.object({
  accounts: z.array(
    z.object({
      id: z.string(),
      login: z.string(),
      name: z.string(),
      roles: z.array(roleSchema),
      hasSecondFactor: z.boolean(),
      disabledAt: z.string().optional(),
    }),
  ),
});
type Account = z.infer<typeof accountsSchema>['accounts'][number];
const invitationSchema = z.object({ token: z.string(), expiresAt: z.string() });

/** Who may sign in for this institution: roles, invitations, help for who lost everything. */
export function PeopleView() {
  const { say } = useText();
  const session = useStore(sessionState);
  const path = tenantPath(session.tenant);
  const known = useCall((signal) => call(`${path}/accounts`, accountsSchema, { signal }), [path]);
  const [link, setLink] = useState<{ name: string; address: string }>();
  const mayChange = rolesNow(session).includes('admin');
  const shown = (name: string, token: string): void =>
    setLink({ name, address: `${location.origin}${location.pathname}#invitation=${token}` });
  const reset = useAction(async ({ id, name }: Account) => {
    shown(name, (await call(`${path}/accounts/${id}/reset`, invitationSchema, { method: 'POST' })).token);
  });
  return (
    <section class="stack">
      <h1>{say('nav.people')}</h1>
      {link && (
        <Notice kind="good" live title={say('people.link-title', { name: link.name })}>
          <p>{say('people.link-help')}</p>
          <p class="mono invitation-link">{link.address}</p>
          <Button icon="paste" onClick={() => void navigator.clipboard.writeText(link.address)}>
            {say('people.copy')}
          </Button>
        </Notice>
      )}
      <Problem error={known.error ?? reset.error} />
      <div class="table-scroll" tabIndex={0} role="region" aria-label={say('nav.people')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('people.name')}</th>
              <th scope="col">{say('people.roles')}</th>
              <th scope="col">{say('people.state')}</th>
              {mayChange && <th scope="col">{say('people.change')}</th>}
            </tr>
          </thead>
          <tbody>
            {known.value?.accounts.map((account) => (
              <AccountRow
                key={account.id}
                account={account}
                path={path}
                mayChange={mayChange && account.id !== session.signedIn?.account.id}
                hasActions={mayChange}
                onChanged={known.again}
                onReset={() => reset.run(account)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {mayChange && <Invite path={path} onInvited={shown} />}
    </section>
  );
}

function AccountRow({
  account,
  path,
  mayChange,
  hasActions,
  onChanged,
  onReset,
}: {
  account: Account;
  path: string;
  mayChange: boolean;
  hasActions: boolean;
  onChanged: () => void;
  onReset: () => void;
}) {
  const { say } = useText();
  const [editing, setEditing] = useState(false);
  const [roles, setRoles] = useState<readonly Role[]>(account.roles);
  const save = useAction(async () => {
    await call(`${path}/accounts/${account.id}/roles`, nothing, { method: 'PUT', body: { roles } });
    setEditing(false);
    onChanged();
  });
  const state =
    account.disabledAt !== undefined ? 'people.ended' : account.hasSecondFactor ? 'people.ready' : 'people.no-factor';
  return (
    <tr>
      <th scope="row">
        {account.name} <span class="soft">{account.login}</span>
      </th>
      <td>
        {editing ? (
          <RoleChoice value={roles} onChange={setRoles} />
        ) : (
          account.roles.map((role) => say(`role.${role}`)).join(say('list.and'))
        )}
        <Problem error={save.error} />
      </td>
      <td>{say(state)}</td>
      {hasActions && (
        <td>
          {mayChange && (
            <div class="actions">
              {editing ? (
                <Button kind="primary" busy={save.busy} onClick={() => save.run()}>
                  {say('people.save')}
                </Button>
              ) : (
                <>
                  <Button onClick={() => setEditing(true)}>{say('people.edit')}</Button>
                  <Button onClick={onReset}>{say('people.reset')}</Button>
                </>
              )}
            </div>
          )}
        </td>
      )}
    </tr>
  );
}

function Invite({ path, onInvited }: { path: string; onInvited: (name: string, token: string) => void }) {
  const { say } = useText();
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>([]);
  const invite = useAction(async () => {
    const body = { name: name.trim(), roles: ROLES.filter((role) => roles.includes(role)) };
    const { token } = await call(`${path}/invitations`, invitationSchema, { method: 'POST', body });
    onInvited(body.name, token);
    setName('');
    setRoles([]);
  });
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        invite.run();
      }}
    >
      <h2>{say('people.invite')}</h2>
      <Field label={say('people.name')} help={say('people.name-help')}>
        {(control) => (
          <input
            {...control}
            required
            maxLength={100}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <RoleChoice value={roles} onChange={setRoles} />
      <Problem error={invite.error} />
      <Button type="submit" kind="primary" busy={invite.busy} disabled={roles.length === 0}>
        {say('people.invite')}
      </Button>
    </form>
  );
}
