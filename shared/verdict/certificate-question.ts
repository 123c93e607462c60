import type { DecideOptions } from '../trust/decide.js';
import type { CertificateFacts } from '../trust/types.js';
import { judgeCertificate } from './judge-certificate.js';
import type { Verdict } from './types.js';
import type { VerifyContext, VerifyInput } from './verify.js';

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
 * @throws YizhengError `JSON_*` as `verify`
 */
export async function askCertificate(input: VerifyInput, context: VerifyContext): Promise<CertificateQuestion> {
  const { verdict, facts } = await judgeCertificate(input, context);
  const { questions } = verdict;
  if (!facts)
    return { verdict, ...(questions.authentic.answer === 'fail' && { certificateProblem: 'SIGNATURE_INVALID' }) };
  const problem = ENDING.find((code) => code === questions.current.code && questions.current.answer === 'fail');
  return { verdict, facts, ...(problem && { certificateProblem: problem }) };
}

/** The members of a question that `decide` and `explain` take. */
export function decideOptionsOf({
  certificateProblem,
}: CertificateQuestion): Pick<DecideOptions, 'certificateProblem'> {
  return certificateProblem === undefined ? {} : { certificateProblem };
}
