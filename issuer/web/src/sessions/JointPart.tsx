import { useState } from 'preact/hooks';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { CERTIFICATE_KINDS } from '../../../../shared/certificate/kind.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { nothing } from '../api/schemas.js';
import { useAction } from '../api/use-action.js';
import { LevelText } from '../certificates/LevelText.js';
import { useText } from '../i18n/index.js';
import { DataTable, TextField } from '../parts/index.js';
import type { Detail, Line } from './schemas.js';

type Part = Detail['joint'][number];

/** Who takes part in a joint examination, what became of their certificates, and inviting others. */
export function JointPart({
  path,
  session,
  own,
  mayInvite,
  onChanged,
}: {
  path: string;
  session: Detail;
  /** Code of the institution whose work is shown. */
  own: string;
  mayInvite: boolean;
  onChanged: () => void;
}) {
  const { say } = useText();
  const [code, setCode] = useState('');
  const invites = mayInvite && session.lead === own && session.state === 'planned';
  const invite = useAction(async () => {
    await call(`${path}/partners`, nothing, { method: 'POST', body: { institution: code.trim() } });
    setCode('');
    onChanged();
  });
  const withdraw = useAction(async (institution: string) => {
    await call(`${path}/partners/${institution}`, nothing, { method: 'DELETE' });
    onChanged();
  });
  if (session.joint.length === 0 && !invites) return null;
  const disputed = session.joint.filter(({ institution, isDisputed }) => isDisputed && institution !== own);
  return (
    <div class="stack">
      <h2>{say('exam.joint')}</h2>
      <p class="soft">{say(session.joint.length === 0 ? 'exam.joint-none' : 'exam.joint-help')}</p>
      {disputed.length > 0 && (
        <Notice kind="care">
          {say('exam.joint-disputed', { names: disputed.map(({ name }) => name).join(say('list.and')) })}
        </Notice>
      )}
      {session.joint.length > 0 && (
        <DataTable<Part>
          label={say('exam.joint')}
          rows={session.joint}
          rowKey={({ institution }) => institution}
          columns={[
            {
              key: 'institution',
              header: say('exam.joint-institution'),
              isRowHeader: true,
              cell: ({ name, institution }) => (
                <>
                  {name} <span class="soft">{institution}</span>
                </>
              ),
            },
            {
              key: 'role',
              header: say('exam.joint-role'),
              cell: ({ role }) => say(role === 'lead' ? 'exam.joint-lead' : 'exam.joint-partner'),
            },
            {
              key: 'line',
              header: say('exam.joint-certifies'),
              cell: ({ line, state }) =>
                line ? (
                  <LineText line={line} />
                ) : state === 'invited' || state === 'declined' ? (
                  '—'
                ) : (
                  <span class="soft">{say('exam.joint-hidden')}</span>
                ),
            },
            {
              key: 'state',
              header: say('exam.state'),
              cell: ({ state, isDisputed, institution }) => (
                <>
                  {say(`exam.state.${state}`)}
                  {isDisputed && state !== 'voided' && <span> · {say('exam.joint-disputed-mark')}</span>}
                  {invites && state === 'invited' && (
                    <>
                      {' '}
                      <Button kind="link" busy={withdraw.busy} onClick={() => withdraw.run(institution)}>
                        {say('exam.withdraw')}
                      </Button>
                    </>
                  )}
                </>
              ),
            },
          ]}
        />
      )}
      <Problem error={withdraw.error} />
      {invites && (
        <form
          class="search-form card"
          aria-label={say('exam.invite')}
          onSubmit={(event) => {
            event.preventDefault();
            invite.run();
          }}
        >
          <TextField label={say('exam.invite-code')} required plain maxLength={13} value={code} onInput={setCode} />
          <Problem error={invite.error} />
          <div class="actions">
            <Button type="submit" busy={invite.busy}>
              {say('exam.invite')}
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}

function LineText({ line }: { line: Line }) {
  const { sentences } = useText();
  const kind = CERTIFICATE_KINDS.find(({ id }) => id === line.kind);
  return (
    <>
      {sentences === 'zh-CN' ? kind?.nameZh : kind?.nameEn} · {line.occupation.name} <LevelText {...line.level} />
    </>
  );
}
