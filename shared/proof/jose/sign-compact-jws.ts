import { base64urlnopad } from '@scure/base';
import { YizhengError } from '../../errors.js';
import type { JsonObject } from '../../json/parse-json.js';
import type { SignaturePublicKey } from '../check-signature.js';
import { JWS_ALGORITHM_OF } from './algorithms.js';

/** Something in custody that signs bytes; any `Signer` is one. ECDSA signatures are `r‖s`. */
export interface JwsSigner {
  algorithm: SignaturePublicKey['algorithm'];
  sign(input: { data: Uint8Array }): Promise<Uint8Array>;
}

/**
 * Signs a compact JWS (RFC 7515 §7.1).
 * @param content `header`: protected header without `alg`, which the signer's key decides; `payload`: bytes, a text signed byte for
 *   byte, or an object, signed as `JSON.stringify` writes it
 * @returns `header.payload.signature`
 * @throws YizhengError `JOSE_HEADER` for a header with `alg`, `crit` or `b64`
 */
export async function signCompactJws(
  content: { header: JsonObject; payload: string | Uint8Array | JsonObject },
  signer: JwsSigner,
): Promise<string> {
  const { header, payload } = content;
  if (['alg', 'crit', 'b64'].some((name) => Object.hasOwn(header, name)))
    throw new YizhengError('JOSE_HEADER', 'The header must not hold alg, crit or b64: the key decides how is signed.');
  const input = `${encode({ alg: JWS_ALGORITHM_OF[signer.algorithm], ...header })}.${encode(payload)}`;
  const signature = await signer.sign({ data: new TextEncoder().encode(input) });
  return `${input}.${base64urlnopad.encode(signature)}`;
}

function encode(value: string | Uint8Array | JsonObject): string {
  if (value instanceof Uint8Array) return base64urlnopad.encode(value);
  return base64urlnopad.encode(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));
}
