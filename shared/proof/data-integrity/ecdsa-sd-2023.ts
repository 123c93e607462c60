import { encodeMultikey } from '../../did/multikey.js';
import { createDocumentLoader } from '../document-loader.js';
import type { ProofVerifier } from './verify-proof.js';

const documentLoader = createDocumentLoader();

/**
 * Verifies derived `ecdsa-sd-2023` proofs (VC Data Integrity ECDSA Cryptosuites §3.6.7). A base proof is refused: it is for the holder
 * only and would show every claim. Where this suite is used, the members a verifier relies on must be present, because a holder may
 * have left out any that its issuer did not make mandatory (SECURITY F9); the data model check demands them.
 */
export const ecdsaSd2023: ProofVerifier = {
  cryptosuite: 'ecdsa-sd-2023',
  algorithms: ['P-256'],
  async verify(document, proof, key) {
    const { proofValue } = proof;
    if (typeof proofValue !== 'string' || !proofValue.startsWith('u')) return false;
    const controller = typeof proof['verificationMethod'] === 'string' ? proof['verificationMethod'] : '';
    try {
      // Few credentials have such a proof, and the library takes its time to load.
      const { createVerifyCryptosuite } = await import('@digitalbazaar/ecdsa-sd-2023-cryptosuite');
      const cryptosuite = createVerifyCryptosuite();
      const verifier = await cryptosuite.createVerifier({
        verificationMethod: {
          '@context': 'https://w3id.org/security/multikey/v1',
          id: controller,
          type: 'Multikey',
          controller: controller.split('#')[0] ?? '',
          publicKeyMultibase: encodeMultikey(key),
        },
      });
      const data = await cryptosuite.createVerifyData({ cryptosuite, document, proof, documentLoader });
      return await verifier.verify({ data });
    } catch {
      return false;
    }
  },
};
