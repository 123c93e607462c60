import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, sign as opensslSign, type KeyObject } from 'node:crypto';
import { CHECK_EVERY, checkedSigner, type CheckedSigner } from '../../keys/signing/checked-signer.js';
import { loadNativeEd25519, openssl, type NativeEd25519 } from '../../keys/signing/native-ed25519.js';
import { errorCode } from '../../shared/errors.js';

const { privateKey } = generateKeyPairSync('ed25519');
const HAND_OUT = 128;
const refused = { code: 'SIGNATURE_REJECTED', status: 503 };

const message = (i: number): Uint8Array => new Uint8Array(64).fill(i % 256);
const signatures = Array.from({ length: 256 }, (_, i) => new Uint8Array(opensslSign(null, message(i), privateKey)));
const right = (bytes: Uint8Array): Uint8Array => new Uint8Array(signatures[bytes[0] ?? 0] ?? []);
const wrong = (bytes: Uint8Array): Uint8Array => {
  const signature = right(bytes);
  signature[40] = (signature[40] ?? 0) ^ 1;
  return signature;
};

/** A fast library of which the copies lie when they are told to: `lies(copy, call)`, both counted from 0. */
function lying(lies: (copy: number, call: number) => boolean): NativeEd25519 {
  let copies = 0;
  return {
    library: 'libsodium',
    verify: openssl.verify,
    signerOf: () => {
      const copy = copies++;
      let call = 0;
      return (bytes) => (lies(copy, call++) ? wrong(bytes) : right(bytes));
    },
  };
}

/** Signs one hand-out. @returns how many were signed before one was refused, and whether the hand-out may leave */
function handOut(signer: CheckedSigner, size = HAND_OUT): { signed: number; isReleased: boolean } {
  let signed = 0;
  try {
    for (; signed < size; signed++) signer.sign(message(signed));
    signer.release();
    return { signed, isReleased: true };
  } catch (error) {
    assert.equal(errorCode(error), refused.code);
    return { signed, isReleased: false };
  }
}

describe('the signer of batches', () => {
  it('signs what OpenSSL signs, hand-out after hand-out, with the library of this machine and without', async () => {
    for (const native of [await loadNativeEd25519(), openssl]) {
      const signer = checkedSigner(native, privateKey);
      for (let i = 0; i < 300; i++) {
        assert.deepEqual(new Uint8Array(signer.sign(message(i))), right(message(i)));
        if (i % 128 === 127) signer.release();
      }
      signer.release();
      signer.release();
    }
  });

  it('keeps a hand-out back when either copy of the secret gives one wrong signature, at any place', () => {
    for (const copy of [0, 1])
      for (let place = 0; place < HAND_OUT; place++) {
        const signer = checkedSigner(
          lying((which, call) => which === copy && call === place),
          privateKey,
        );
        assert.deepEqual(handOut(signer), { signed: place, isReleased: false });
      }
  });

  it('keeps a hand-out back when the library lies the same both times, from any place on, before anything leaves', () => {
    for (let place = 0; place < HAND_OUT; place++) {
      const signer = checkedSigner(
        lying((_, call) => call >= place),
        privateKey,
      );
      const { signed, isReleased } = handOut(signer);
      assert.equal(isReleased, false, `wrong from place ${String(place)} on`);
      assert.ok(signed <= place + 2 * CHECK_EVERY, `${String(signed)} signed, wrong from ${String(place)} on`);
    }
  });

  it('finds a library that lies about one signature in eight in the same way both times', () => {
    const found = Array.from({ length: 50 }, () => {
      const signer = checkedSigner(
        lying((_, call) => call % 8 === 3),
        privateKey,
      );
      for (let i = 0; i < 20; i++) if (!handOut(signer).isReleased) return true;
      return false;
    });
    assert.ok(!found.includes(false));
  });

  it('has OpenSSL make the first and the last of each hand-out again, and one of each sixteen, which is drawn', () => {
    for (const drawn of [0, 7, CHECK_EVERY - 1]) {
      const foundAt = Array.from({ length: HAND_OUT }, (_, place) => {
        const signer = checkedSigner(
          lying((__, call) => call === place),
          privateKey,
          () => drawn,
        );
        return handOut(signer).isReleased ? [] : [place];
      }).flat();
      const sample = Array.from({ length: HAND_OUT }, (_, place) => place).filter(
        (place) => place === 0 || place === HAND_OUT - 1 || (place - 1) % CHECK_EVERY === drawn,
      );
      assert.deepEqual(foundAt, sample);
    }
  });

  it('never signs again after a fault, though the library has come to its senses', () => {
    for (const lies of [
      (copy: number, call: number): boolean => copy === 1 && call === 5,
      (_: number, call: number): boolean => call === 0,
    ]) {
      const signer = checkedSigner(lying(lies), privateKey);
      assert.equal(handOut(signer).isReleased, false);
      for (let i = 0; i < 3; i++) assert.deepEqual(handOut(signer), { signed: 0, isReleased: false });
      assert.throws(() => signer.release(), refused);
    }
  });

  it('takes a library that fails in the middle for a faulty one', () => {
    let calls = 0;
    const native = lying(() => false);
    const failing: NativeEd25519 = {
      ...native,
      signerOf: (key: KeyObject) => {
        const sign = native.signerOf(key);
        return (bytes) => {
          if (++calls === 4) throw new Error('no memory');
          return sign(bytes);
        };
      },
    };
    const signer = checkedSigner(failing, privateKey);
    signer.sign(message(1));
    assert.throws(() => signer.sign(message(2)), /no memory/);
    assert.throws(() => signer.sign(message(2)), refused);
  });

  it('signs from two copies of the secret, so that a damaged one shows', async () => {
    const native = await loadNativeEd25519();
    if (native.library === 'openssl') return;
    const other = createPrivateKey(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
    let copies = 0;
    const damaged = { ...native, signerOf: (key: KeyObject) => native.signerOf(copies++ === 1 ? other : key) };
    assert.deepEqual(handOut(checkedSigner(damaged, privateKey)), { signed: 0, isReleased: false });
    assert.equal(copies, 2);
  });

  it('verifies every signature where there is only OpenSSL', () => {
    for (const place of [0, 1, 77]) {
      const native: NativeEd25519 = {
        ...lying((_, call) => call === place),
        library: 'openssl',
      };
      const signer = checkedSigner(native, privateKey);
      assert.deepEqual(handOut(signer), { signed: place, isReleased: false });
      assert.deepEqual(handOut(signer), { signed: 0, isReleased: false });
    }
  });
});
