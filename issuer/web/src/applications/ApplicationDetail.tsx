import { useState } from 'preact/hooks';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { Answer } from './Answer.js';
import { EndForm } from './EndForm.js';
import { EvidenceCard } from './EvidenceCard.js';
import { HandInForm } from './HandInForm.js';
import { PresentCertificate } from './PresentCertificate.js';
import { RemainingForm } from './RemainingForm.js';
import { applicationSchema, type Application } from './schemas.js';
import { qualificationText } from './wanted-text.js';

/** One application: the answer, the certificates it rests on, the examination, and what became of it. */
export function ApplicationDetail({
  path: institution,
  id,
  mayWrite,
}: {
  path: string;
  id: string;
  mayWrite: boolean;
}) {
  const { say, sentences } = useText();
  const path = `${institution}/applications/${id}`;
  const asked = useCall((signal) => call(path, applicationSchema, { signal }), [path]);
  const [changed, setChanged] = useState<Application>();
  const judge = useAction(async () => setChanged(await call(`${path}/judge`, applicationSchema, { method: 'POST' })));
  const reload = useAction(async () => setChanged(await call(path, applicationSchema)));
  const application = changed ?? asked.value;
  if (!application)
    return asked.error === undefined ? <p class="soft">{say('app.loading')}</p> : <Problem error={asked.error} />;
  const { state, applicant, wanted, region, evidence, answer, remaining } = application;
  const isOpen = state === 'open' || state === 'remaining-recorded';
  return (
    <section class="stack">
      <p>
        <a href={routeHref('exemptions')}>{say('exempt.back')}</a>
      </p>
      <h1>
        {applicant.name} · {qualificationText(wanted, sentences)}
      </h1>
      <p class="soft">
        {say('exempt.last-four', { four: applicant.idLastFour })} · {say('exempt.region-at', { region })} ·{' '}
        <strong>{say(`exempt.state.${state}`)}</strong>
      </p>
      {application.trouble !== undefined && (
        <Notice kind="care">{say('exempt.returned', { code: application.trouble })}</Notice>
      )}
      {application.reason !== undefined && (
        <Notice kind="info" title={say('exempt.ended')}>
          {application.reason}
        </Notice>
      )}
      <Outcome application={application} />
      <Answer application={application} />
      {isOpen && mayWrite && <PresentCertificate path={path} onChanged={setChanged} />}
      {evidence.length > 0 && (
        <>
          <h2>{say('exempt.presented')}</h2>
          {evidence.map((one) => (
            <EvidenceCard key={one.id} evidence={one} />
          ))}
          {mayWrite && (isOpen || state === 'handed-in') && (
            <div class="actions">
              <Button icon="update" busy={judge.busy} onClick={() => judge.run()}>
                {say('exempt.again')}
              </Button>
            </div>
          )}
          <Problem error={judge.error} />
        </>
      )}
      {remaining && <Recorded remaining={remaining} />}
      {state === 'remaining-recorded' && mayWrite && remaining?.results.every(({ passed }) => passed) && (
        <HandInForm application={application} path={path} onChanged={setChanged} onFailed={() => reload.run()} />
      )}
      {isOpen && mayWrite && answer.stillRequired.length > 0 && (
        <RemainingForm
          key={`${state} ${answer.stillRequired.join()}`}
          application={application}
          path={path}
          onChanged={setChanged}
        />
      )}
      {isOpen && mayWrite && <EndForm path={path} onChanged={setChanged} />}
    </section>
  );
}

function Outcome({ application: { batch, certificate } }: { application: Application }) {
  const { say } = useText();
  if (batch === undefined && certificate === undefined) return null;
  return (
    <Notice kind={certificate === undefined ? 'info' : 'good'}>
      {certificate !== undefined && (
        <p>
          {say('exempt.certificate')}:{' '}
          <a href={routeHref('certificates', certificate)}>{say('exempt.certificate-open')}</a>
        </p>
      )}
      {batch !== undefined && (
        <p>
          {say('exempt.batch')}: <a href={routeHref('batches', batch)}>{say('exempt.batch-open')}</a>
        </p>
      )}
    </Notice>
  );
}

function Recorded({ remaining }: { remaining: NonNullable<Application['remaining']> }) {
  const { say } = useText();
  const { assessment, passMark, results } = remaining;
  return (
    <section class="card stack" aria-labelledby="recorded-title">
      <h2 id="recorded-title">{say('exempt.recorded')}</h2>
      <p>
        {assessment.id} · {assessment.standard} · {assessment.date} · {say('exempt.recorded-mark', { mark: passMark })}
      </p>
      <ul>
        {results.map(({ part, passed, theoryScore, practicalScore, comprehensiveScore }) => (
          <li key={part}>
            {say(`exempt.part.${part}`)}: {say(passed ? 'exempt.result.passed' : 'exempt.result.failed')}{' '}
            {[theoryScore, practicalScore, comprehensiveScore].filter((score) => score !== undefined).join(' / ')}
          </li>
        ))}
      </ul>
      {results.some(({ passed }) => !passed) && <Notice kind="care">{say('exempt.failed')}</Notice>}
    </section>
  );
}
