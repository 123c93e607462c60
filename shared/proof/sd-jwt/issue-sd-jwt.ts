import { SDJwtInstance } from '@sd-jwt/core';
import { base64urlnopad } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/parse-json.js';
import { JWS_ALGORITHM_OF } from '../jose/algorithms.js';
import type { JwsSigner } from '../jose/sign-compact-jws.js';
import type { ClaimPath } from './open-sd-jwt.js';

const SALT_BYTES = 16;

/** Where the signature and the randomness of the salts come from. */
export interface SdJwtEffects {
  signer: JwsSigner;
  /** Gives this many random bytes; each salt takes sixteen (RFC 9901 §9.3). */
  randomBytes: (length: number) => Uint8Array;
}

type Frame = { _sd?: (string | number)[] } & { [member: string]: Frame | (string | number)[] | undefined };

/**
 * Issues an SD-JWT (RFC 9901 §6): the claims at the given paths become disclosures, all of them attached.
 * @param content `claims`; `disclosable`: paths to claims or array elements that are there; `header`: without `alg`
 * @returns `<JWT>~<disclosure>~…~`
 * @throws YizhengError `SD_JWT_PATH` for a path that leads nowhere
 */
export async function issueSdJwt(
  content: { claims: JsonObject; disclosable: readonly ClaimPath[]; header: JsonObject },
  { signer, randomBytes }: SdJwtEffects,
): Promise<string> {
  const { claims, disclosable, header } = content;
  const frame: Frame = {};
  for (const path of disclosable) addToFrame(frame, claims, path);
  const instance = new SDJwtInstance<Record<string, unknown>>({
    hasher: (data) => sha256(typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data)),
    hashAlg: 'sha-256',
    saltGenerator: () => base64urlnopad.encode(randomBytes(SALT_BYTES)),
    signAlg: JWS_ALGORITHM_OF[signer.algorithm],
    signer: async (data) => base64urlnopad.encode(await signer.sign({ data: new TextEncoder().encode(data) })),
  });
  return instance.issue<Record<string, unknown>>(claims, frame as Parameters<typeof instance.issue>[1], { header });
}

function addToFrame(frame: Frame, claims: JsonValue, path: ClaimPath): void {
  const [step, ...rest] = path;
  const value = step === undefined ? undefined : memberOf(claims, step);
  if (step === undefined || value === undefined)
    throw new YizhengError('SD_JWT_PATH', 'A claim that is to be disclosable is not there.', { at: path.join('.') });
  if (rest.length === 0) {
    (frame._sd ??= []).push(step);
    return;
  }
  const inner = (frame[step] ??= {});
  addToFrame(inner as Frame, value, rest);
}

function memberOf(claims: JsonValue, step: string | number): JsonValue | undefined {
  if (Array.isArray(claims)) return typeof step === 'number' ? claims[step] : undefined;
  return isJsonObject(claims) && typeof step === 'string' && Object.hasOwn(claims, step) ? claims[step] : undefined;
}
