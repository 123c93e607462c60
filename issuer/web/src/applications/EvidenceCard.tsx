import { timeText } from '../../../../ui/i18n/format.js';
import { Icon } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import type { Evidence, Ground } from './schemas.js';
import { qualificationText } from './wanted-text.js';

const ICONS = { pass: 'pass', fail: 'fail', unknown: 'unknown' } as const;

/** One presented certificate: what it is, whether it is good and the applicant's, what it spares, and on what that rests. */
export function EvidenceCard({ evidence }: { evidence: Evidence }) {
  const { say, sentences } = useText();
  const { judgement, sha256 } = evidence;
  const { certificate, standing, grounds, trust, judgedAt } = judgement;
  const text = judgement.text[sentences === 'zh-CN' ? 'zh-CN' : 'en'];
  const at = timeText(judgedAt);
  return (
    <article class="card stack" data-standing={standing}>
      <h3>
        {certificate
          ? qualificationText(
              {
                kind: certificate.kind,
                item: certificate.permit?.item ?? certificate.occupation?.name,
                level: certificate.level,
              },
              sentences,
            )
          : say('exempt.unread')}
      </h3>
      {certificate && (
        <p class="soft">
          {say('exempt.issued-by', {
            issuer: certificate.issuer.name,
            number: certificate.certificateNumber,
            date: certificate.issuedOn,
          })}
        </p>
      )}
      <p class={`standing standing-${standing}`}>
        <Icon name={ICONS[standing]} /> <strong>{say(`exempt.standing.${standing}`)}</strong>
      </p>
      <p>{text.headline}</p>
      <details>
        <summary>{say('exempt.why')}</summary>
        <ul>
          {text.why.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        {grounds.map((ground) => (
          <GroundFacts key={ground.id} ground={ground} />
        ))}
        <p class="soft">
          {trust.dataAsOf === null
            ? say('exempt.data-none', { at })
            : say('exempt.data', { time: timeText(trust.dataAsOf), at })}
        </p>
        <p class="soft wrap-anywhere">SHA-256 {sha256}</p>
      </details>
    </article>
  );
}

function GroundFacts({ ground }: { ground: Ground }) {
  const { say } = useText();
  const facts: [label: string, value: string][] =
    ground.type === 'rule'
      ? [
          [say('exempt.rule'), `${ground.name} (${ground.id})`],
          [say('exempt.basis'), ground.basis],
          [say('exempt.source'), `${ground.source} · ${say('exempt.confidence', { confidence: ground.confidence })}`],
          [say('exempt.digest'), ground.digest],
        ]
      : [
          [say('exempt.statement'), `${ground.authorityName} (${ground.id})`],
          ...(ground.memorandum
            ? [[say('exempt.memorandum'), `${ground.memorandum.name} (${ground.memorandum.id})`] as [string, string]]
            : []),
          [say('exempt.digest'), ground.memorandum?.digestMultibase ?? ground.digest],
        ];
  return (
    <dl class="facts ground">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd class="wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
