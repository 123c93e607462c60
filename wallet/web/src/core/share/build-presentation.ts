import { CREDENTIALS_V2_URL } from '../../../../../shared/certificate/context.js';
import { parseJsonObject, type JsonObject } from '../../../../../shared/json/parse-json.js';
import { presentSdJwt } from '../../../../../shared/proof/forms/present-sd-jwt.js';
import { signCompactJws } from '../../../../../shared/proof/jose/sign-compact-jws.js';
import type { HeldForm } from '../certificates/held-certificate.js';
import type { HolderKey } from '../keys/holder-key.js';
import { nowText, type Platform } from '../platform.js';
import type { PresentationRequest } from './read-request.js';

/**
 * Makes the presentation of one form for one asker (OpenID4VP 1.0 App. B): the holder's key signs the asker's name and nonce.
 * @param disclose paths an SD-JWT is to show; the other forms show everything
 * @throws YizhengError the codes of `presentSdJwt` and `signDocument`
 */
export async function buildPresentation(
  form: HeldForm,
  disclose: readonly (readonly (string | number)[])[],
  key: HolderKey,
  request: PresentationRequest,
  platform: Platform,
): Promise<string | JsonObject> {
  const { nonce, party } = request;
  const audience = party.clientId;
  const now = nowText(platform);
  switch (form.format) {
    case 'dc+sd-jwt':
      return presentSdJwt(form.text, { disclose, keyBinding: { signer: key.signer, audience, nonce, now } });
    case 'ldp_vc':
      return signedPresentation(form.text, key, { audience, nonce, now, request });
    case 'jwt_vc_json':
      return signCompactJws(
        {
          header: { typ: 'JWT', kid: key.signer.id },
          payload: { ...answerClaims(key, request, platform), vp: plainPresentation(form.text, key.did) },
        },
        key.signer,
      );
    case 'vc+jwt':
      return signCompactJws(
        {
          header: { typ: 'vp+jwt', kid: key.signer.id },
          payload: { ...answerClaims(key, request, platform), ...envelopedPresentation(form.text, key.did) },
        },
        key.signer,
      );
  }
}

function answerClaims({ did }: HolderKey, { nonce, party }: PresentationRequest, { now }: Platform): JsonObject {
  const iat = Math.floor(now() / 1000);
  return { iss: did, aud: party.clientId, nonce, iat, nbf: iat, exp: iat + 300 };
}

function plainPresentation(credential: string, holder: string): JsonObject {
  return {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiablePresentation'],
    holder,
    verifiableCredential: [credential],
  };
}

function envelopedPresentation(credential: string, holder: string): JsonObject {
  return {
    '@context': [CREDENTIALS_V2_URL],
    type: ['VerifiablePresentation'],
    holder,
    verifiableCredential: [
      {
        '@context': CREDENTIALS_V2_URL,
        type: 'EnvelopedVerifiableCredential',
        id: `data:application/vc+jwt,${credential}`,
      },
    ],
  };
}

async function signedPresentation(
  credential: string,
  { did, signer }: HolderKey,
  { audience, nonce, now, request }: { audience: string; nonce: string; now: string; request: PresentationRequest },
): Promise<JsonObject> {
  const { signDocument } = await import('../../../../../shared/proof/data-integrity/sign-document.js');
  const presentation: JsonObject = {
    '@context': [CREDENTIALS_V2_URL],
    type: ['VerifiablePresentation'],
    holder: did,
    verifiableCredential: [parseJsonObject(credential)],
  };
  return signDocument(presentation, {
    suite: suiteFor(request),
    signer,
    created: now,
    purpose: 'authentication',
    challenge: nonce,
    domain: audience,
  });
}

/** What the asker says it can check (OpenID4VP 1.0 App. B.1.3.2.3); canonical RDF unless it takes plain JSON only. */
function suiteFor({ metadata }: PresentationRequest): 'ecdsa-rdfc-2019' | 'ecdsa-jcs-2019' {
  const known = metadata.vp_formats_supported?.['ldp_vc'] as { cryptosuite_values?: unknown } | undefined;
  const values: readonly unknown[] = Array.isArray(known?.cryptosuite_values) ? known.cryptosuite_values : [];
  return values.includes('ecdsa-jcs-2019') && !values.includes('ecdsa-rdfc-2019')
    ? 'ecdsa-jcs-2019'
    : 'ecdsa-rdfc-2019';
}
