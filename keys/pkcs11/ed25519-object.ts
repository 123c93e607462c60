import { failed } from './token-error.js';
import { CK, CKA } from './constants.js';
import type { Cryptoki, Handle, Template } from './cryptoki.js';

/** edwards25519 as tokens want it named: PrintableString (PKCS#11 v3.0 §2.3.5), or the OID of RFC 8410. */
export const EDWARDS25519_PARAMS = [
  Buffer.from('130c656477617264733235353139', 'hex'),
  Buffer.from('06032b6570', 'hex'),
] as const;

const MOST_OBJECTS = 16;

/** Attributes of a new key pair: the private half lives and dies on the token. */
export function keyPairTemplates(id: Buffer, label: string, params: Buffer): [Template, Template] {
  const both: Template = [
    { type: CKA.KEY_TYPE, value: CK.KEY_TYPE_EC_EDWARDS },
    { type: CKA.TOKEN, value: true },
    { type: CKA.ID, value: id },
    { type: CKA.LABEL, value: label },
  ];
  return [
    [
      ...both,
      { type: CKA.CLASS, value: CK.PUBLIC_KEY },
      { type: CKA.PRIVATE, value: false },
      { type: CKA.VERIFY, value: true },
      { type: CKA.EC_PARAMS, value: params },
    ],
    [
      ...both,
      { type: CKA.CLASS, value: CK.PRIVATE_KEY },
      { type: CKA.PRIVATE, value: true },
      { type: CKA.SENSITIVE, value: true },
      { type: CKA.EXTRACTABLE, value: false },
      { type: CKA.SIGN, value: true },
    ],
  ];
}

/** Objects of a key: its private or its public half. */
export function findObjects(cryptoki: Cryptoki, session: Handle, id: Buffer, objectClass: number): Handle[] {
  cryptoki.C_FindObjectsInit(session, [
    { type: CKA.CLASS, value: objectClass },
    { type: CKA.ID, value: id },
  ]);
  try {
    return cryptoki.C_FindObjects(session, MOST_OBJECTS);
  } finally {
    cryptoki.C_FindObjectsFinal(session);
  }
}

/**
 * The public key in CKA_EC_POINT. Tokens give it as DER OCTET STRING (PKCS#11 v2.40), as BIT STRING, or bare (v3.0).
 * @returns 32 bytes
 * @throws YizhengError `TOKEN_UNSUITABLE` (503)
 */
export function publicKeyOfPoint(point: Uint8Array): Uint8Array {
  const head = Buffer.from(point.subarray(0, Math.max(0, point.length - 32))).toString('hex');
  if (point.length < 32 || !['', '0420', '032100'].includes(head))
    throw failed('TOKEN_UNSUITABLE', 'The token gives the public key in a form nobody knows.');
  return new Uint8Array(point.subarray(point.length - 32));
}

/** The public key of an object. @returns 32 bytes */
export function readPublicKey(cryptoki: Cryptoki, session: Handle, object: Handle): Uint8Array {
  const [point] = cryptoki.C_GetAttributeValue(session, object, [{ type: CKA.EC_POINT }]);
  return publicKeyOfPoint(point?.value ?? new Uint8Array());
}

/** Whether a private key can be read or wrapped out of the token, by what the token says of it. */
export function isExtractable(cryptoki: Cryptoki, session: Handle, object: Handle): boolean {
  const [sensitive, extractable] = cryptoki.C_GetAttributeValue(session, object, [
    { type: CKA.SENSITIVE },
    { type: CKA.EXTRACTABLE },
  ]);
  return sensitive?.value[0] !== 1 || extractable?.value[0] !== 0;
}
