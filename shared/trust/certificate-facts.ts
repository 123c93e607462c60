import { numberFormat } from '../certificate/certificate-number.js';
import type { CertificateRecord } from '../certificate/record.js';
import type { CertificateFacts } from './types.js';

/**
 * What the trust decision needs to know of a certificate.
 * @param record the certificate
 * @param signature `verificationMethod` and `created` of its proof (or, before signing, of the proof to be made)
 * @returns facts; `region` is the place of the assessment, else the province in a 22-character number, else empty
 */
export function certificateFacts(
  record: CertificateRecord,
  signature: { verificationMethod: string; created: string },
): CertificateFacts {
  const { certificateNumber, occupation, level, candidateEmployer } = record;
  const province = numberFormat(certificateNumber) === 'skill-level-22' ? `${certificateNumber.slice(5, 7)}0000` : '';
  return {
    kind: record.kind,
    certificateNumber,
    issuer: record.issuer.id,
    verificationMethod: signature.verificationMethod,
    issuedAt: `${record.issuedOn}T00:00:00+08:00`,
    signedAt: signature.created,
    region: record.assessment.region ?? province,
    issuedUnder: { id: record.accreditation.id, authority: record.authority.id },
    ...(occupation && { occupation: { code: occupation.code, catalogueEdition: occupation.catalogueEdition } }),
    ...(level && { level }),
    ...(candidateEmployer && {
      candidateEmployer: {
        uscc: candidateEmployer.uscc,
        ...(candidateEmployer.supplyChainAgreement !== undefined && {
          supplyChainAgreement: candidateEmployer.supplyChainAgreement,
        }),
      },
    }),
  };
}
