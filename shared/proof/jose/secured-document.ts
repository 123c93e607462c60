import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/parse-json.js';

/** What is secured: a verifiable credential or a verifiable presentation. */
export type SecuredKind = 'credential' | 'presentation';

/** Claims of a JWT that are no members of the credential or presentation in it (RFC 7519 §4.1, RFC 7800, RFC 9901). */
const JWT_CLAIMS: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'cnf', 'nonce']);

/**
 * Takes the claims of a JWT from the document they stand beside, and demands that they say nothing else than the document
 * (VC-JOSE-COSE §3.1.3): no `vc` and `vp`; `iss` is the issuer or holder, `jti` the id, `sub` the subject.
 * @throws YizhengError `SECURED_VC_CLAIM`, `SECURED_ISS_MISMATCH`, `SECURED_CLAIM_MISMATCH`
 */
export function documentOfClaims(claims: JsonObject, kind: SecuredKind): JsonObject {
  if (Object.hasOwn(claims, 'vc') || Object.hasOwn(claims, 'vp'))
    throw new YizhengError('SECURED_VC_CLAIM', 'The claims "vc" and "vp" belong to VC 1.1 and must not be there.');
  const document = Object.fromEntries(Object.entries(claims).filter(([name]) => !JWT_CLAIMS.has(name)));
  const party = partyOf(document, kind);
  if (claims['iss'] !== undefined && party !== undefined && claims['iss'] !== party)
    throw new YizhengError('SECURED_ISS_MISMATCH', 'The claim "iss" is not the issuer or holder of the document.');
  assertSame(claims['jti'], document['id'], 'jti');
  const subject = document['credentialSubject'];
  if (kind === 'credential' && isJsonObject(subject)) assertSame(claims['sub'], subject['id'], 'sub');
  return document;
}

/** URL of whoever must have signed: issuer of a credential, holder of a presentation; undefined when none is named. */
export function partyOf(document: JsonObject, kind: SecuredKind): string | undefined {
  const party = document[kind === 'credential' ? 'issuer' : 'holder'];
  const id = isJsonObject(party) ? party['id'] : party;
  return typeof id === 'string' ? id : undefined;
}

function assertSame(claim: JsonValue | undefined, member: JsonValue | undefined, name: string): void {
  if (claim !== undefined && member !== undefined && claim !== member)
    throw new YizhengError('SECURED_CLAIM_MISMATCH', `The claim "${name}" is not what the document says.`);
}
