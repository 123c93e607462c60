import { isJsonObject, parseJsonObject } from '../json/parse-json.js';
import { certificateFacts } from '../trust/certificate-facts.js';
import type { DecideOptions } from '../trust/decide.js';
import type { CertificateFacts } from '../trust/types.js';
import type { Verdict } from './types.js';
import { verify, type VerifyContext, type VerifyInput } from './verify.js';

/** A verified certificate as further questions about its recognition need it. */
export interface CertificateQuestion {
  verdict: Verdict;
  /** Absent when the certificate is not genuine or not ours: nothing it says is worth judging. */
  facts?: CertificateFacts;
  /** What ends every question about its recognition. */
  certificateProblem?: 'SIGNATURE_INVALID' | 'CERTIFICATE_REVOKED' | 'CERTIFICATE_EXPIRED';
}

const ENDING = ['CERTIFICATE_REVOKED', 'CERTIFICATE_EXPIRED'] as const;

/**
 * Verifies a certificate and gives what `decide` and `explain` ask about it, so that another level, occupation or time can be asked
 * for without checking the signature again.
 * @throws YizhengError `JSON_*` as {@link verify}
 */
export async function askCertificate(input: VerifyInput, context: VerifyContext): Promise<CertificateQuestion> {
  const verdict = await verify(input, context);
  const { certificate, questions } = verdict;
  if (!certificate)
    return { verdict, ...(questions.authentic.answer === 'fail' && { certificateProblem: 'SIGNATURE_INVALID' }) };
  const proof = proofOf(input.json);
  const key = context.trust.keysOf(certificate.authority.id)(proof.verificationMethod);
  const problem = ENDING.find((code) => code === questions.current.code && questions.current.answer === 'fail');
  return {
    verdict,
    facts: certificateFacts(certificate, { ...proof, ...(key && { publicKeyMultibase: key.publicKeyMultibase }) }),
    ...(problem && { certificateProblem: problem }),
  };
}

/** The members of a question that `decide` and `explain` take. */
export function decideOptionsOf({
  certificateProblem,
}: CertificateQuestion): Pick<DecideOptions, 'certificateProblem'> {
  return certificateProblem === undefined ? {} : { certificateProblem };
}

/** A certificate that was read has exactly one proof with both members. */
function proofOf(json: string): { verificationMethod: string; created: string } {
  const { proof } = parseJsonObject(json);
  const text = (name: string): string => {
    const value = isJsonObject(proof) ? proof[name] : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { verificationMethod: text('verificationMethod'), created: text('created') };
}
