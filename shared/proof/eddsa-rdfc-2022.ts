import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { issue, verifyCredential } from '@digitalbazaar/vc';
import { YizhengError } from '../errors.js';
import { createDocumentLoader, resolverOf } from './document-loader.js';
import type { ProofSuite } from './types.js';

const CREATED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/**
 * `eddsa-rdfc-2022` (VC Data Integrity EdDSA Cryptosuites §3.2) through `@digitalbazaar/vc`: the reference path.
 *
 * `sign` throws YizhengError `PROOF_CREATED_FORMAT` when `created` is not like `2026-11-20T08:30:00Z`, `PROOF_EXISTS` when the
 * credential is signed already, and the library's own errors in safe mode (a term no context defines).
 */
export const eddsaRdfc2022: ProofSuite = {
  cryptosuite: cryptosuite.name,

  async sign(unsigned, { signer, created }) {
    if (!CREATED.test(created) || Number.isNaN(Date.parse(created)))
      throw new YizhengError('PROOF_CREATED_FORMAT', 'The time of a proof must be UTC in whole seconds.');
    if ('proof' in unsigned) throw new YizhengError('PROOF_EXISTS', 'The credential is signed already.');
    const suite = new DataIntegrityProof({ signer, date: created, cryptosuite });
    const { proof } = await issue({ credential: { ...unsigned }, suite, documentLoader: createDocumentLoader() });
    return {
      ...unsigned,
      proof: {
        type: 'DataIntegrityProof',
        created,
        verificationMethod: signer.id,
        cryptosuite: cryptosuite.name,
        proofPurpose: 'assertionMethod',
        proofValue: String(proof['proofValue']),
      },
    };
  },

  async verifySignature(signed, key) {
    const { verified } = await verifyCredential({
      credential: signed,
      suite: new DataIntegrityProof({ cryptosuite }),
      documentLoader: createDocumentLoader({ resolver: resolverOf(key, 'assertionMethod') }),
      // The library judges dates against its own clock and asks for a status check; both are judged elsewhere.
      now: judgedAt(signed),
      checkStatus: () => Promise.resolve({ verified: true }),
    });
    return verified;
  },
};

function judgedAt(signed: object): string {
  const { validFrom, proof } = signed as { validFrom?: unknown; proof?: { created?: unknown } };
  const instant = typeof validFrom === 'string' ? validFrom : proof?.created;
  return typeof instant === 'string' ? instant : '1970-01-01T00:00:00Z';
}
