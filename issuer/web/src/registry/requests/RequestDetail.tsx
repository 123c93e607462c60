import { useState } from 'preact/hooks';
import type { Accreditation } from '../../../../../shared/trust/types.js';
import { timeText } from '../../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../../ui/parts/index.js';
import { call } from '../../api/call.js';
import { Problem } from '../../api/Problem.js';
import { useAction } from '../../api/use-action.js';
import { useCall } from '../../api/use-call.js';
import { useNames } from '../../api/use-names.js';
import { navigate } from '../../app/routes.js';
import { useText } from '../../i18n/index.js';
import { FactDifferences } from '../FactList.js';
import { factsOf } from '../facts.js';
import { PreviewPanel } from '../preview/index.js';
import { ReasonForm } from '../ReasonForm.js';
import { useWording, type Desk } from '../use-desk.js';
import { accreditedSchema, applicationDetailSchema, applicationSchema, type Application } from './schemas.js';

/** One application: what is wanted beside what is held, its papers and history, and the officer's answer. */
export function RequestDetail({ desk, id }: { desk: Desk; id: string }) {
  const { say } = useText();
  const words = useWording(desk.names);
  const path = `${desk.path}/applications/${id}`;
  const known = useCall((signal) => call(path, applicationDetailSchema, { signal }), [path]);
  const { application, held = [], history = [] } = known.value ?? {};
  const nameOf = useNames(
    desk.path,
    history.map(({ actor }) => actor),
  );
  if (!application)
    return known.error === undefined ? <p class="soft">{say('app.loading')}</p> : <Problem error={known.error} />;
  const [before] = held;
  const wanted = factsOf({ kind: 'accreditation', row: wantedRow(application, desk.authority?.did ?? '') }, words);
  const isForOfficer = desk.roles.includes('officer') && application.state === 'submitted';
  const supersedes = held.map(({ row }) => row.id);
  return (
    <>
      <h1>{application.institution.name}</h1>
      <p>
        <strong>{say(`request.${application.state}`)}</strong>
        {application.revision > 1 && ` · ${say('request.revision', { revision: application.revision })}`}
      </p>
      {application.reason !== undefined && (
        <Notice kind="care" title={say('officer.reason')}>
          {application.reason}
        </Notice>
      )}
      {application.remark !== undefined && <p>{application.remark}</p>}
      <h2>{say(before ? 'request.against-held' : 'request.wanted')}</h2>
      <FactDifferences before={before ? factsOf(before, words) : []} after={wanted} />
      <h2>{say('request.documents')}</h2>
      <ul>
        {application.documents.map(({ name, digestMultibase }) => (
          <li key={digestMultibase}>
            {name} <span class="soft mono">{digestMultibase}</span>
          </li>
        ))}
      </ul>
      <h2>{say('request.history')}</h2>
      <ul>
        {history.map(({ at, actor, action, reason }) => (
          <li key={`${at}${action}`}>
            {timeText(at)} · {nameOf(actor)} · <code>{action}</code>
            {reason !== undefined && ` · ${reason}`}
          </li>
        ))}
      </ul>
      {isForOfficer && (
        <PreviewPanel
          desk={desk}
          body={{
            accredit: {
              institution: application.institution.id,
              legalName: application.institution.name,
              institutionKind: application.institutionKind,
              institutionCode: application.institutionCode,
              ...(application.unifiedSocialCreditCode !== undefined && {
                unifiedSocialCreditCode: application.unifiedSocialCreditCode,
              }),
              actions: application.actions,
              ...(supersedes.length > 0 && { supersedes }),
            },
          }}
        />
      )}
      <Answer desk={desk} application={application} supersedes={supersedes} onChanged={known.again} />
    </>
  );
}

/** What is wanted, in the form of the accreditation it would become. */
function wantedRow(application: Application, authority: string): Accreditation {
  const { institution, institutionKind, institutionCode, unifiedSocialCreditCode, actions } = application;
  return {
    id: application.id,
    authority,
    institution: institution.id,
    legalName: institution.name,
    institutionKind,
    institutionCode,
    ...(unifiedSocialCreditCode !== undefined && { unifiedSocialCreditCode }),
    signingKeys: [],
    actions: actions.map((action) => ({ action: 'issue', validFrom: application.handedInAt, ...action })),
  };
}

function Answer({
  desk,
  application,
  supersedes,
  onChanged,
}: {
  desk: Desk;
  application: Application;
  supersedes: readonly string[];
  onChanged: () => void;
}) {
  const { say } = useText();
  const path = `${desk.path}/applications/${application.id}`;
  const [asking, setAsking] = useState<'send-back' | 'refuse'>();
  const isOwn = application.handedInBy === desk.own;
  const accredit = useAction(async () => {
    const body = { ...(supersedes.length > 0 && { supersedes }) };
    const { proposal } = await call(`${path}/accredit`, accreditedSchema, {
      method: 'POST',
      body,
      idempotencyKey: `accredit-${application.id}-${application.revision}`,
    });
    if (proposal) navigate('work', proposal.id);
    else onChanged();
  });
  const answer = useAction(async (action: 'send-back' | 'refuse' | 'withdraw', body: object) => {
    await call(`${path}/${action}`, applicationSchema, { method: 'POST', body });
    setAsking(undefined);
    onChanged();
  });
  const isOpen = application.state === 'submitted' || application.state === 'sent-back';
  if (isOwn)
    return isOpen ? (
      <div class="stack actions-apart">
        <Notice kind="care">{say('request.own')}</Notice>
        <Problem error={answer.error} />
        <div class="actions">
          <Button kind="danger" busy={answer.busy} onClick={() => answer.run('withdraw', {})}>
            {say('officer.withdraw-own')}
          </Button>
        </div>
      </div>
    ) : null;
  if (!desk.roles.includes('officer') || application.state !== 'submitted') return null;
  return (
    <div class="stack actions-apart">
      <Problem error={accredit.error ?? answer.error} />
      {asking === undefined ? (
        <div class="actions">
          <Button kind="primary" busy={accredit.busy} onClick={() => accredit.run()}>
            {say('request.accredit')}
          </Button>
          <Button onClick={() => setAsking('send-back')}>{say('batch.send-back')}</Button>
          <Button kind="danger" onClick={() => setAsking('refuse')}>
            {say('request.refuse')}
          </Button>
        </div>
      ) : (
        <ReasonForm
          help={say('request.reason-help')}
          submit={say(asking === 'refuse' ? 'request.refuse' : 'batch.send-back')}
          busy={answer.busy}
          onReason={(reason) => answer.run(asking, { reason })}
          onBack={() => setAsking(undefined)}
        />
      )}
    </div>
  );
}
