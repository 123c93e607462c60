import { readRecord, statusListUrl } from '../shared/certificate/credential.js';
import { YizhengError } from '../shared/errors.js';
import { UNPLACED, type IssuedUnder } from './covering-accreditation.js';
import type { CertificateDraft } from './exam-result.js';
import type { Institution } from './institutions.js';
import { requirePermitEnd } from './permit-end.js';

const REFUSED_PLACE: Record<string, string> = { issuer: '/issuer/name', authority: '/issuedUnder/authorityName' };

/**
 * Reads a credential the client wrote itself (VC-API), complete but for its status entries, which the issuer assigns.
 * @returns what would stand on the certificate, and what the client wrote of issuer, authority, accreditation and revision
 * @throws YizhengError 422: `CREDENTIAL_SCHEMA`, `CREDENTIAL_SHAPE`, `CREDENTIAL_STATUS_GIVEN`, `ISSUER_MISMATCH`,
 *   `PERMIT_END_MISSING`
 */
export function readClientCredential(
  { did }: Institution,
  credential: object,
): { draft: CertificateDraft; under: IssuedUnder; revision: number } {
  if ('credentialStatus' in credential)
    throw new YizhengError('CREDENTIAL_STATUS_GIVEN', 'Leave credentialStatus out; the issuer assigns it.', {
      at: '/credential/credentialStatus',
      status: 422,
    });
  const { id, issuer: writtenIssuer } = credential as { id?: unknown; issuer?: { id?: unknown } };
  if (writtenIssuer?.id !== did)
    throw new YizhengError('ISSUER_MISMATCH', 'The issuer of the credential is not this institution.', {
      at: '/credential/issuer/id',
      status: 422,
    });
  const entry = (statusPurpose: 'revocation' | 'suspension') => ({
    id: `urn:yizheng:${statusPurpose}:${typeof id === 'string' ? id.slice('urn:yizheng:certificate:'.length) : ''}`,
    type: 'BitstringStatusListEntry',
    statusPurpose,
    statusListIndex: '0',
    statusListCredential: statusListUrl(did, statusPurpose, UNPLACED.list),
  });
  const record = readRecord({ ...credential, credentialStatus: [entry('revocation'), entry('suspension')] });
  requirePermitEnd(record);
  const { status: _, issuer, authority, accreditation, revision, ...draft } = record;
  return { draft, under: { issuer, authority, accreditation }, revision };
}

/** @throws YizhengError `ISSUER_MISMATCH` (422) when the client wrote other names than the accreditation has */
export function refuseOtherNames(given: IssuedUnder | undefined, ours: IssuedUnder): void {
  for (const party of ['issuer', 'authority'] as const)
    if (given && (given[party].id !== ours[party].id || given[party].name !== ours[party].name))
      throw new YizhengError(
        'ISSUER_MISMATCH',
        'Issuer and authority must be written as the accreditation writes them.',
        { at: `/credential${REFUSED_PLACE[party] ?? ''}`, status: 422 },
      );
}

/** `REVISION_WRONG` (422). */
export function wrongRevision(): YizhengError {
  return new YizhengError('REVISION_WRONG', 'The revision in the id is not the next one of this number.', {
    at: '/credential/id',
    status: 422,
  });
}
