import { base64 } from '@scure/base';
import { YizhengError } from '../../errors.js';
import type { JsonObject } from '../../json/parse-json.js';
import { signCoseSign1 } from '../cose/sign-cose-sign1.js';
import { issueSdJwt } from '../sd-jwt/issue-sd-jwt.js';
import type { ClaimPath } from '../sd-jwt/open-sd-jwt.js';
import { documentOfClaims, type SecuredKind } from './secured-document.js';
import { signCompactJws, type JwsSigner } from './sign-compact-jws.js';

/** Ways to secure a document with an envelope around it (VC-JOSE-COSE §3). */
export type EnvelopeForm = 'jwt' | 'sd-jwt' | 'cose';

/** How a document is secured. */
export interface SecureOptions {
  form: EnvelopeForm;
  kind: SecuredKind;
  /** Signs; `id` is the verification method URL, written as `kid`. That it is the issuer's or holder's is the caller's part. */
  signer: JwsSigner & { id: string };
  /** Further claims of a JWT, e.g. `iat`, `aud`, `nonce`; must agree with the document. */
  claims?: JsonObject;
  /** SD-JWT: claims a holder may leave out; none unless given. */
  disclosable?: readonly ClaimPath[];
  /** SD-JWT: where salts come from. */
  randomBytes?: (length: number) => Uint8Array;
}

const PREFIX = { credential: 'vc', presentation: 'vp' } as const;

/**
 * Secures a credential or presentation of VC 2.0 as it is: its members become the claims, nothing is mapped (VC-JOSE-COSE §3.1–3.3).
 * @param document conforming document; its data model is checked elsewhere
 * @returns compact JWS, compact SD-JWT, or COSE_Sign1 in base64
 * @throws YizhengError `SECURED_VC_CLAIM`, `SECURED_ISS_MISMATCH`, `SECURED_CLAIM_MISMATCH`, `SECURED_RANDOM_MISSING`, those of
 *   `issueSdJwt`
 */
export async function secureDocument(document: JsonObject, options: SecureOptions): Promise<string> {
  const { form, kind, signer, disclosable = [], randomBytes } = options;
  const prefix = PREFIX[kind];
  const claims = { ...document, ...options.claims };
  documentOfClaims(claims, kind);
  const header = { kid: signer.id, typ: `${prefix}+${form}`, cty: prefix };
  switch (form) {
    case 'jwt':
      return signCompactJws({ header, payload: claims }, signer);
    case 'sd-jwt':
      if (randomBytes === undefined)
        throw new YizhengError('SECURED_RANDOM_MISSING', 'An SD-JWT needs random salts.', { status: 500 });
      return issueSdJwt({ claims, disclosable, header }, { signer, randomBytes });
    case 'cose': {
      const payload = new TextEncoder().encode(JSON.stringify(document));
      const types = { typ: `application/${prefix}+cose`, contentType: `application/${prefix}` };
      return base64.encode(await signCoseSign1({ header: { ...types, kid: signer.id }, payload }, signer));
    }
  }
}

/** The envelope a secured document travels in inside JSON-LD (VC Data Model 2.0 §4.13.1, §4.13.2). */
export function envelopeOf(secured: string, { form, kind }: Pick<SecureOptions, 'form' | 'kind'>): JsonObject {
  const media = `application/${PREFIX[kind]}+${form}${form === 'cose' ? ';base64' : ''}`;
  return {
    '@context': 'https://www.w3.org/ns/credentials/v2',
    id: `data:${media},${secured}`,
    type: kind === 'credential' ? 'EnvelopedVerifiableCredential' : 'EnvelopedVerifiablePresentation',
  };
}
