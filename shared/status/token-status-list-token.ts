import { z } from 'zod';
import { decodeMultikey } from '../did/multikey.js';
import { errorCode, YizhengError } from '../errors.js';
import type { JsonLimits } from '../json/parse-json.js';
import { instantOfNumericDate, numericDate } from '../proof/forms/signing-time.js';
import { readCompactJws } from '../proof/jose/compact-jws.js';
import { readClaims } from '../proof/jose/jwt-claims.js';
import { signCompactJws } from '../proof/jose/sign-compact-jws.js';
import { verifyCompactJws } from '../proof/jose/verify-compact-jws.js';
import { isAfter, proofTimeProblem, type CheckTime } from '../proof/proof-time.js';
import type { KeyLookup, Signer, VerificationKey } from '../proof/types.js';
import { MAX_STATUS_LIST_VALIDITY_SECONDS } from './status-list-credential.js';
import { decodeTokenStatuses, encodeTokenStatuses, type TokenStatuses } from './token-status-list.js';

/** Media type of a Status List Token (Token Status List draft-21 §5.1, §8.1). */
export const STATUS_LIST_TOKEN_MEDIA_TYPE = 'application/statuslist+jwt';
const TYP = 'statuslist+jwt';
/** Longest token, characters: 2^24 entries of two bits that do not compress. */
const MAX_LENGTH = 8 * 1024 * 1024;
const LIMITS: JsonLimits = { maxBytes: MAX_LENGTH, maxDepth: 4, maxNodes: 16 };

const payloadSchema = z.looseObject({
  sub: z.string().max(300),
  iss: z.string().max(300).optional(),
  iat: z.int().min(0),
  exp: z.int().min(0).optional(),
  ttl: z.int().min(1).optional(),
  status_list: z.looseObject({
    bits: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]),
    lst: z.string().min(1),
  }),
});

/**
 * Signs a Status List Token (Token Status List draft-21 §5.1). `iss` stands beside the members the draft asks for: readers that look
 * the key up by issuer need it.
 * @param list `uri`: where it is published, becomes `sub`; `now`: RFC 3339; `validForSeconds`: until `exp`, at most
 *   `MAX_STATUS_LIST_VALIDITY_SECONDS`; `ttlSeconds`: when readers should fetch it anew
 * @throws YizhengError `STATUS_LIST_VALIDITY`
 */
export function signTokenStatusList(
  list: {
    uri: string;
    issuer: string;
    statuses: TokenStatuses;
    now: string;
    validForSeconds: number;
    ttlSeconds: number;
  },
  signer: Signer,
): Promise<string> {
  const { uri, issuer, statuses, validForSeconds, ttlSeconds } = list;
  if (!(validForSeconds > 0 && validForSeconds <= MAX_STATUS_LIST_VALIDITY_SECONDS))
    throw new YizhengError(
      'STATUS_LIST_VALIDITY',
      `A status list is valid for at most ${MAX_STATUS_LIST_VALIDITY_SECONDS} seconds.`,
    );
  const iat = numericDate(list.now);
  const payload = {
    iss: issuer,
    sub: uri,
    iat,
    exp: iat + validForSeconds,
    ttl: ttlSeconds,
    status_list: { bits: statuses.bits, lst: encodeTokenStatuses(statuses) },
  };
  return signCompactJws({ header: { typ: TYP, kid: signer.id }, payload }, signer);
}

/** A Token Status List whose signature was checked; one check serves any number of certificates. */
export interface VerifiedTokenStatusList {
  /** `sub`. */
  uri: string;
  /** DID whose key signed. */
  issuer: string;
  statuses: TokenStatuses;
  /** `iat` as instant. */
  issuedAt: string;
  /** `exp` as instant, when there is one. */
  expiresAt?: string;
}

/**
 * Checks a Status List Token: signed by a known key, valid when it signed; the key comes from trusted material, never from the token.
 * @param options `keyOf`: keys of trusted material; `maxEntries`: largest list
 * @throws YizhengError `STATUS_LIST_SCHEMA`, `STATUS_LIST_KEY_UNKNOWN`, `STATUS_LIST_PROOF_INVALID`, `STATUS_LIST_NOT_YET_VALID`,
 *   `STATUS_LIST_ENCODING`, `STATUS_LIST_LENGTH`; `JOSE_TOO_LARGE`
 */
export async function verifyTokenStatusList(
  token: string,
  options: CheckTime & { keyOf: KeyLookup; maxEntries?: number },
): Promise<VerifiedTokenStatusList> {
  const { key, payload } = await checkSignature(token, options);
  const { sub, iss, iat, exp, status_list } = payload;
  const issuedAt = instantOfNumericDate(iat);
  if (iss !== undefined && iss !== key.controller)
    throw new YizhengError('STATUS_LIST_SCHEMA', 'The token status list names another issuer than its key.');
  if (isAfter(issuedAt, options))
    throw new YizhengError('STATUS_LIST_NOT_YET_VALID', 'The token status list is from the future.');
  if (proofTimeProblem(issuedAt, key, options) !== undefined)
    throw new YizhengError('STATUS_LIST_PROOF_INVALID', 'The key of the token status list was not in use then.');
  return {
    uri: sub,
    issuer: key.controller,
    statuses: decodeTokenStatuses(status_list, options),
    issuedAt,
    ...(exp !== undefined && { expiresAt: instantOfNumericDate(exp) }),
  };
}

async function checkSignature(
  token: string,
  { keyOf }: { keyOf: KeyLookup },
): Promise<{ key: VerificationKey; payload: z.infer<typeof payloadSchema> }> {
  let key: VerificationKey | undefined;
  try {
    const { kid } = readCompactJws(token, { maxLength: MAX_LENGTH }).header;
    key = typeof kid === 'string' ? keyOf(kid) : undefined;
    if (!key || key.id !== kid)
      throw new YizhengError('STATUS_LIST_KEY_UNKNOWN', 'The key that signed the token status list is not known.');
    const publicKey = decodeMultikey(key.publicKeyMultibase);
    const { payload } = await verifyCompactJws(token, { typ: TYP, keyOf: () => publicKey, maxLength: MAX_LENGTH });
    return { key, payload: readPayload(payload) };
  } catch (cause) {
    const code = errorCode(cause);
    if (!(cause instanceof YizhengError) || code.startsWith('STATUS_') || code === 'JOSE_TOO_LARGE') throw cause;
    throw new YizhengError('STATUS_LIST_PROOF_INVALID', `The token status list does not hold: ${code}.`, { cause });
  }
}

function readPayload(payload: Uint8Array): z.infer<typeof payloadSchema> {
  const parsed = payloadSchema.safeParse(readClaims(payload, LIMITS));
  if (parsed.success) return parsed.data;
  throw new YizhengError('STATUS_LIST_SCHEMA', 'The token status list has not the members it must have.', {
    at: `/${parsed.error.issues[0]?.path.map(String).join('/') ?? ''}`,
  });
}
