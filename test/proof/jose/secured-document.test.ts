import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as auth0 from '@auth0/cose';
import * as jose from 'jose';
import { createResolver } from '../../../shared/did/create-resolver.js';
import { jwkOfPublicKey, type KeyAlgorithm } from '../../../shared/did/multikey.js';
import type { JsonObject } from '../../../shared/json/parse-json.js';
import { signCoseSign1 } from '../../../shared/proof/cose/sign-cose-sign1.js';
import { checkSecured, verificationMethodOf } from '../../../shared/proof/jose/check-secured.js';
import type { SecuredText } from '../../../shared/proof/jose/open-secured.js';
import { envelopeOf, secureDocument, type EnvelopeForm } from '../../../shared/proof/jose/secure-document.js';
import { signCompactJws } from '../../../shared/proof/jose/sign-compact-jws.js';
import { readEnvelope } from '../../../shared/proof/data-model/enveloped.js';
import { joseKey } from './signers.js';

const FORMS: EnvelopeForm[] = ['jwt', 'sd-jwt', 'cose'];
const NOW = '2026-11-22T00:00:00Z';
const seconds = Date.parse(NOW) / 1000;
const issuer = joseKey('P-256', 1);
const holder = joseKey('Ed25519', 2);
const resolver = createResolver();

const CREDENTIAL: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:0f1c0d3e-1111-4222-8333-444455556666',
  type: ['VerifiableCredential'],
  issuer: { id: issuer.did, name: '珠海评价机构' },
  credentialSubject: { id: holder.did, name: '张伟' },
};

const secure = (changes: Partial<Parameters<typeof secureDocument>[1]> = {}, document = CREDENTIAL) =>
  secureDocument(document, {
    form: 'jwt',
    kind: 'credential',
    signer: issuer.signer,
    randomBytes: (length) => randomBytes(length),
    ...changes,
  });
const check = (text: string, form: EnvelopeForm = 'jwt', kind: SecuredText['kind'] = 'credential', more = {}) =>
  checkSecured(
    { kind, text, mediaType: `application/${kind === 'credential' ? 'vc' : 'vp'}+${form}` },
    { resolver, now: NOW, ...more },
  );
const code = async (...args: Parameters<typeof check>) => {
  const { answer, code: found } = await check(...args);
  return `${answer} ${found}`;
};
const jwt = (claims: JsonObject, header: JsonObject = {}, signer = issuer.signer) =>
  signCompactJws({ header: { typ: 'vc+jwt', kid: signer.id, ...header }, payload: claims }, signer);

