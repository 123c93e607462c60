import { z } from 'zod';
import { createResolver } from '../did/create-resolver.js';
import { decodeMultikey, type PublicKey } from '../did/multikey.js';
import { YizhengError } from '../errors.js';
import type { JsonObject } from '../json/parse-json.js';
import { schemaError } from '../certificate/record.js';
import { resolveVerificationMethod } from '../proof/document-loader.js';
import { claimsTimeProblem, readClaims } from '../proof/jose/jwt-claims.js';
import { verifyCompactJws } from '../proof/jose/verify-compact-jws.js';
import { MAX_HOLDER_PROOF_AGE_SECONDS, type PresentationChallenge, type ShownCredential } from './shown-credential.js';

const types = z.union([z.literal('VerifiablePresentation'), z.array(z.string().max(200)).min(1).max(8)]).refine((type) => [type].flat().includes('VerifiablePresentation')); // prettier-ignore
const jwt = z
  .string()
  .max(100_000)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);
const did = z.string().max(2048);
const context = z.union([z.string().max(300), z.array(z.string().max(300)).max(8)]);

/** `vp` of a VCDM 1.1 presentation (§6.3.1). */
const presentation11 = z.looseObject({
  '@context': context.optional(),
  type: types,
  holder: did.optional(),
  verifiableCredential: z.union([jwt.transform((one) => [one]), z.array(jwt).length(1)]),
});

/** A VCDM 2.0 presentation that envelopes its credential (VC-JOSE-COSE §3.1.2). */
const enveloped = z.looseObject({
  type: z.union([z.literal('EnvelopedVerifiableCredential'), z.tuple([z.literal('EnvelopedVerifiableCredential')])]),
  id: z.string().max(100_040).startsWith('data:application/vc+jwt,'),
});
const presentation20 = z.looseObject({
  '@context': context,
  type: types,
  holder: z.union([did, z.looseObject({ id: did })]).optional(),
  verifiableCredential: z.union([enveloped.transform((one) => [one]), z.array(enveloped).length(1)]),
});

const LIMITS = { maxBytes: 128 * 1024, maxDepth: 16, maxNodes: 300 };
const resolver = createResolver();

/**
 * Checks a presentation signed as a JWT (OpenID4VP 1.0 §B.1.3.1, VC-JOSE-COSE §3.1.2): signed by a key of the holder's did:key or
 * did:jwk, for this verifier and this request, with exactly one credential in it.
 * @param text the compact JWS
 * @param format `jwt_vc_json`: VCDM 1.1, the presentation in `vp`; `vc+jwt`: VCDM 2.0, the presentation is the payload
 * @throws YizhengError the `JOSE_*` codes, `PRESENTATION_SCHEMA`, `AUDIENCE_MISMATCH`, `NONCE_MISMATCH`, `HOLDER_KEY_UNKNOWN`,
 *   `HOLDER_MISMATCH`, `PRESENTATION_TOO_OLD`, `CREATED_IN_FUTURE`, `PROOF_EXPIRED` (422)
 */
export async function checkPresentationJwt(
  text: string,
  format: 'jwt_vc_json' | 'vc+jwt',
  challenge: PresentationChallenge,
): Promise<ShownCredential> {
  let holder = '';
  const { payload } = await verifyCompactJws(text, {
    typ: format === 'vc+jwt' ? ['vp+jwt', 'JWT'] : ['JWT', 'vp+jwt', 'openid4vp+jwt', undefined],
    keyOf: async ({ kid }) => {
      const found = await holderKey(kid);
      holder = found.did;
      return found.key;
    },
    maxLength: LIMITS.maxBytes,
  });
  const claims = readClaims(payload, LIMITS);
  demandAnswer(claims, challenge);
  const said = format === 'vc+jwt' ? readEnveloped(claims) : readPlain(claims);
  const holders = [claims['iss'], said.holder].filter((one) => one !== undefined);
  if (holders.some((one) => one !== holder))
    throw refused('HOLDER_MISMATCH', 'The presentation names another holder than the one who signed it.');
  const { iat } = claims;
  const at = typeof iat === 'number' ? new Date(iat * 1000).toISOString() : challenge.receivedAt;
  return { credential: said.credential, holder: { answer: 'pass', code: 'HOLDER_BOUND', key: holder, at } };
}

/** Key of the holder, found by `kid`: a DID URL of a method that is its own document. */
async function holderKey(kid: unknown): Promise<{ did: string; key: PublicKey }> {
  if (typeof kid !== 'string' || !/^did:(?:key|jwk):[^#]{1,2000}#.{1,2000}$/.test(kid))
    throw refused('HOLDER_KEY_UNKNOWN', 'The presentation is not signed by a key named by a did:key or did:jwk.');
  const { publicKeyMultibase, controller } = await resolveVerificationMethod(resolver, kid, 'authentication');
  return { did: controller, key: decodeMultikey(publicKeyMultibase) };
}

function demandAnswer(claims: JsonObject, { clientId, nonce, receivedAt }: PresentationChallenge): void {
  const audience = [claims['aud'] ?? []].flat();
  if (audience.length !== 1 || audience[0] !== clientId)
    throw refused('AUDIENCE_MISMATCH', 'The presentation was made for another verifier.');
  if (claims['nonce'] !== nonce) throw refused('NONCE_MISMATCH', 'The presentation answers another request.');
  const age = claims['iat'] === undefined ? {} : { maxAgeSeconds: MAX_HOLDER_PROOF_AGE_SECONDS };
  const problem = claimsTimeProblem(claims, { now: receivedAt, ...age });
  if (problem !== undefined) throw refused(TIME_CODES[problem], 'The presentation was not signed just now.');
}

const TIME_CODES = {
  JOSE_NOT_YET_VALID: 'CREATED_IN_FUTURE',
  JOSE_EXPIRED: 'PROOF_EXPIRED',
  JOSE_TOO_OLD: 'PRESENTATION_TOO_OLD',
} as const;

function readPlain(claims: JsonObject): { credential: string; holder: string | undefined } {
  const parsed = presentation11.safeParse(claims['vp']);
  if (!parsed.success) throw schemaError('PRESENTATION_SCHEMA', parsed.error);
  return { credential: parsed.data.verifiableCredential[0] ?? '', holder: parsed.data.holder };
}

function readEnveloped(claims: JsonObject): { credential: string; holder: string | undefined } {
  const parsed = presentation20.safeParse(claims);
  if (!parsed.success) throw schemaError('PRESENTATION_SCHEMA', parsed.error);
  const { holder, verifiableCredential } = parsed.data;
  const credential = (verifiableCredential[0]?.id ?? '').slice('data:application/vc+jwt,'.length);
  return { credential, holder: typeof holder === 'object' ? holder.id : holder };
}

function refused(code: string, message: string): YizhengError {
  return new YizhengError(code, message, { status: 422 });
}
