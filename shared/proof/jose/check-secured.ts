import type { Resolvable } from 'did-resolver';
import { decodeMultikey, type PublicKey } from '../../did/multikey.js';
import { YizhengError } from '../../errors.js';
import type { JsonObject } from '../../json/parse-json.js';
import type { SignatureCheck } from '../check-signature.js';
import { resolveVerificationMethod } from '../document-loader.js';
import { MAX_PRESENTATION_AGE_SECONDS } from '../check-presentation-proof.js';
import { instantOf, type CheckTime } from '../proof-time.js';
import { refusalOf } from '../refusal.js';
import type { ProofCheck } from '../types.js';
import { claimsTimeProblem } from './jwt-claims.js';
import { openSecured, type KeyClaim, type SecuredDocument, type SecuredText } from './open-secured.js';

/** What {@link checkSecured} found; the document is present once its signature holds. */
export type SecuredCheck = ProofCheck & {
  document?: JsonObject;
  /** All claims as signed, e.g. `aud` and `nonce` of a presentation. */
  claims?: JsonObject;
  /** DID whose key signed. */
  signer?: string;
};

/** What a presentation must answer, as Data Integrity's challenge and domain (VC-JOSE-COSE §3.1.2). */
export interface SecuredAnswer {
  /** `nonce` it must have; `iat`, where there is one, is then at most {@link MAX_PRESENTATION_AGE_SECONDS} ago. */
  challenge?: string;
  /** `aud` it must name, and nobody else. */
  domain?: string;
}

/**
 * Checks a secured credential or presentation of anybody: the key must be the issuer's (or holder's) own, found through a DID
 * resolver, and listed for the purpose. Signature, claims and their times only: says nothing about data model, `validFrom`, status,
 * accreditation or recognition.
 * @param options `resolver`: for the DID of issuer or holder; {@link SecuredAnswer} for presentations
 * @returns `pass` `PROOF_VALID`; `unknown` `ISSUER_KEY_UNKNOWN`; `fail` with codes of `openSecured`, `findVerificationMethod`;
 *   `KEY_ID_MISMATCH` (no key can be told from `kid` and issuer), `KEY_CONTROLLER_MISMATCH`, `JOSE_EXPIRED`,
 *   `JOSE_NOT_YET_VALID`, `CHALLENGE_MISMATCH`, `DOMAIN_MISMATCH`, `PRESENTATION_TOO_OLD`
 */
export async function checkSecured(
  secured: SecuredText,
  options: CheckTime & SecuredAnswer & { resolver: Resolvable; checkSignature?: SignatureCheck },
): Promise<SecuredCheck> {
  const purpose = secured.kind === 'credential' ? 'assertionMethod' : 'authentication';
  let signer = '';
  const keyOf = async (claim: KeyClaim): Promise<PublicKey> => {
    const method = verificationMethodOf(claim);
    signer = method.split('#')[0] ?? '';
    const { publicKeyMultibase } = await resolveVerificationMethod(options.resolver, method, purpose);
    return decodeMultikey(publicKeyMultibase);
  };
  let opened: SecuredDocument;
  try {
    opened = await openSecured(secured, { ...options, keyOf });
  } catch (error) {
    if (error instanceof YizhengError && error.code === 'DID_NOT_RESOLVED')
      return { answer: 'unknown', code: 'ISSUER_KEY_UNKNOWN', detail: error.message };
    return refusalOf(error);
  }
  const { document, claims } = opened;
  const problem = claimsTimeProblem(claims, options) ?? answerProblem(claims, options);
  const found = { document, claims, signer };
  return problem === undefined
    ? { answer: 'pass', code: 'PROOF_VALID', ...found }
    : { answer: 'fail', code: problem, ...found };
}

/**
 * The verification method a signature claims: an absolute `kid` of the party itself (VC-JOSE-COSE §4.1), a fragment of it, or the only
 * key of a did:key or did:jwk.
 * @throws YizhengError `KEY_ID_MISMATCH`, `KEY_CONTROLLER_MISMATCH`
 */
export function verificationMethodOf({ kid, party }: KeyClaim): string {
  if (kid === undefined && party !== undefined) {
    if (party.startsWith('did:key:')) return `${party}#${party.slice('did:key:'.length)}`;
    if (party.startsWith('did:jwk:')) return `${party}#0`;
  }
  const method = kid?.startsWith('#') === true && party !== undefined ? `${party}${kid}` : kid;
  if (method === undefined || !/^did:[^#]+#[^#]+$/.test(method))
    throw new YizhengError(
      'KEY_ID_MISMATCH',
      'The "kid" must be the URL of a verification method of the issuer or holder.',
    );
  if (party !== undefined && !method.startsWith(`${party}#`))
    throw new YizhengError('KEY_CONTROLLER_MISMATCH', 'The key is not one of the issuer or holder.');
  return method;
}

function answerProblem(claims: JsonObject, { challenge, domain, now }: SecuredAnswer & CheckTime): string | undefined {
  if (challenge !== undefined && (challenge === '' || claims['nonce'] !== challenge)) return 'CHALLENGE_MISMATCH';
  const audience = [claims['aud'] ?? []].flat();
  if (domain !== undefined && (domain === '' || audience.length !== 1 || audience[0] !== domain))
    return 'DOMAIN_MISMATCH';
  const { iat } = claims;
  if (challenge === undefined || iat === undefined) return undefined;
  const isFresh = typeof iat === 'number' && instantOf(now) / 1000 - iat <= MAX_PRESENTATION_AGE_SECONDS;
  return isFresh ? undefined : 'PRESENTATION_TOO_OLD';
}
