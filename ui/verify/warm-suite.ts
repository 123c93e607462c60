import { buildCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { assertCompactCertificate } from '../../shared/proof/assert-compact-certificate.js';
import type { ProofSuite } from '../../shared/proof/types.js';

const ISSUER = 'did:web:nobody.invalid';
/** A certificate of nobody with the members most certificates have. */
const COMMON: CertificateRecord = {
  kind: 'skill-level',
  certificateNumber: 'S000051000001263000001',
  revision: 1,
  issuer: { id: ISSUER, name: '无' },
  authority: { id: ISSUER, name: '无' },
  accreditation: { id: 'urn:yizheng:accreditation:nobody.invalid:1' },
  issuedOn: '2026-01-02',
  holder: { name: '无', identityDocumentType: 'resident-identity-card', identityDocumentLastFour: '0000' },
  occupation: { code: '6-18-02-04', catalogueEdition: '2022', name: '无', trade: '无' },
  level: { framework: 'cn-skill-5', value: '3' },
  assessment: {
    id: '1',
    method: 'examination',
    standard: '无',
    standardType: 'national',
    date: '2026-01-01',
    theoryScore: '60',
    practicalScore: '60',
  },
  status: { list: 1, index: 0 },
};

/**
 * Lets the suite canonicalise a certificate of nobody, and JSON-LD compact it, so that the first real one need not wait for that. There
 * is no key: the signature is 64 zero bytes and thrown away.
 */
export async function warmSuite(suite: ProofSuite): Promise<void> {
  const signer = {
    id: `${ISSUER}#key-1`,
    algorithm: 'Ed25519' as const,
    sign: () => Promise.resolve(new Uint8Array(64)),
  };
  const signed = await suite.sign(buildCredential(COMMON), { signer, created: '2026-01-02T00:00:00Z' });
  await assertCompactCertificate(signed as JsonObject);
}
