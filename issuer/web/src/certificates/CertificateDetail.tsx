import { useMemo } from 'preact/hooks';
import { readRecord } from '../../../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../../../shared/certificate/record.js';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { Icon, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useCall } from '../api/use-call.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { CorrectionForm } from './CorrectionForm.js';
import { LevelText } from './LevelText.js';
import { Offers } from './Offers.js';
import { PhotoPrint } from './PhotoPrint.js';
import { issuedSchema, type Issued } from './schemas.js';
import { StatusForm } from './StatusForm.js';

/** One certificate: what it says, its status, what it is handed out as. */
export function CertificateDetail({ path: institution, id }: { path: string; id: string }) {
  const { say, tag } = useText();
  const session = useStore(sessionState);
  const roles = rolesNow(session);
  const prints = roles.some((role) => role === 'clerk' || role === 'approver');
  const path = `${institution}/certificates/${encodeURIComponent(id)}`;
  const known = useCall((signal) => call(path, issuedSchema, { signal }), [path]);
  const record = useMemo(() => known.value && recordOf(known.value), [known.value]);
  if (!known.value)
    return known.error === undefined ? <p class="soft">{say('app.loading')}</p> : <Problem error={known.error} />;
  const issued = known.value;
  return (
    <section class="stack">
      <p>
        <a href={routeHref('certificates')}>{say('certificate.back')}</a>
      </p>
      <h1>{issued.certificateNumber}</h1>
      {issued.status !== 'active' && (
        <Notice kind="care">
          {say(`status.${issued.status}`)}
          {issued.statusReason !== undefined && <> · {say(`reason.${issued.statusReason}` as 'reason.error')}</>}
        </Notice>
      )}
      <Says issued={issued} record={record} />
      <div class="card">
        <h2>{say('certificate.files')}</h2>
        <p>
          <a class="button button-primary" href={`.${path}/certificate.pdf?lang=${tag}`} target="_blank" rel="noopener">
            <Icon name="print" />
            {say('certificate.print')}
          </a>
        </p>
        <ul class="plain-list">
          {(
            [
              ['certificate.pdf', 'certificate.pdf'],
              ['qr.png', 'certificate.png'],
              ['qr.svg', 'certificate.svg'],
            ] as const
          ).map(([name, label]) => (
            <li key={name}>
              <a href={`.${path}/${name}?lang=${tag}`} download>
                {say(label)}
              </a>
            </li>
          ))}
        </ul>
        {!issued.qr.withinBudget && <p class="soft">{say('certificate.dense', { version: issued.qr.version })}</p>}
        {prints && <PhotoPrint path={path} number={issued.certificateNumber} />}
      </div>
      {record && issued.status === 'active' && prints && <CorrectionForm institution={institution} record={record} />}
      {issued.status === 'active' && (
        <Offers
          institution={institution}
          path={path}
          holder={record?.holder.name ?? ''}
          mayMake={roles.includes('clerk')}
        />
      )}
      {roles.some((role) => role === 'approver' || role === 'officer') && issued.status !== 'revoked' && (
        <StatusForm
          institution={institution}
          number={issued.certificateNumber}
          path={path}
          status={issued.status}
          onChanged={known.again}
        />
      )}
    </section>
  );
}

function recordOf({ credential }: Issued): CertificateRecord | undefined {
  try {
    return readRecord(credential);
  } catch {
    return undefined;
  }
}

function Says({ issued, record }: { issued: Issued; record: CertificateRecord | undefined }) {
  const { say } = useText();
  if (!record) return <Notice kind="bad">{say('certificate.unreadable')}</Notice>;
  const facts: [string, preact.ComponentChildren][] = [
    [say('people.name'), record.holder.name],
    [say('ready.document'), record.holder.identityDocumentLastFour],
    ...(record.occupation
      ? ([
          [
            say('ready.occupation'),
            [record.occupation.name, record.occupation.trade, record.occupation.code].filter(Boolean).join(' · '),
          ],
        ] as [string, string][])
      : []),
    ...(record.level
      ? ([[say('certificate.level'), <LevelText {...record.level} />]] as [string, preact.ComponentChildren][])
      : []),
    [say('ready.assessment'), record.assessment.id],
    [say('certificate.issued'), record.issuedOn],
    [say('certificate.signed'), timeText(issued.issuedAt)],
    ...(issued.revision > 1
      ? ([[say('certificate.revision', { revision: issued.revision }), record.supersedes]] as [
          string,
          string | undefined,
        ][])
      : []),
  ];
  return (
    <div class="card">
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
