import { claimsToBeCertificate } from '../certificate/credential.js';
import { isJsonObject, parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { checkCredentialProof } from '../proof/check-credential-proof.js';
import { looksCompact } from '../proof/forms/certificate-form.js';
import { checkCompactCertificate, type CompactCertificateCheck } from '../proof/forms/check-compact-certificate.js';
import type { CheckTime } from '../proof/proof-time.js';
import type { ProofSuite } from '../proof/types.js';
import type { TrustView } from '../trust/trust-view.js';

/**
 * Is every byte as signed? Whatever form the certificate came in. Keys count only as the authority the certificate names published
 * them: another authority cannot lend it a key.
 * @param text JSON text, or the text of a compact form
 * @returns as `checkCredentialProof` and `checkCompactCertificate`; `unknown` `UNKNOWN_CREDENTIAL_TYPE` for what is none of ours
 * @throws YizhengError `JSON_*` when the text is neither compact nor an acceptable JSON object
 */
export async function checkAuthentic(
  text: string,
  context: CheckTime & { trust: TrustView; suite?: ProofSuite | undefined },
): Promise<CompactCertificateCheck> {
  const { trust, suite, ...time } = context;
  if (looksCompact(text))
    return checkCompactCertificate(text, { ...time, keysOf: (authority) => trust.keysOf(authority) });
  const document = parseJsonObject(text);
  if (!claimsToBeCertificate(document)) return { answer: 'unknown', code: 'UNKNOWN_CREDENTIAL_TYPE' };
  const { credential, record, ...proof } = await checkCredentialProof(text, {
    ...time,
    keyOf: trust.keysOf(authorityIn(document)),
    ...(suite && { suite }),
  });
  if (!credential || !record) return proof;
  const { verificationMethod, created } = credential.proof;
  return {
    ...proof,
    certificate: {
      form: 'ldp_vc',
      id: credential.id,
      record,
      signed: { verificationMethod, created },
      credentialStatus: credential.credentialStatus,
      notShown: [],
    },
  };
}

function authorityIn(document: JsonObject): string {
  const under = document['issuedUnder'];
  return isJsonObject(under) && typeof under['authority'] === 'string' ? under['authority'] : '';
}
