import type { ShownCertificate } from '../certificate/shown-certificate.js';
import { numberFormat } from '../certificate/certificate-number.js';
import type { CertificateFacts } from './types.js';

/**
 * What the trust decision needs to know of a certificate.
 * @param record the certificate as read
 * @param proof its proof: `verificationMethod` and `created`. The issuer, before it signs, gives those of the proof to be made.
 *   `publicKeyMultibase`: the key it was checked with
 */
export function certificateFacts(
  record: ShownCertificate,
  proof: { verificationMethod: string; created: string; publicKeyMultibase?: string },
): CertificateFacts {
  const { occupation, permit, level, candidateEmployer, certificateNumber, assessment, specification } = record;
  const region =
    record.assessment.region ??
    (numberFormat(certificateNumber) === 'skill-level-22' ? `${certificateNumber.slice(5, 7)}0000` : undefined);
  return {
    kind: record.kind,
    certificateNumber,
    issuer: record.issuer.id,
    verificationMethod: proof.verificationMethod,
    issuedAt: `${record.issuedOn}T00:00:00+08:00`,
    signedAt: proof.created,
    ...(occupation && { occupation: { code: occupation.code, catalogueEdition: occupation.catalogueEdition } }),
    ...(permit && { occupation: { code: permit.item, catalogueEdition: 'permit' } }),
    ...(level && { level }),
    standard: specification
      ? { id: `${specification.code}@${specification.version}`, type: 'specification' }
      : { id: assessment.standard, type: assessment.standardType },
    ...(region !== undefined && { region }),
    ...(candidateEmployer && {
      candidateEmployer: {
        uscc: candidateEmployer.uscc,
        ...(candidateEmployer.supplyChainAgreement !== undefined && {
          supplyChainAgreement: candidateEmployer.supplyChainAgreement,
        }),
      },
    }),
    ...(proof.publicKeyMultibase !== undefined && { publicKeyMultibase: proof.publicKeyMultibase }),
    issuedUnder: { id: record.accreditation.id, authority: record.authority.id },
  };
}
