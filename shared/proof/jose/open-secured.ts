import { base64, base64nopad } from '@scure/base';
import type { PublicKey } from '../../did/multikey.js';
import { YizhengError } from '../../errors.js';
import { parseJsonObject, type JsonObject } from '../../json/parse-json.js';
import type { SignatureCheck, SignaturePublicKey } from '../check-signature.js';
import { readCoseSign1 } from '../cose/cose-sign1.js';
import { verifyCoseSign1 } from '../cose/verify-cose-sign1.js';
import type { EnvelopeMediaType } from '../data-model/enveloped.js';
import { openSdJwt } from '../sd-jwt/open-sd-jwt.js';
import { readClaims } from './jwt-claims.js';
import { readCompactJws } from './compact-jws.js';
import { documentOfClaims, partyOf, type SecuredKind } from './secured-document.js';
import { verifyCompactJws } from './verify-compact-jws.js';

/** A secured credential or presentation as it travels. */
export interface SecuredText {
  kind: SecuredKind;
  mediaType: EnvelopeMediaType;
  /** Compact JWS, compact SD-JWT, or base64 of a COSE_Sign1. */
  text: string;
}

/** What a signature claims about its key before anything is proven. */
export interface KeyClaim {
  /** `kid` as it stands in the header. */
  kid?: string;
  /** Issuer or holder that must have signed: named by the document, else by `iss`. */
  party?: string;
}

/** How a secured document is opened. */
export interface OpenSecuredOptions<Key extends SignaturePublicKey = PublicKey> {
  /** The key that must have signed; undefined: not one that may. */
  keyOf: (claim: KeyClaim) => Key | undefined | Promise<Key | undefined>;
  /** A faster check of signatures. */
  checkSignature?: SignatureCheck;
}

/** A secured document whose signature holds. Its data model, dates and status are judged elsewhere. */
export interface SecuredDocument {
  /** The credential or presentation, without the claims that only a JWT has. */
  document: JsonObject;
  /** All claims as signed; for COSE the document itself. */
  claims: JsonObject;
  /** `kid` of the header. */
  kid?: string;
}

const TYP_OF = {
  jwt: { credential: 'vc+jwt', presentation: 'vp+jwt' },
  'sd-jwt': { credential: 'vc+sd-jwt', presentation: 'vp+sd-jwt' },
  cose: { credential: 'application/vc+cose', presentation: 'application/vp+cose' },
} as const;
const CONTENT = { credential: 'vc', presentation: 'vp' } as const;

/**
 * Verifies a credential or presentation secured with JOSE, SD-JWT or COSE (VC-JOSE-COSE §3) against a key the caller trusts.
 * `typ` and `cty` must be the media type's own where they are given. `iat` may be a text, as some issuers write it: nothing rests on it.
 * @throws YizhengError `SECURED_MEDIA_TYPE`, `JOSE_CTY_MISMATCH`, `SECURED_VC_CLAIM`, `SECURED_ISS_MISMATCH`,
 *   `SECURED_CLAIM_MISMATCH`; those of `verifyCompactJws`, `openSdJwt`, `verifyCoseSign1`, `readClaims` and `parseJson`
 */
export async function openSecured<Key extends SignaturePublicKey = PublicKey>(
  { kind, mediaType, text }: SecuredText,
  options: OpenSecuredOptions<Key>,
): Promise<SecuredDocument> {
  switch (formOf(mediaType, kind)) {
    case 'jwt':
      return openJwt(text, kind, 'jwt', tolerantClaims(readCompactJws(text).payload), options);
    case 'sd-jwt': {
      const { jwt, claims } = openSdJwt(text, { readClaims: tolerantClaims });
      return openJwt(jwt, kind, 'sd-jwt', claims, options);
    }
    case 'cose':
      return openCose(coseBytes(text), kind, options);
  }
}

async function openJwt<Key extends SignaturePublicKey>(
  jwt: string,
  kind: SecuredKind,
  form: 'jwt' | 'sd-jwt',
  claims: JsonObject,
  { keyOf, checkSignature }: OpenSecuredOptions<Key>,
): Promise<SecuredDocument> {
  const document = documentOfClaims(claims, kind);
  const iss = typeof claims['iss'] === 'string' ? claims['iss'] : undefined;
  const party = partyOf(document, kind) ?? iss;
  const { header } = await verifyCompactJws<Key>(jwt, {
    typ: [TYP_OF[form][kind], undefined],
    keyOf: ({ kid }) => keyOf({ ...(typeof kid === 'string' && { kid }), ...(party !== undefined && { party }) }),
    ...(checkSignature && { checkSignature }),
  });
  const { cty, kid } = header;
  if (cty !== undefined && cty !== CONTENT[kind] && cty !== `application/${CONTENT[kind]}`)
    throw new YizhengError('JOSE_CTY_MISMATCH', 'The "cty" of the header is not the one expected here.');
  return { document, claims, ...(typeof kid === 'string' && { kid }) };
}

async function openCose<Key extends SignaturePublicKey>(
  bytes: Uint8Array,
  kind: SecuredKind,
  { keyOf, checkSignature }: OpenSecuredOptions<Key>,
): Promise<SecuredDocument> {
  const document = parseJsonObject(readCoseSign1(bytes).payload);
  if (Object.hasOwn(document, 'vc') || Object.hasOwn(document, 'vp'))
    throw new YizhengError('SECURED_VC_CLAIM', 'The claims "vc" and "vp" belong to VC 1.1 and must not be there.');
  const party = partyOf(document, kind);
  const { kid } = await verifyCoseSign1<Key>(bytes, {
    typ: TYP_OF.cose[kind],
    contentType: `application/${CONTENT[kind]}`,
    keyOf: ({ kid: claimed }) =>
      keyOf({ ...(claimed !== undefined && { kid: claimed }), ...(party !== undefined && { party }) }),
    ...(checkSignature && { checkSignature }),
  });
  return { document, claims: document, ...(kid !== undefined && { kid }) };
}

function formOf(mediaType: EnvelopeMediaType, kind: SecuredKind): keyof typeof TYP_OF {
  const [, prefix, form] = /^application\/(?:(v[cp])\+)?(jwt|sd-jwt|cose)$/.exec(mediaType) ?? [];
  if (form === undefined || (prefix !== undefined && prefix !== CONTENT[kind]))
    throw new YizhengError('SECURED_MEDIA_TYPE', 'The media type is not one of a secured credential or presentation.');
  return form as keyof typeof TYP_OF;
}

function tolerantClaims(payload: Uint8Array): JsonObject {
  return readClaims(payload, undefined, ['nbf', 'exp']);
}

function coseBytes(text: string): Uint8Array {
  try {
    const plain = text.trim();
    return plain.endsWith('=') ? base64.decode(plain) : base64nopad.decode(plain);
  } catch (cause) {
    throw new YizhengError('COSE_FORMAT', 'A COSE message in text is base64.', { cause });
  }
}
