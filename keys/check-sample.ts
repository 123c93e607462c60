import { readRecord } from '../shared/certificate/credential.js';
import { YizhengError } from '../shared/errors.js';
import { verifyWithSecondImplementation } from '../shared/proof/second-implementation.js';
import type { Custody, KeyInfo } from './custody.js';

/**
 * Checks one signed text as its reader will: closed schema, exact shape, and the signature by another implementation of hash and
 * curve.
 * @throws YizhengError `SIGNATURE_REJECTED` (503)
 */
export async function checkSample(json: string, custody: Pick<Custody, 'list'>, keyId: string): Promise<void> {
  const key = custody.list().find(({ id }) => id === keyId);
  const signed = JSON.parse(json) as object;
  if (key === undefined || !(await isRight(signed, key)))
    throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature; nothing was issued.', {
      status: 503,
    });
}

async function isRight(signed: object, key: KeyInfo): Promise<boolean> {
  try {
    readRecord(signed);
    return await verifyWithSecondImplementation(signed, key);
  } catch {
    return false;
  }
}
