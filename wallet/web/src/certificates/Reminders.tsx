import { Notice } from '../../../../ui/parts/index.js';
import { routeHref } from '../app/routes.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import { reminders } from '../core/reminders/reminders.js';
import { useText } from '../i18n/index.js';
import { certificateCard } from './certificate-facts.js';

/** What is due soon: a permit's review, an expiry. What lies further off is said on the certificate's own page. */
export function Reminders({ certificates }: { certificates: readonly HeldCertificate[] }) {
  const text = useText();
  const due = reminders(certificates, Date.now()).filter(({ urgency }) => urgency !== 'later');
  return due.map(({ certificateId, kind, on, days, urgency }) => {
    const certificate = certificates.find(({ id }) => id === certificateId);
    if (!certificate) return null;
    const { title } = certificateCard(certificate, text);
    const overdue = urgency === 'overdue';
    return (
      <Notice
        key={`${certificateId} ${kind}`}
        kind={overdue ? 'bad' : 'care'}
        title={text.say(`reminder.${kind}${overdue ? '-over' : ''}`, { days: Math.abs(days), date: on })}
        actions={<a href={routeHref('certificate', certificateId)}>{title}</a>}
      />
    );
  });
}
