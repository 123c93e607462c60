import type { Answer, Reason } from '../trust/types.js';
import type { Finding } from './types.js';

/**
 * Makes an answer to one question.
 * @param answer pass, fail or unknown
 * @param code main reason code
 * @param options `asOf`: up to when it is known, null when nothing is known; `params`: values for its sentence; `reasons`: more reasons
 */
export function finding(
  answer: Answer,
  code: string,
  options: { asOf: string | null; params?: Record<string, string>; reasons?: readonly Reason[] },
): Finding {
  return { answer, code, params: options.params ?? {}, asOf: options.asOf, reasons: [...(options.reasons ?? [])] };
}
