import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { nothing, type Role } from '../api/schemas.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { navigate } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { lineDraftOf, lineInput, type LineDraft } from './draft.js';
import { FitNotice } from './FitNotice.js';
import { LineFields } from './LineFields.js';
import { fitSchema, invitationsSchema, type Fit, type Invitation } from './schemas.js';
import { useFormProblem } from './use-form-problem.js';

/** Joint examinations this institution is invited to. */
export function Invitations({ path, roles }: { path: string; roles: readonly Role[] }) {
  const { say } = useText();
  const known = useCall((signal) => call(`${path}/joint-examinations`, invitationsSchema, { signal }), [path]);
  const waiting = known.value?.invitations.filter(({ state }) => state === 'invited') ?? [];
  if (known.error !== undefined) return <Problem error={known.error} />;
  if (waiting.length === 0) return null;
  const answers = roles.some((role) => role === 'clerk' || role === 'approver' || role === 'officer');
  return (
    <section class="stack" aria-label={say('exam.invitations')}>
      <h2>{say('exam.invitations')}</h2>
      {waiting.map((one) => (
        <InvitationCard
          key={`${one.lead} ${one.id}`}
          path={`${path}/joint-examinations/${encodeURIComponent(one.id)}`}
          invitation={one}
          mayAnswer={answers}
          onDeclined={known.again}
        />
      ))}
    </section>
  );
}

function InvitationCard({
  path,
  invitation,
  mayAnswer,
  onDeclined,
}: {
  path: string;
  invitation: Invitation;
  mayAnswer: boolean;
  onDeclined: () => void;
}) {
  const { say } = useText();
  const [isAccepting, setAccepting] = useState(false);
  const { lead, leadName, id, heldOn, place, parts } = invitation;
  const decline = useAction(async () => {
    await call(`${path}/decline`, nothing, { method: 'POST', body: { lead } });
    onDeclined();
  });
  return (
    <div class="card">
      <p>{say('exam.invitation', { lead: leadName, id, day: heldOn, place })}</p>
      {parts.length > 0 && (
        <p class="soft">
          {say('exam.invitation-parts', { parts: parts.map((part) => say(`exam.part.${part}`)).join(say('list.and')) })}
        </p>
      )}
      <Problem error={decline.error} />
      {isAccepting ? (
        <AcceptForm path={path} invitation={invitation} onCancel={() => setAccepting(false)} />
      ) : (
        mayAnswer && (
          <div class="actions">
            <Button kind="primary" onClick={() => setAccepting(true)}>
              {say('exam.accept')}
            </Button>
            <Button busy={decline.busy} onClick={() => decline.run()}>
              {say('exam.decline')}
            </Button>
          </div>
        )
      )}
    </div>
  );
}

const FIELDS = [
  '/occupation/code',
  '/occupation/name',
  '/occupation/trade',
  '/level',
  '/standard',
  '/filing',
  '/region',
];

function AcceptForm({
  path,
  invitation: { lead, id, line, parts },
  onCancel,
}: {
  path: string;
  invitation: Invitation;
  onCancel: () => void;
}) {
  const { say, tag } = useText();
  const [draft, setDraft] = useState<LineDraft>({ ...lineDraftOf(line), region: '', filing: '' });
  const [fit, setFit] = useState<Fit>();
  const check = useAction(async () => {
    const body = { lead, line: lineInput(draft) };
    setFit(await call(`${path}/check?lang=${tag}`, fitSchema, { method: 'POST', body }));
  });
  const accept = useAction(async () => {
    await call(`${path}/accept`, nothing, { method: 'POST', body: { lead, line: lineInput(draft) } });
    navigate('sessions', id);
  });
  const { errorAt, rest } = useFormProblem(accept.error ?? check.error, FIELDS, '/line');
  return (
    <form
      class="issue-form exam-inner"
      autocomplete="off"
      aria-label={say('exam.accept-title')}
      onSubmit={(event) => {
        event.preventDefault();
        accept.run();
      }}
    >
      <h3>{say('exam.accept-title')}</h3>
      <LineFields
        draft={draft}
        held={parts}
        errorAt={errorAt}
        onChange={(changed) => {
          setDraft(changed);
          setFit(undefined);
        }}
      />
      {fit && <FitNotice fit={fit} />}
      <Problem error={rest} />
      <div class="actions">
        <Button type="submit" kind="primary" busy={accept.busy}>
          {say('exam.accept-submit')}
        </Button>
        <Button busy={check.busy} onClick={() => check.run()}>
          {say('exam.check')}
        </Button>
        <Button onClick={onCancel}>{say('exam.cancel')}</Button>
      </div>
    </form>
  );
}
