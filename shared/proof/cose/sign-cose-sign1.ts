import { encode, Tagged } from 'cborg';
import type { JwsSigner } from '../jose/sign-compact-jws.js';
import { COSE_ALGORITHM_OF, COSE_HEADER } from './algorithms.js';

/** CBOR tag of a COSE_Sign1 (RFC 9052 §2). */
export const COSE_SIGN1_TAG = 18;

/** Protected header of a COSE_Sign1 we make; `alg` is decided by the key. */
export interface CoseSign1Header {
  /** Type of the whole (RFC 9596), e.g. `application/vc+cose`. */
  typ: string;
  /** Type of the payload (RFC 9052 §3.1), e.g. `application/vc`. */
  contentType: string;
  /** Verification method URL, written as UTF-8 bytes. */
  kid: string;
}

/**
 * Signs a tagged COSE_Sign1 (RFC 9052 §4.2, §4.4): everything in the protected header, nothing in the unprotected one.
 * @returns deterministic CBOR
 */
export async function signCoseSign1(
  content: { header: CoseSign1Header; payload: Uint8Array },
  signer: JwsSigner,
): Promise<Uint8Array> {
  const { header, payload } = content;
  const protectedHeader = encode(
    new Map<number, unknown>([
      [COSE_HEADER.alg, COSE_ALGORITHM_OF[signer.algorithm]],
      [COSE_HEADER.contentType, header.contentType],
      [COSE_HEADER.kid, new TextEncoder().encode(header.kid)],
      [COSE_HEADER.typ, header.typ],
    ]),
  );
  const signature = await signer.sign({ data: sigStructure(protectedHeader, payload) });
  return encode(new Tagged(COSE_SIGN1_TAG, [protectedHeader, new Map(), payload, signature]));
}

/** Sig_structure of a COSE_Sign1 without external data: the bytes that are signed. */
export function sigStructure(protectedHeader: Uint8Array, payload: Uint8Array): Uint8Array {
  return encode(['Signature1', protectedHeader, new Uint8Array(), payload]);
}
