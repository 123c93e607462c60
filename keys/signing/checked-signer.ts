import { createPublicKey, sign as opensslSign, type KeyObject } from 'node:crypto';
import { YizhengError } from '../../shared/errors.js';
import { openssl, type NativeEd25519 } from './native-ed25519.js';

/**
 * Signs with every signature checked before it leaves (SECURITY §4): Ed25519 is deterministic, so two independent
 * implementations must give the same bytes. Where there is only OpenSSL, it verifies what it signed.
 * @returns a function that throws YizhengError `SIGNATURE_REJECTED` (503) when they differ
 */
export function checkedSigner(native: NativeEd25519, privateKey: KeyObject): (message: Uint8Array) => Uint8Array {
  const sign = native.signerOf(privateKey);
  const isRight = native.library === 'openssl' ? verifying(privateKey) : signingAgain(privateKey);
  return (message) => {
    const signature = sign(message);
    if (!isRight(signature, message))
      throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature; nothing was issued.', {
        status: 503,
      });
    return signature;
  };
}

type Check = (signature: Uint8Array, message: Uint8Array) => boolean;

function signingAgain(privateKey: KeyObject): Check {
  return (signature, message) => opensslSign(null, message, privateKey).equals(signature);
}

function verifying(privateKey: KeyObject): Check {
  const publicKey = new Uint8Array(
    Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url'),
  );
  return (signature, message) => openssl.verify(signature, message, publicKey);
}
