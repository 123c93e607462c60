import { DAY, instant, within } from './time.js';
import { failure, reason, type Findings } from './judgement.js';
import type { CertificateFacts, RegistryEvent } from './types.js';

/** Stage of event findings (see `Failure`). */
const STAGE = 3;

/**
 * What suspensions, withdrawals and revocations mean for a certificate (TRUST §2.5).
 *
 * At the time of issue they refuse. Later ones leave an old certificate standing, unless the cause makes its *date* doubtful:
 * after an integrity cause only a log proof older than the event day + 1 saves it.
 * @param events events of the one maker whose word counts here, about one subject
 * @param about `statement`: the accreditation judged; `begins`: when its action began: a withdrawal ends what began before it
 * @param now milliseconds
 */
export function checkEvents(
  facts: CertificateFacts,
  events: readonly RegistryEvent[],
  about: { statement: string; begins: number },
  now: number,
): Findings {
  const found: Findings = { failures: [], warnings: [] };
  if (events.length === 0) return found;
  const times = [instant(facts.issuedAt), instant(facts.signedAt)];
  const newest = Math.max(...times);
  for (const event of events) {
    const from = instant(event.effectiveFrom);
    if (from > now || !concerns(event, about, from)) continue;
    const until = event.effectiveUntil === undefined ? undefined : instant(event.effectiveUntil);
    const voids = event.voidsIssuedSince === undefined ? from : instant(event.voidsIssuedSince);
    if (event.event !== 'statement-revoked' && times.some((at) => within(at, from, until)))
      found.failures.push(
        failure(event.event === 'suspend' ? 'ISSUER_SUSPENDED_AT_ISSUE' : 'ISSUER_WITHDRAWN_AT_ISSUE', STAGE, event.id),
      );
    else if (times.some((at) => within(at, voids, from)))
      found.failures.push(failure('CERTIFICATES_VOIDED_SINCE', STAGE, event.id));
    else if (newest < from && event.cause === 'integrity' && !provenBefore(facts, from + DAY))
      found.failures.push(failure('BACKDATING_UNPROVEN', STAGE, event.id));
    else if (newest < from) found.warnings.push(reason('ISSUER_LATER_SUSPENDED', event.id));
  }
  return found;
}

/** True when a log proof shows that the certificate existed before this instant (milliseconds). */
export function provenBefore(facts: CertificateFacts, at: number): boolean {
  return facts.provenBy !== undefined && instant(facts.provenBy) < at;
}

function concerns(event: RegistryEvent, about: { statement: string; begins: number }, from: number): boolean {
  switch (event.event) {
    case 'suspend':
      return true;
    case 'withdraw':
      return about.begins < from;
    case 'statement-revoked':
      return event.statement === about.statement;
    default:
      return false;
  }
}
