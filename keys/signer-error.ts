import { errorCode, YizhengError } from '../shared/errors.js';

/**
 * What a failed signature is to who asked for it: what custody knows of it (`TOKEN_*`, `SIGNATURE_REJECTED`), else `SIGNER_FAILED` (503).
 * @param message for `SIGNER_FAILED`: what was not signed
 */
export function signerError(cause: unknown, message: string): YizhengError {
  if (cause instanceof YizhengError && /^(?:TOKEN_|SIGNATURE_REJECTED$)/.test(errorCode(cause))) return cause;
  return new YizhengError('SIGNER_FAILED', message, { status: 503, cause });
}
