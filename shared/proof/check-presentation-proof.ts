import type { Resolvable } from 'did-resolver';
import type { JsonObject } from '../json/parse-json.js';
import { proofProblem } from './data-integrity/proof-problem.js';
import type { DataIntegrityProof } from './data-integrity/proof-schema.js';
import type { ProofVerifier } from './data-integrity/verify-proof.js';
import { verifyProofs } from './data-integrity/verify-proofs.js';
import type { PresentationModel } from './data-model/check-presentation-model.js';
import { findKey } from './find-key.js';
import { instantOf, type CheckTime } from './proof-time.js';
import { refusalOf } from './refusal.js';
import type { ProofCheck } from './types.js';

/** Longest time between signing and showing a presentation that answers a challenge, seconds (SECURITY F8). */
export const MAX_PRESENTATION_AGE_SECONDS = 300;

/** What a presentation was asked to answer. */
export interface PresentationQuestion extends CheckTime {
  challenge?: string;
  domain?: string;
  maxAgeSeconds?: number;
}

/**
 * What the proofs of a presentation say, against what was asked; nothing is resolved or computed.
 * @returns a code of `proofProblem`, `PRESENTATION_TOO_OLD`, `HOLDER_MISMATCH` (the holder it names did not sign), or undefined
 */
export function presentationProblem(
  { holder }: PresentationModel,
  proofs: readonly DataIntegrityProof[],
  question: PresentationQuestion,
): string | undefined {
  const { challenge, now, maxAgeSeconds = MAX_PRESENTATION_AGE_SECONDS } = question;
  for (const proof of proofs) {
    const problem = proofProblem(proof, { ...question, purpose: 'authentication' });
    if (problem !== undefined) return problem;
    const { created } = proof;
    const age = created === undefined ? Infinity : instantOf(now) - instantOf(created);
    if (challenge !== undefined && age > maxAgeSeconds * 1000) return 'PRESENTATION_TOO_OLD';
  }
  const signers = proofs.map(signerOf);
  return holder === undefined || signers.includes(holder) ? undefined : 'HOLDER_MISMATCH';
}

/** DID whose key a proof names. */
export function signerOf({ verificationMethod }: DataIntegrityProof): string {
  return verificationMethod.split('#')[0] ?? '';
}

/**
 * Verifies the signatures of a presentation.
 * @returns `pass` `PROOF_VALID`; `unknown` `HOLDER_KEY_UNKNOWN`; `fail` with codes of `findKey` and `verifyProof`
 */
export async function verifyPresentationProofs(
  document: JsonObject,
  proofs: readonly DataIntegrityProof[],
  { resolver, suites = [] }: { resolver: Resolvable; suites?: readonly ProofVerifier[] },
): Promise<ProofCheck> {
  try {
    const check = await verifyProofs(document, proofs, {
      findKey: (method, purpose) => findKey(resolver, method, purpose),
      suites,
    });
    return check.answer === 'unknown' ? { ...check, code: 'HOLDER_KEY_UNKNOWN' } : check;
  } catch (error) {
    return refusalOf(error);
  }
}
