import { YizhengError } from '../shared/errors.js';

/** More was asked at once than the service takes; answered with `Retry-After`. @returns `VERIFIER_BUSY` (503) */
export function verifierBusy(): YizhengError {
  return new YizhengError('VERIFIER_BUSY', 'Too many verifications are waiting; try again in a moment.', {
    status: 503,
  });
}
