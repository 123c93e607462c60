import { createHash } from 'node:crypto';
import { base58 } from '@scure/base';
import { buildCredential, type CertificateCredential } from '../../shared/certificate/credential.js';
import type { KindId } from '../../shared/certificate/kind.js';
import { sampleRecord } from '../certificate/sample-records.js';

/** A certificate of a kind with a proof of the right form; its signature is made up, carriers do not check it. */
export function sampleCertificate(kind: KindId, changes: object = {}): CertificateCredential {
  const record = sampleRecord(kind, changes);
  return {
    ...buildCredential(record),
    proof: {
      type: 'DataIntegrityProof',
      created: '2026-11-20T08:30:00Z',
      verificationMethod: `${record.issuer.id}#key-1`,
      cryptosuite: 'eddsa-rdfc-2022',
      proofPurpose: 'assertionMethod',
      proofValue: `z${base58.encode(createHash('sha512').update(kind).digest())}`,
    },
  };
}
