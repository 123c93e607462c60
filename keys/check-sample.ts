import { readRecord } from '../shared/certificate/credential.js';
import { YizhengError } from '../shared/errors.js';
import { verifyWithSecondImplementation } from '../shared/proof/second-implementation.js';
import type { Custody } from './custody.js';

/**
 * Checks one signed text as its reader will: closed schema, exact shape, and the signature by another implementation of hash and
 * curve.
 * @throws YizhengError `SIGNATURE_REJECTED` (503)
 */
export async function checkSample(json: string, custody: Pick<Custody, 'list'>, keyId: string): Promise<void> {
  const key = custody.list().find(({ id }) => id === keyId);
  const signed = JSON.parse(json) as object;
  let isRight = false;
  try {
    readRecord(signed);
    isRight = key !== undefined && (await verifyWithSecondImplementation(signed, key));
  } catch {
    isRight = false;
  }
  if (!isRight)
    throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature; nothing was issued.', {
      status: 503,
    });
}
