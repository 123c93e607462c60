import { useState } from 'preact/hooks';
import { z } from 'zod';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { nothing, ROLES, roleSchema, type Role } from '../api/schemas.js';
import { tenantPath, useProviderName } from '../api/service.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { DataTable, TextField } from '../parts/index.js';
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
      linkedAt: z.string().optional(),
    }),
  ),
});
type Account = z.infer<typeof accountsSchema>['accounts'][number];
const invitationSchema = z.object({ token: z.string(), expiresAt: z.string() });

/** Who may sign in for this institution: roles, invitations, help for who lost everything. */
export function PeopleView() {
  const { say, tag } = useText();
  const provider = useProviderName(tag);
  const session = useStore(sessionState);
  const path = tenantPath(session.tenant);
  const known = useCall((signal) => call(`${path}/accounts`, accountsSchema, { signal }), [path]);
  const [link, setLink] = useState<{ name: string; address: string }>();
  const mayChange = rolesNow(session).includes('admin');
  const shown = (name: string, token: string): void =>
    setLink({ name, address: `${location.origin}${location.pathname}#invitation=${token}` });
  const [edited, setEdited] = useState<{ id: string; roles: readonly Role[] }>();
  const save = useAction(async () => {
    if (!edited) return;
    const body = { roles: edited.roles };
    await call(`${path}/accounts/${edited.id}/roles`, nothing, { method: 'PUT', body });
    setEdited(undefined);
    known.again();
  });
  const reset = useAction(async ({ id, name }: Account) => {
    shown(name, (await call(`${path}/accounts/${id}/reset`, invitationSchema, { method: 'POST' })).token);
  });
  const unlink = useAction(async (id: string) => {
    await call(`${path}/accounts/${id}/identity`, nothing, { method: 'DELETE' });
    known.again();
  });
  const actionsOf = (account: Account) =>
    account.id !== session.signedIn?.account.id && (
      <div class="actions">
        {edited?.id === account.id ? (
          <>
            <Button kind="primary" busy={save.busy} onClick={() => save.run()}>
              {say('people.save')}
            </Button>
            <Button onClick={() => setEdited(undefined)}>{say('app.back')}</Button>
          </>
        ) : (
          <>
            <Button onClick={() => setEdited({ id: account.id, roles: account.roles })}>{say('people.edit')}</Button>
            <Button onClick={() => reset.run(account)}>{say('people.reset')}</Button>
            {account.linkedAt !== undefined && (
              <Button kind="danger" busy={unlink.busy} onClick={() => unlink.run(account.id)}>
                {say('people.unlink')}
              </Button>
            )}
          </>
        )}
      </div>
    );
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
      <Problem error={known.error ?? reset.error ?? save.error ?? unlink.error} />
      <DataTable
        label={say('nav.people')}
        rows={known.value?.accounts ?? []}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'name',
            header: say('people.name'),
            isRowHeader: true,
            cell: ({ name, login }) => (
              <>
                {name} <span class="soft">{login}</span>
              </>
            ),
          },
          {
            key: 'roles',
            header: say('people.roles'),
            cell: ({ id, roles }) =>
              edited?.id === id ? (
                <RoleChoice value={edited.roles} onChange={(next) => setEdited({ id, roles: next })} />
              ) : (
                roles.map((role) => say(`role.${role}`)).join(say('list.and'))
              ),
          },
          {
            key: 'state',
            header: say('people.state'),
            cell: (account) => (
              <>
                {say(stateOf(account))}
                {account.linkedAt !== undefined && (
                  <span class="soft">
                    {' '}
                    · {say('people.linked', { provider: provider ?? '', since: timeText(account.linkedAt) })}
                  </span>
                )}
              </>
            ),
          },
          ...(mayChange ? [{ key: 'change', header: say('people.change'), cell: actionsOf }] : []),
        ]}
      />
      {mayChange && <Invite path={path} onInvited={shown} />}
    </section>
  );
}

function stateOf({ disabledAt, hasSecondFactor }: Account): 'people.ended' | 'people.ready' | 'people.no-factor' {
  if (disabledAt !== undefined) return 'people.ended';
  return hasSecondFactor ? 'people.ready' : 'people.no-factor';
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
      <TextField
        label={say('people.name')}
        help={say('people.name-help')}
        required
        maxLength={100}
        value={name}
        onInput={setName}
      />
      <RoleChoice value={roles} onChange={setRoles} />
      <Problem error={invite.error} />
      <Button type="submit" kind="primary" busy={invite.busy} disabled={roles.length === 0}>
        {say('people.invite')}
      </Button>
    </form>
  );
}
