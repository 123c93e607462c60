import type { CertificateCredential } from '../../../shared/certificate/credential.js';
import { buildCredential } from '../../../shared/certificate/credential.js';
import type { KindId } from '../../../shared/certificate/kind.js';
import type { CertificateRecord } from '../../../shared/certificate/record.js';
import { eddsaRdfc2022 } from '../../../shared/proof/eddsa-rdfc-2022.js';
import { ISSUER, sampleRecord } from '../../certificate/sample-records.js';
import { testKey } from '../../proof/keys.js';

export const issuerKey = testKey(ISSUER, 7);

/** A really signed certificate of a kind. */
export async function signedSample(
  kind: KindId = 'skill-level',
  changes: object = {},
): Promise<{ record: CertificateRecord; credential: CertificateCredential }> {
  const record = sampleRecord(kind, changes);
  const credential = await eddsaRdfc2022.sign(buildCredential(record), {
    signer: issuerKey.signer,
    created: '2026-11-20T08:00:00Z',
  });
  return { record, credential: credential as unknown as CertificateCredential };
}
