import type { ComponentChildren } from 'preact';
import { CERTIFICATE_KINDS } from '../../../../shared/certificate/kind.js';
import { useNames } from '../api/use-names.js';
import { routeHref } from '../app/routes.js';
import { LevelText } from '../certificates/LevelText.js';
import { useText } from '../i18n/index.js';
import type { Detail } from './schemas.js';

/** What a session is about, who planned it and what came of it. */
export function SessionFacts({ tenant, session }: { tenant: string; session: Detail }) {
  const { say, sentences } = useText();
  const nameOf = useNames(
    tenant,
    [session.plannedBy, session.confirmedBy].flatMap((id) => id ?? []),
  );
  const kind = CERTIFICATE_KINDS.find(({ id }) => id === session.kind);
  const { occupation, passMarks, staff, candidates, seats, issued, revoked } = session;
  const facts: [string, ComponentChildren][] = [
    [say('exam.kind'), sentences === 'zh-CN' ? kind?.nameZh : kind?.nameEn],
    [
      say('exam.what'),
      <>
        {occupation.code} {occupation.name} {occupation.trade} <LevelText {...session.level} />
      </>,
    ],
    [say('exam.standard'), `${session.standard} (${say(`exam.standard-type.${session.standardType}`)})`],
    [say('exam.method'), say(`exam.method.${session.method}`)],
    [
      say('exam.parts'),
      passMarks.length === 0
        ? say('exam.marks-none')
        : passMarks
            .map(({ part, mark }) => say('exam.mark-value', { part: say(`exam.part.${part}`), mark }))
            .join(say('list.and')),
    ],
    [say('exam.when'), session.endsOn === undefined ? session.heldOn : `${session.heldOn} – ${session.endsOn}`],
    [say('exam.place'), session.place],
    [say('exam.counts'), say('exam.counts-value', { candidates, seats })],
    ...(session.registerBy === undefined ? [] : [[say('exam.register-by'), session.registerBy] as [string, string]]),
    ...(session.publication
      ? [[say('exam.publication'), `${session.publication.from} – ${session.publication.until}`] as [string, string]]
      : []),
    [
      say('exam.staff'),
      staff.length === 0
        ? say('exam.staff-none')
        : staff.map(({ role, name }) => `${name} (${say(`exam.staff.${role}`)})`).join(say('list.and')),
    ],
    [say('exam.planned-by'), nameOf(session.plannedBy)],
    ...(session.confirmedBy === undefined
      ? []
      : [[say('exam.confirmed-by'), nameOf(session.confirmedBy)] as [string, string]]),
    ...(session.batch === undefined
      ? []
      : [
          [say('exam.batch'), <a href={routeHref('batches', session.batch)}>{session.batch}</a>] as [
            string,
            ComponentChildren,
          ],
        ]),
    ...(session.issued === 0
      ? []
      : [
          [
            say('exam.certificates'),
            say(revoked > 0 ? 'exam.issued-revoked' : 'exam.issued-value', { issued, revoked }),
          ] as [string, string],
        ]),
  ];
  return (
    <dl class="facts card">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
