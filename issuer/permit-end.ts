import { YizhengError } from '../shared/errors.js';
import type { CertificateRecord } from '../shared/certificate/record.js';

/**
 * Refuses to issue a special operation permit that never ends: it is valid for six years and reviewed every three (DOMAIN §6.4).
 * Only asked before issuing; what exists without an end can still be read.
 * @throws YizhengError `PERMIT_END_MISSING` (422)
 */
export function requirePermitEnd({
  kind,
  expiresOn,
  permit,
}: Pick<CertificateRecord, 'kind' | 'expiresOn' | 'permit'>): void {
  if (kind !== 'special-operation' || (expiresOn !== undefined && permit?.reviewBy !== undefined)) return;
  throw new YizhengError(
    'PERMIT_END_MISSING',
    'A special operation permit needs its last day (expiresOn) and its review date (permit.reviewBy).',
    { at: expiresOn === undefined ? '/expiresOn' : '/permit/reviewBy', status: 422 },
  );
}