describe('[VC-JOSE-COSE §3] securing documents', () => {
  for (const form of FORMS)
    for (const algorithm of ['Ed25519', 'P-256', 'P-384'] satisfies KeyAlgorithm[])
      it(`a credential as vc+${form} with ${algorithm} comes back as it was`, async () => {
        const { signer, did } = joseKey(algorithm, 9);
        const document = { ...CREDENTIAL, issuer: did };
        const found = await check(await secure({ form, signer }, document), form);
        assert.equal(`${found.answer} ${found.code}`, 'pass PROOF_VALID', found.detail);
        assert.deepEqual(found.document, document);
        assert.equal(found.signer, did);
      });

  for (const form of FORMS)
    it(`[VCDM2 §4.13] a presentation of an enveloped credential as vp+${form} answers challenge and domain`, async () => {
      const envelope = envelopeOf(await secure({ form }), { form, kind: 'credential' });
      const presentation: JsonObject = {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: 'VerifiablePresentation',
        holder: holder.did,
        verifiableCredential: [envelope],
      };
      const claims = form === 'cose' ? {} : { nonce: 'n-1', aud: ['https://verifier.example'] };
      const options = { form, kind: 'presentation', signer: holder.signer, claims } as const;
      const text = await secure(options, presentation);
      const asked = form === 'cose' ? {} : { challenge: 'n-1', domain: 'https://verifier.example' };
      const found = await check(text, form, 'presentation', asked);
      assert.equal(`${found.answer} ${found.code}`, 'pass PROOF_VALID', found.detail);
      assert.deepEqual(found.document, presentation);
      const inner = readEnvelope(envelope);
      assert.equal((await checkSecured(inner, { resolver, now: NOW })).code, 'PROOF_VALID');
      assert.deepEqual(readEnvelope(envelopeOf(text, { form, kind: 'presentation' })).text, text);
      if (form === 'cose') return;
      assert.equal(await code(text, form, 'presentation', { challenge: 'n-2' }), 'fail CHALLENGE_MISMATCH');
      assert.equal(await code(text, form, 'presentation', { domain: 'https://other.example' }), 'fail DOMAIN_MISMATCH');
      assert.equal(await code(text, form, 'presentation', { challenge: '' }), 'fail CHALLENGE_MISMATCH');
    });

  it('[VC-JOSE-COSE §3.2] an SD-JWT shows what the holder chose, and nothing else', async () => {
    const text = await secure({
      form: 'sd-jwt',
      disclosable: [
        ['credentialSubject', 'name'],
        ['issuer', 'name'],
      ],
    });
    const [token = '', name = ''] = text.split('~');
    assert.deepEqual((await check(`${token}~${name}~`, 'sd-jwt')).document?.['credentialSubject'], { id: holder.did, name: '张伟' }); // prettier-ignore
    assert.deepEqual((await check(`${token}~`, 'sd-jwt')).document?.['credentialSubject'], { id: holder.did });
  });

  it('[VC-JOSE-COSE §4.1] writes typ, cty and an absolute kid', async () => {
    const header = jose.decodeProtectedHeader(await secure());
    assert.deepEqual(header, { alg: 'ES256', kid: issuer.signer.id, typ: 'vc+jwt', cty: 'vc' });
  });

  it('[INTEROP jose] the jose library verifies our vc+jwt, and we its', async () => {
    const key = await jose.importJWK({ ...jwkOfPublicKey(issuer.key) }, 'ES256');
    const { payload } = await jose.jwtVerify(await secure(), key, { typ: 'vc+jwt' });
    assert.deepEqual(payload, CREDENTIAL);
    const pair = await jose.generateKeyPair('ES256', { extractable: true });
    const { kty, crv, x, y } = await jose.exportJWK(pair.publicKey);
    const did = `did:jwk:${Buffer.from(JSON.stringify({ kty, crv, x, y })).toString('base64url')}`;
    const theirs = await new jose.SignJWT({ ...CREDENTIAL, issuer: did })
      .setProtectedHeader({ alg: 'ES256', typ: 'vc+jwt', kid: `${did}#0` })
      .setIssuer(did)
      .setIssuedAt(seconds)
      .sign(pair.privateKey);
    assert.equal(await code(theirs), 'pass PROOF_VALID');
  });
  it('[INTEROP jose] the jose library verifies our vp+jwt, and we its', async () => {
    const presentation: JsonObject = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: holder.did,
      verifiableCredential: [envelopeOf(await secure(), { form: 'jwt', kind: 'credential' })],
    };
    const claims = { aud: 'https://verifier.example', nonce: 'n', iat: seconds };
    const ours = await secure({ kind: 'presentation', signer: holder.signer, claims }, presentation);
    const key = await jose.importJWK({ ...jwkOfPublicKey(holder.key) }, 'EdDSA');
    const { payload } = await jose.jwtVerify(ours, key, {
      typ: 'vp+jwt',
      audience: claims.aud,
      currentDate: new Date(NOW),
    });
    assert.deepEqual(payload, { ...presentation, ...claims });
    const pair = await jose.generateKeyPair('EdDSA', { extractable: true });
    const { kty, crv, x } = await jose.exportJWK(pair.publicKey);
    const did = `did:jwk:${Buffer.from(JSON.stringify({ kty, crv, x })).toString('base64url')}`;
    const theirs = await new jose.SignJWT({ ...presentation, ...claims, holder: did })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'vp+jwt', cty: 'vp', kid: `${did}#0` })
      .sign(pair.privateKey);
    const asked = { challenge: 'n', domain: claims.aud };
    assert.equal(await code(theirs, 'jwt', 'presentation', asked), 'pass PROOF_VALID');
  });

  it('[VC-JOSE-COSE §3.1.2] an answer to a challenge is for one verifier only, and made within five minutes', async () => {
    const presentation = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: 'VerifiablePresentation',
      holder: holder.did,
    };
    const asked = { challenge: 'n', domain: 'https://verifier.example' };
    const codeOf = async (claims: JsonObject, question: object = asked): Promise<string> =>
      code(await secure({ kind: 'presentation', signer: holder.signer, claims: { nonce: 'n', ...claims } }, presentation), 'jwt', 'presentation', question); // prettier-ignore
    const one = { aud: [asked.domain] };
    assert.equal(await codeOf(one), 'pass PROOF_VALID');
    assert.equal(await codeOf({ aud: [asked.domain, 'https://other.example'] }), 'fail DOMAIN_MISMATCH');
    assert.equal(await codeOf({}), 'fail DOMAIN_MISMATCH');
    assert.equal(await codeOf({ ...one, iat: seconds - 300 }), 'pass PROOF_VALID');
    assert.equal(await codeOf({ ...one, iat: seconds - 301 }), 'fail PRESENTATION_TOO_OLD');
    assert.equal(await codeOf({ ...one, iat: NOW }), 'fail PRESENTATION_TOO_OLD');
    assert.equal(await codeOf({ ...one, iat: seconds - 86_400 }, {}), 'pass PROOF_VALID');
  });

  for (const kind of ['credential', 'presentation'] as const)
    it(`[INTEROP @auth0/cose] that library verifies our ${kind} in COSE, and we its`, async () => {
      const document: JsonObject =
        kind === 'credential'
          ? CREDENTIAL
          : {
              '@context': ['https://www.w3.org/ns/credentials/v2'],
              type: 'VerifiablePresentation',
              holder: issuer.did,
            };
      const params = { name: 'ECDSA', namedCurve: 'P-256' };
      const key = await crypto.subtle.importKey('jwk', { ...jwkOfPublicKey(issuer.key) }, params, true, ['verify']);
      const ours = auth0.decode(Buffer.from(await secure({ form: 'cose', kind }, document), 'base64'), auth0.Sign1);
      await ours.verify(key);
      assert.deepEqual(JSON.parse(new TextDecoder().decode(ours.payload)), document);

      const pair = await crypto.subtle.generateKey(params, true, ['sign', 'verify']);
      const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
      const did = `did:jwk:${Buffer.from(JSON.stringify({ kty, crv, x, y })).toString('base64url')}`;
      const theirs = await auth0.Sign1.sign(
        new auth0.ProtectedHeaders([
          [auth0.Headers.Algorithm, auth0.Algorithms.ES256],
          [auth0.Headers.KeyID, new TextEncoder().encode(`${did}#0`)],
        ]),
        new auth0.UnprotectedHeaders([]),
        new TextEncoder().encode(JSON.stringify({ ...document, [kind === 'credential' ? 'issuer' : 'holder']: did })),
        pair.privateKey,
      );
      assert.equal(await code(Buffer.from(theirs.encode()).toString('base64'), 'cose', kind), 'pass PROOF_VALID');
    });
});

