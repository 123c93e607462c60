import type { JsonObject } from '../../shared/json/parse-json.js';
import { appendAudit } from '../../server/index.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import type { AccessToken } from './access-token.js';
import { ProtocolError } from './protocol-error.js';
import { secretHash } from './secrets.js';

/** What a wallet may tell of credentials it got (OpenID4VCI 1.0 §11.1). */
export const NOTIFICATION_EVENTS = ['credential_accepted', 'credential_failure', 'credential_deleted'] as const;

/**
 * Takes a Notification Request; telling the same again changes nothing. Its `event_description` is free text of a stranger and is not
 * kept.
 * @throws ProtocolError `invalid_notification_request`, `invalid_notification_id`
 */
export async function takeNotification(
  body: JsonObject,
  { institution, token }: { institution: Institution; token: AccessToken },
  { database, clock }: Pick<IssuerEffects, 'database' | 'clock'>,
): Promise<void> {
  const { notification_id: id } = body;
  const event = NOTIFICATION_EVENTS.find((known) => known === body['event']);
  if (typeof id !== 'string' || event === undefined)
    throw new ProtocolError(
      'invalid_notification_request',
      'NOTIFICATION_REQUEST',
      'Send notification_id and one of the events of the specification.',
    );
  const notified = { notification_hash: secretHash(id), offer: token.row.offer };
  await database.write(async (transaction) => {
    const form = await transaction<{ certificate: string; event: string | null }>('certificate_forms')
      .where(notified)
      .first('certificate', 'event');
    if (!form)
      throw new ProtocolError('invalid_notification_id', 'NOTIFICATION_UNKNOWN', 'There is no such notification.');
    if (form.event === event) return;
    const now = clock();
    await transaction('certificate_forms').where(notified).update({ event, event_at: now.toISOString() });
    await appendAudit(
      transaction,
      {
        tenant: institution.code,
        actor: 'holder',
        action: 'certificate.notification',
        subject: form.certificate,
        detail: { offer: token.row.offer, event },
      },
      now,
    );
  });
}
