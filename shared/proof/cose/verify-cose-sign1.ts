import type { PublicKey } from '../../did/multikey.js';
import { YizhengError } from '../../errors.js';
import { checkSignature, type SignatureCheck, type SignaturePublicKey } from '../check-signature.js';
import { KEY_ALGORITHM_OF_COSE } from './algorithms.js';
import { readCoseSign1, type CoseSign1 } from './cose-sign1.js';

/** How a COSE_Sign1 is checked. */
export interface VerifyCoseOptions<Key extends SignaturePublicKey = PublicKey> {
  /** `typ` that it must have when it has one, e.g. `application/vc+cose`. */
  typ: string;
  /** Content type that it must have when it has one, e.g. `application/vc`. */
  contentType: string;
  /** The key that must have signed; undefined: not one that may sign this. */
  keyOf: (message: CoseSign1) => Key | undefined | Promise<Key | undefined>;
  /** A faster check of signatures that answers exactly as {@link checkSignature}. */
  checkSignature?: SignatureCheck;
}

/**
 * Checks a COSE_Sign1 (RFC 9052 §4.4). The algorithm is the one of the key's type, whatever the header wishes.
 * @throws YizhengError those of `readCoseSign1`; `COSE_ALG_UNSUPPORTED`, `COSE_TYP_MISMATCH`, `COSE_KEY_UNKNOWN`,
 *   `COSE_ALG_MISMATCH`, `COSE_SIGNATURE_INVALID`, and what `keyOf` throws
 */
export async function verifyCoseSign1<Key extends SignaturePublicKey = PublicKey>(
  bytes: Uint8Array,
  options: VerifyCoseOptions<Key>,
): Promise<CoseSign1 & { key: Key }> {
  const message = readCoseSign1(bytes);
  const algorithm = KEY_ALGORITHM_OF_COSE.get(message.alg);
  if (algorithm === undefined)
    throw new YizhengError(
      'COSE_ALG_UNSUPPORTED',
      'The COSE message must be signed with EdDSA, ES256, ES384 or ES512.',
    );
  if (
    (message.typ ?? options.typ) !== options.typ ||
    (message.contentType ?? options.contentType) !== options.contentType
  )
    throw new YizhengError(
      'COSE_TYP_MISMATCH',
      'The type of the COSE message or of its payload is not the one expected.',
    );
  const key = await options.keyOf(message);
  if (key === undefined)
    throw new YizhengError('COSE_KEY_UNKNOWN', 'The COSE message is not signed by a key that is known for this.');
  if (key.algorithm !== algorithm)
    throw new YizhengError('COSE_ALG_MISMATCH', 'The algorithm of the COSE message is not the one of the key.');
  if (!(options.checkSignature ?? checkSignature)(key, message.signingInput, message.signature))
    throw new YizhengError('COSE_SIGNATURE_INVALID', 'The signature of the COSE message does not hold.');
  return { ...message, key };
}