describe('[VC-JOSE-COSE §4] refusing', () => {
  it('[VC-JOSE-COSE §3.1.3] the claims vc and vp, and claims that say something else than the document', async () => {
    const cases: [JsonObject, string][] = [
      [{ ...CREDENTIAL, vc: {} }, 'fail SECURED_VC_CLAIM'],
      [{ ...CREDENTIAL, vp: 'x' }, 'fail SECURED_VC_CLAIM'],
      [{ ...CREDENTIAL, iss: 'did:example:other' }, 'fail SECURED_ISS_MISMATCH'],
      [{ ...CREDENTIAL, iss: 7 }, 'fail SECURED_ISS_MISMATCH'],
      [{ ...CREDENTIAL, jti: 'urn:other' }, 'fail SECURED_CLAIM_MISMATCH'],
      [{ ...CREDENTIAL, sub: 'did:example:other' }, 'fail SECURED_CLAIM_MISMATCH'],
      [{ ...CREDENTIAL, exp: seconds }, 'fail JOSE_EXPIRED'],
      [{ ...CREDENTIAL, nbf: seconds + 600 }, 'fail JOSE_NOT_YET_VALID'],
      [{ ...CREDENTIAL, exp: '2030-01-01T00:00:00Z' }, 'fail JOSE_CLAIM'],
      [{ ...CREDENTIAL, iss: issuer.did, jti: CREDENTIAL['id'] ?? '', sub: holder.did, exp: seconds + 1 }, 'pass PROOF_VALID'], // prettier-ignore
      [{ ...CREDENTIAL, iat: '2024-01-01T00:00:00Z' }, 'pass PROOF_VALID'],
      [{ ...CREDENTIAL, somethingNobodyKnows: { a: 1 } }, 'pass PROOF_VALID'],
    ];
    for (const [claims, expected] of cases) assert.equal(await code(await jwt(claims)), expected);
    for (const claims of [{ vc: {} }, { iss: 'did:example:other' }])
      await assert.rejects(secure({ claims }), { code: /^SECURED_/ });
  });

  it('[VC-JOSE-COSE §6] another typ or cty, and a media type of the other kind', async () => {
    assert.equal(await code(await jwt(CREDENTIAL, { typ: 'vp+jwt' })), 'fail JOSE_TYP_MISMATCH');
    assert.equal(await code(await jwt(CREDENTIAL, { typ: 'bad+typ' })), 'fail JOSE_TYP_MISMATCH');
    assert.equal(await code(await jwt(CREDENTIAL, { cty: 'bad+cty' })), 'fail JOSE_CTY_MISMATCH');
    assert.equal(await code(await jwt(CREDENTIAL, { cty: 'vp' })), 'fail JOSE_CTY_MISMATCH');
    assert.equal(await code(await jwt(CREDENTIAL, { cty: 'vc' })), 'pass PROOF_VALID');
    const kinds = { kind: 'presentation', mediaType: 'application/vc+jwt', text: await secure() } as const;
    assert.equal((await checkSecured(kinds, { resolver, now: NOW })).code, 'SECURED_MEDIA_TYPE');
    const generic = { kind: 'credential', mediaType: 'application/jwt', text: await secure() } as const;
    assert.equal((await checkSecured(generic, { resolver, now: NOW })).code, 'PROOF_VALID');
  });

  it('keys of others: of another DID, brought along, missing, or not listed for it', async () => {
    const other = joseKey('P-256', 5);
    assert.equal(await code(await jwt(CREDENTIAL, {}, other.signer)), 'fail KEY_CONTROLLER_MISMATCH');
    assert.equal(
      await code(await jwt(CREDENTIAL, { kid: issuer.signer.id }, other.signer)),
      'fail JOSE_SIGNATURE_INVALID',
    );
    assert.equal(await code(await jwt(CREDENTIAL, { kid: 'thumbprint' })), 'fail KEY_ID_MISMATCH');
    assert.equal(await code(await jwt(CREDENTIAL, { kid: `${issuer.did}#other` })), 'fail KEY_NOT_LISTED');
    const jwk = { ...jwkOfPublicKey(other.key) };
    assert.equal(await code(await jwt(CREDENTIAL, { jwk }, other.signer)), 'fail JOSE_KEY_EMBEDDED');
    const nobody = 'did:web:nobody.example';
    const foreign = await jwt({ ...CREDENTIAL, issuer: nobody }, { kid: `${nobody}#a` });
    assert.equal(await code(foreign), 'unknown ISSUER_KEY_UNKNOWN');
  });

  it('an unsecured document, none, a changed one, and one beneath others of another form', async () => {
    const plain = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    assert.equal(await code(JSON.stringify(CREDENTIAL)), 'fail JOSE_FORMAT');
    assert.equal(await code(`${plain({ alg: 'none', typ: 'vc+jwt' })}.${plain(CREDENTIAL)}.`), 'fail JOSE_FORMAT');
    assert.equal(
      await code(`${plain({ alg: 'none', typ: 'vc+jwt' })}.${plain(CREDENTIAL)}.AA`),
      'fail JOSE_ALG_UNSUPPORTED',
    );
    const [header, , signature] = (await secure()).split('.');
    assert.equal(
      await code(`${header}.${plain({ ...CREDENTIAL, id: 'urn:x' })}.${signature}`),
      'fail JOSE_SIGNATURE_INVALID',
    );
    assert.equal(await code(await secure({ form: 'sd-jwt' }), 'jwt'), 'fail JOSE_FORMAT');
    assert.equal(await code(await secure(), 'sd-jwt'), 'fail SD_JWT_FORMAT');
    assert.equal(await code(await secure(), 'cose'), 'fail COSE_FORMAT');
    const hex = Buffer.from(await secure({ form: 'cose' }), 'base64').toString('hex');
    assert.equal(await code(hex, 'cose'), 'fail COSE_FORMAT');
  });

  it('[VC-JOSE-COSE §3.3] a COSE message of another type, or with vc inside', async () => {
    const sign = async (document: JsonObject, typ: string, contentType: string) => {
      const payload = new TextEncoder().encode(JSON.stringify(document));
      const signed = await signCoseSign1(
        { header: { typ, contentType, kid: issuer.signer.id }, payload },
        issuer.signer,
      );
      return Buffer.from(signed).toString('base64').replace(/=+$/, '');
    };
    assert.equal(
      await code(await sign(CREDENTIAL, 'application/vc+cose', 'application/vc'), 'cose'),
      'pass PROOF_VALID',
    );
    assert.equal(
      await code(await sign(CREDENTIAL, 'application/vp+cose', 'application/vp'), 'cose'),
      'fail COSE_TYP_MISMATCH',
    );
    assert.equal(
      await code(await sign({ ...CREDENTIAL, vc: 1 }, 'application/vc+cose', 'application/vc'), 'cose'),
      'fail SECURED_VC_CLAIM',
    );
  });

  it('[VC-JOSE-COSE §4.1] finds the key only where kid and party name one', () => {
    const party = 'did:web:a.example';
    assert.equal(verificationMethodOf({ kid: `${party}#k`, party }), `${party}#k`);
    assert.equal(verificationMethodOf({ kid: '#k', party }), `${party}#k`);
    assert.equal(verificationMethodOf({ kid: `${party}#k` }), `${party}#k`);
    assert.equal(verificationMethodOf({ party: issuer.did }), issuer.signer.id);
    assert.equal(verificationMethodOf({ party: 'did:jwk:e30' }), 'did:jwk:e30#0');
    for (const claim of [{}, { party }, { kid: 'k', party }, { kid: '#k' }, { kid: party, party }])
      assert.throws(() => verificationMethodOf(claim), { code: 'KEY_ID_MISMATCH' });
    for (const kid of [`${party}.evil#k`, 'did:web:b.example#k'])
      assert.throws(() => verificationMethodOf({ kid, party }), { code: 'KEY_CONTROLLER_MISMATCH' });
  });
});
