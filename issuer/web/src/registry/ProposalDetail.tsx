import { useState } from 'preact/hooks';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { useNames } from '../api/use-names.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { FactDifferences } from './FactList.js';
import { factsOf } from './facts.js';
import { PreviewPanel } from './preview/index.js';
import { ReasonForm } from './ReasonForm.js';
import { proposalDetailSchema, proposalSchema, type Proposal } from './schemas.js';
import { useWording, type Desk } from './use-desk.js';
import { proposalTitle } from './WorkView.js';

/** One proposal: what it would change, what follows from that, and the second person's word. */
export function ProposalDetail({ desk, id }: { desk: Desk; id: string }) {
  const { say } = useText();
  const { path } = desk;
  const words = useWording(desk.names);
  const known = useCall((signal) => call(`${path}/proposals/${id}`, proposalDetailSchema, { signal }), [path, id]);
  const proposal = known.value?.proposal;
  const nameOf = useNames(
    path,
    [proposal?.proposedBy, proposal?.decidedBy].filter((one) => one !== undefined),
  );
  if (!known.value || !proposal)
    return known.error === undefined ? <p class="soft">{say('app.loading')}</p> : <Problem error={known.error} />;
  const { before, after, problem } = known.value;
  const asFacts = (side: typeof before) => (side && 'statement' in side ? factsOf(side.statement, words) : []);
  const settings = (side: typeof before): string =>
    side && 'dualControl' in side
      ? side.dualControl.map((kind) => say(`second-person.${kind}` as 'second-person.root')).join(say('list.and')) ||
        say('difference.none')
      : '';
  return (
    <section class="stack">
      <p>
        <a href={routeHref('work')}>{say('officer.back-to-work')}</a>
      </p>
      <h1>{say(proposalTitle(proposal))}</h1>
      <div class="card">
        <p>
          <strong>{say(`proposal.${proposal.state}`)}</strong>
        </p>
        <dl class="facts">
          <div>
            <dt>{say('officer.proposed-by')}</dt>
            <dd>
              {nameOf(proposal.proposedBy)} · {timeText(proposal.proposedAt)}
            </dd>
          </div>
          {proposal.decidedBy !== undefined && (
            <div>
              <dt>{say('officer.decided-by')}</dt>
              <dd>
                {nameOf(proposal.decidedBy)} · {timeText(proposal.decidedAt)}
              </dd>
            </div>
          )}
          {proposal.reason !== undefined && (
            <div>
              <dt>{say('officer.reason')}</dt>
              <dd>{proposal.reason}</dd>
            </div>
          )}
        </dl>
      </div>
      {proposal.urgentReason !== undefined && (
        <Notice kind="care" title={say('officer.urgent')}>
          {proposal.urgentReason}
        </Notice>
      )}
      {problem && (
        <Notice kind="bad" title={say('officer.no-longer')}>
          {problem.detail} [{problem.code}]
        </Notice>
      )}
      <h2>{say(before ? 'difference.title' : 'difference.new')}</h2>
      {after && 'dualControl' in after ? (
        <p>{say('second-person.change', { before: settings(before), after: settings(after) })}</p>
      ) : proposal.operation === 'root' ? (
        <p>{say('officer.root-help')}</p>
      ) : (
        <FactDifferences before={asFacts(before)} after={asFacts(after)} />
      )}
      {proposal.state === 'open' && !['root', 'dual-control'].includes(proposal.operation) && (
        <PreviewPanel desk={desk} body={{ proposal: id }} />
      )}
      {proposal.state === 'open' && <Decide desk={desk} proposal={proposal} onChanged={known.again} />}
    </section>
  );
}

function Decide({ desk, proposal, onChanged }: { desk: Desk; proposal: Proposal; onChanged: () => void }) {
  const { say } = useText();
  const [isAsking, setAsking] = useState(false);
  const path = `${desk.path}/proposals/${proposal.id}`;
  const isOwn = proposal.proposedBy === desk.own;
  const mayDecide = desk.roles.some((role) => ['approver', 'officer', 'custodian', 'admin'].includes(role));
  const act = useAction(async (action: 'approve' | 'reject', body: object) => {
    await call(`${path}/${action}`, proposalSchema, { method: 'POST', body });
    setAsking(false);
    onChanged();
  });
  if (!mayDecide) return null;
  return (
    <div class="stack actions-apart">
      {isOwn && <Notice kind="care">{say('officer.own')}</Notice>}
      <Problem error={act.error} />
      {!isAsking ? (
        <div class="actions">
          {!isOwn && (
            <Button kind="primary" icon="pass" busy={act.busy} onClick={() => act.run('approve', {})}>
              {say('officer.approve')}
            </Button>
          )}
          <Button kind={isOwn ? 'danger' : 'plain'} onClick={() => setAsking(true)}>
            {say(isOwn ? 'officer.withdraw-own' : 'batch.send-back')}
          </Button>
        </div>
      ) : (
        <ReasonForm
          help={say('officer.reason-help')}
          submit={say(isOwn ? 'officer.withdraw-own' : 'batch.send-back')}
          busy={act.busy}
          onReason={(reason) => act.run('reject', { reason })}
          onBack={() => setAsking(false)}
        />
      )}
    </div>
  );
}
