import { createPublicKey, randomInt, sign as opensslSign, type KeyObject } from 'node:crypto';
import { YizhengError } from '../../shared/errors.js';
import { openssl, type NativeEd25519 } from './native-ed25519.js';

/** Of so many signatures of a hand-out, one is made again by the second implementation; 1: all of them. */
export const CHECK_EVERY = 16;

/** Signs, and lets nothing out that was not checked. */
export interface CheckedSigner {
  /** @throws YizhengError `SIGNATURE_REJECTED` (503) when a check failed, now and ever after: nothing of the hand-out may leave */
  sign(message: Uint8Array): Uint8Array;
  /**
   * Ends a hand-out: certificates that leave the thread together or not at all. To be called before they leave.
   * @throws YizhengError `SIGNATURE_REJECTED` (503) as `sign`
   */
  release(): void;
}

/**
 * Signs with every signature checked before it leaves (SECURITY §4). Ed25519 is deterministic, so every signature is made twice, from
 * two guarded copies of the secret, and must come out the same: what a flipped bit or a miscalculation does shows, also where it
 * would give the key away. OpenSSL, from a third copy, makes the first and the last of each hand-out and a sample again: what a faulty
 * library or processor does every time shows before anything leaves. Where there is only OpenSSL, it verifies all it signed.
 * @param draw a number below its argument that nobody can foresee
 */
export function checkedSigner(native: NativeEd25519, privateKey: KeyObject, draw = randomInt): CheckedSigner {
  return native.library === 'openssl'
    ? new EverySigner(native.signerOf(privateKey), verifying(privateKey))
    : new SamplingSigner(native, privateKey, draw);
}

type Sign = (message: Uint8Array) => Uint8Array;
type Check = (signature: Uint8Array, message: Uint8Array) => boolean;

class EverySigner implements CheckedSigner {
  readonly #sign: Sign;
  readonly #isRight: Check;
  #isFaulty = false;

  constructor(sign: Sign, isRight: Check) {
    this.#sign = sign;
    this.#isRight = isRight;
  }

  sign(message: Uint8Array): Uint8Array {
    refuseAfterFault(this.#isFaulty);
    const signature = this.#sign(message);
    this.#isFaulty = !this.#isRight(signature, message);
    refuseAfterFault(this.#isFaulty);
    return signature;
  }

  release(): void {
    refuseAfterFault(this.#isFaulty);
  }
}

class SamplingSigner implements CheckedSigner {
  readonly #sign: Sign;
  readonly #signAgain: Sign;
  readonly #privateKey: KeyObject;
  readonly #draw: (below: number) => number;
  /** Signatures until the next that OpenSSL makes again, and until that is drawn anew. */
  #untilChecked = 0;
  #untilDrawn = 1;
  #last: { message: Uint8Array; signature: Uint8Array } | undefined;
  #isFaulty = false;

  constructor(native: NativeEd25519, privateKey: KeyObject, draw: (below: number) => number) {
    this.#sign = native.signerOf(privateKey);
    this.#signAgain = native.signerOf(privateKey);
    this.#privateKey = privateKey;
    this.#draw = draw;
  }

  sign(message: Uint8Array): Uint8Array {
    refuseAfterFault(this.#isFaulty);
    const signature = this.#sign(message);
    // Until it is known to be right, whatever goes wrong counts as a fault.
    this.#isFaulty = true;
    const isRight =
      isSame(this.#signAgain(message), signature) &&
      (!this.#isNextChecked() || isSame(opensslSign(null, message, this.#privateKey), signature));
    this.#isFaulty = !isRight;
    refuseAfterFault(this.#isFaulty);
    this.#last = { message, signature };
    return signature;
  }

  release(): void {
    refuseAfterFault(this.#isFaulty);
    const last = this.#last;
    this.#last = undefined;
    this.#untilChecked = 0;
    this.#untilDrawn = 1;
    if (last) this.#isFaulty = !isSame(opensslSign(null, last.message, this.#privateKey), last.signature);
    refuseAfterFault(this.#isFaulty);
  }

  #isNextChecked(): boolean {
    if (this.#untilDrawn === 0) {
      this.#untilDrawn = CHECK_EVERY;
      this.#untilChecked = this.#draw(CHECK_EVERY);
    }
    this.#untilDrawn--;
    return this.#untilChecked-- === 0;
  }
}

function refuseAfterFault(isFaulty: boolean): void {
  if (isFaulty)
    throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature; nothing was issued.', {
      status: 503,
    });
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

function verifying(privateKey: KeyObject): Check {
  const publicKey = new Uint8Array(
    Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url'),
  );
  return (signature, message) => openssl.verify(signature, message, publicKey);
}
