import { appendAudit } from '../server/index.js';
import { readRecord } from '../shared/certificate/credential.js';
import { YizhengError } from '../shared/errors.js';
import type { JsonObject } from '../shared/json/parse-json.js';
import { eddsaRdfc2022 } from '../shared/proof/eddsa-rdfc-2022.js';
import { toOpenBadge } from '../shared/proof/forms/open-badge.js';
import { verifyWithSecondImplementation } from '../shared/proof/second-implementation.js';
import type { AccreditationStore } from './accreditation-store.js';
import type { IssuedCertificate } from './certificate-row.js';
import { coverByAccreditation } from './covering-accreditation.js';
import type { IssuerEffects } from './effects.js';
import type { Institution } from './institutions.js';
import { wholeSecond } from './time.js';

/** Which certificate, and who asks. */
export interface OpenBadgeRequest {
  institution: Institution;
  certificate: IssuedCertificate;
  actor: string;
}

/**
 * Signs the facts of a certificate as an Open Badge 3.0, as far as the institution may sign them today; each one is audited. Its
 * signature is checked with another implementation than the one that made it.
 * @returns the signed badge
 * @throws YizhengError `CERTIFICATE_REVOKED`, `CERTIFICATE_SUSPENDED` (409); those of `coverByAccreditation` (403, 503);
 *   `SIGNATURE_REJECTED` (503)
 */
export async function exportOpenBadge(
  { institution, certificate, actor }: OpenBadgeRequest,
  effects: Pick<IssuerEffects, 'database' | 'keystore' | 'clock'>,
  accreditations: Pick<AccreditationStore, 'view'>,
): Promise<JsonObject> {
  refuseUnlessActive(certificate);
  const { keystore, database, clock } = effects;
  await keystore.refresh();
  const key = keystore.activeKey(institution.did, 'assertion');
  const now = clock();
  const created = wholeSecond(now);
  const record = readRecord(certificate.credential);
  const view = await accreditations.view(institution.authority);
  coverByAccreditation(institution, view, () => record, { verificationMethod: key.id, created });
  const badge = await eddsaRdfc2022.sign(toOpenBadge(certificate.credential), {
    signer: keystore.signer(key.id),
    created,
  });
  if (!(await verifyWithSecondImplementation(badge, key)))
    throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature; nothing was handed out.', {
      status: 503,
    });
  await database.write((transaction) =>
    appendAudit(
      transaction,
      {
        tenant: institution.code,
        actor,
        action: 'certificate.open-badge',
        subject: certificate.id,
        detail: { key: key.id },
      },
      now,
    ),
  );
  return badge;
}

function refuseUnlessActive({ status }: IssuedCertificate): void {
  if (status === 'revoked')
    throw new YizhengError('CERTIFICATE_REVOKED', 'The certificate is revoked; it makes no badge.', { status: 409 });
  if (status === 'suspended')
    throw new YizhengError('CERTIFICATE_SUSPENDED', 'The certificate is suspended; reinstate it first.', {
      status: 409,
    });
}
