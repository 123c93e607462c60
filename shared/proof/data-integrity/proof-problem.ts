import { instantOf, isAfter, type CheckTime } from '../proof-time.js';
import type { DataIntegrityProof } from './proof-schema.js';

/** What a proof must be for, and what it was asked to repeat. */
export interface ExpectedProof extends CheckTime {
  purpose: DataIntegrityProof['proofPurpose'];
  /** What the signer was asked to sign; not looked at when not given. */
  challenge?: string;
  domain?: string;
}

/**
 * What a proof says about itself, against what was expected (VC Data Integrity §4.4).
 * @returns why it does not count: `PROOF_PURPOSE`, `CHALLENGE_MISMATCH`, `DOMAIN_MISMATCH`, `CREATED_IN_FUTURE`, `PROOF_EXPIRED`
 */
export function proofProblem(proof: DataIntegrityProof, expected: ExpectedProof): string | undefined {
  const { purpose, challenge, domain, now } = expected;
  if (proof.proofPurpose !== purpose) return 'PROOF_PURPOSE';
  if (challenge !== undefined && (challenge === '' || proof.challenge !== challenge)) return 'CHALLENGE_MISMATCH';
  if (domain !== undefined && (domain === '' || !isExactly(proof.domain, domain))) return 'DOMAIN_MISMATCH';
  if (proof.created !== undefined && isAfter(proof.created, expected)) return 'CREATED_IN_FUTURE';
  if (proof.expires !== undefined && instantOf(now) >= instantOf(proof.expires)) return 'PROOF_EXPIRED';
  return undefined;
}

function isExactly(domain: DataIntegrityProof['domain'], wanted: string): boolean {
  const domains = [domain ?? []].flat();
  return domains.length === 1 && domains[0] === wanted;
}
