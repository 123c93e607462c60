import assert from 'node:assert/strict';
import { createPublicKey, verify as verifyBytes, type JsonWebKey } from 'node:crypto';
import { digest, ES256 } from '@sd-jwt/crypto-nodejs';
import { getListFromStatusListJWT } from '@sd-jwt/jwt-status-list';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { verifyCredential } from 'did-jwt-vc';
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import jsonld from 'jsonld';
import { statusListUrl } from '../../shared/certificate/credential.js';
import { decodeMultikey, jwkOfPublicKey } from '../../shared/did/multikey.js';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';
import { readCredentialJwt11 } from '../../shared/proof/forms/credential-jwt-1-1.js';
import { presentSdJwt } from '../../shared/proof/forms/present-sd-jwt.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { holderPublicKey } from '../../shared/proof/holder-check.js';
import { createTokenStatuses, setTokenStatus, tokenStatusListUrl } from '../../shared/status/token-status-list.js';
import { signTokenStatusList } from '../../shared/status/token-status-list-token.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { NOW } from '../verdict/sample-trust.js';
import { AUDIENCE, holder, issuerKey, NONCE, secured, SIGNED_AT } from './world.js';

const issuerJwk = { ...jwkOfPublicKey(decodeMultikey(issuerKey.key.publicKeyMultibase)) };
const now = new Date(NOW);
const seconds = now.getTime() / 1000;
const uri = tokenStatusListUrl(ISSUER, 1);

describe('each form, read by a library that is not ours', () => {
  it('[VC-JOSE-COSE §3.1.1] [INTEROP jose] vc+jwt: signature, typ, cty and kid; the payload is the credential, without a vc claim', async () => {
    const token = await secured('vc+jwt');
    const { payload, protectedHeader } = await jwtVerify(token, await importJWK(issuerJwk, 'EdDSA'), {
      typ: 'vc+jwt',
      issuer: ISSUER,
      currentDate: now,
    });
    assert.deepEqual(protectedHeader, { alg: 'EdDSA', kid: issuerKey.key.id, typ: 'vc+jwt', cty: 'vc' });
    assert.deepEqual(payload['@context'], [
      'https://www.w3.org/ns/credentials/v2',
      'https://yizheng.example/ns/certificate/v1',
    ]);
    assert.equal((payload['credentialSubject'] as { id: string }).id, holder.did);
    assert.equal('vc' in payload, false);
  });

  it('[VCDM11 §6.3.1] [INTEROP did-jwt-vc] jwt_vc_json: the registered claims are those of the credential', async () => {
    const token = await secured('jwt_vc_json', { expiresOn: '2030-11-19' });
    const resolver = {
      resolve: () =>
        Promise.resolve({
          didResolutionMetadata: {},
          didDocumentMetadata: {},
          didDocument: {
            id: ISSUER,
            verificationMethod: [
              { id: issuerKey.key.id, type: 'JsonWebKey2020', controller: ISSUER, publicKeyJwk: issuerJwk },
            ],
            assertionMethod: [issuerKey.key.id],
          },
        }),
    };
    const { verifiableCredential, payload } = await verifyCredential(token, resolver, { policies: { now: seconds } });
    const { nbf, exp, sub, jti, iss } = payload as Record<string, unknown>;
    assert.deepEqual(
      { nbf, exp, sub, jti, iss },
      {
        nbf: Date.parse('2026-11-20T00:00:00+08:00') / 1000,
        exp: Date.parse('2030-11-19T23:59:59+08:00') / 1000,
        sub: holder.did,
        jti: 'urn:yizheng:certificate:S000051000123263000045:1',
        iss: ISSUER,
      },
    );
    assert.deepEqual(verifiableCredential.type, ['VerifiableCredential', 'SkillLevelCertificate']);
    assert.equal(Date.parse(verifiableCredential.issuanceDate) / 1000, nbf);
  });

  it('[VCDM11 §4.1] [INTEROP jsonld] jwt_vc_json: every term is defined, and means what it means in VC 2.0', async () => {
    const payload = JSON.parse(
      Buffer.from((await secured('jwt_vc_json')).split('.')[1] ?? '', 'base64url').toString(),
    ) as { vc: object; iat: number };
    const options = { documentLoader: createDocumentLoader(), safe: true, base: null };
    const subjectOf = async (document: object): Promise<unknown> => {
      const [expanded] = await jsonld.expand(document, options);
      return expanded?.['https://www.w3.org/2018/credentials#credentialSubject'];
    };
    const same = JSON.parse(await secured('ldp_vc')) as object;
    assert.deepEqual(await subjectOf(payload.vc), await subjectOf(same));
    assert.equal(readCredentialJwt11(payload as never, payload.iat).holder.id, holder.did);
  });

  it('[VC-DI-EDDSA §3.2] [INTEROP @digitalbazaar/vc] ldp_vc: bound to the holder key', async () => {
    const credential = JSON.parse(await secured('ldp_vc')) as { credentialSubject: { id: string } };
    assert.equal(credential.credentialSubject.id, holder.did);
    assert.equal(await eddsaRdfc2022.verifySignature(credential, issuerKey.key), true);
  });

  describe('[INTEROP @sd-jwt/sd-jwt-vc]', () => {
    const holderJwk = { ...jwkOfPublicKey(holderPublicKey(holder.did)) };
    const instance = (statusToken: string): SDJwtVcInstance =>
      new SDJwtVcInstance({
        hasher: digest,
        verifier: (data, signature) =>
          verifyBytes(
            null,
            Buffer.from(data),
            createPublicKey({ key: issuerJwk as JsonWebKey, format: 'jwk' }),
            Buffer.from(signature, 'base64url'),
          ),
        kbVerifier: async (data, signature, payload) =>
          (await ES256.getVerifier(payload.cnf?.jwk ?? {}))(data, signature),
        statusListFetcher: () => Promise.resolve(statusToken),
      });
    const tokenOf = (statuses = createTokenStatuses(131_072)): Promise<string> =>
      signTokenStatusList(
        { uri, issuer: ISSUER, statuses, now: SIGNED_AT, validForSeconds: 86_400, ttlSeconds: 3_600 },
        issuerKey.signer,
      );
    const bare = (): Promise<string> =>
      secured(
        'dc+sd-jwt',
        { holder: { ...sampleRecord().holder, identityDocumentLastFour: '002X' } },
        { tokenStatus: { uri, idx: 4711 }, personal: { idNumber: '11010119900307002X', birthDate: '1990-03-07' } },
      );

    it('[SD-JWT-VC §2.2] dc+sd-jwt: signature, status list, key binding and every claim', async () => {
      const sdJwt = await bare();
      const header = decodeProtectedHeader(sdJwt.split('~')[0] ?? '');
      assert.deepEqual([header.typ, header.kid], ['dc+sd-jwt', issuerKey.key.id]);
      const shown = await presentSdJwt(sdJwt, {
        disclose: [['name'], ['identity_document', 'last_four']],
        keyBinding: { signer: holder.signer, audience: AUDIENCE, nonce: NONCE, now: NOW },
      });
      const result = await instance(await tokenOf()).verify(shown, { currentDate: seconds, keyBindingNonce: NONCE });
      const claims = result.payload as unknown as Record<string, unknown>;
      assert.deepEqual(claims['cnf'], { jwk: holderJwk });
      assert.equal(claims['name'], '张伟');
      assert.equal('birthdate' in claims, false);
      assert.deepEqual(claims['status'], { status_list: { idx: 4711, uri } });
      assert.equal(result.kb?.payload.aud, AUDIENCE);
    });

    it('[SD-JWT §4] finds the same disclosable claims as we do, and never a registered one among them', async () => {
      const keys = await instance('').presentableKeys(await bare());
      assert.deepEqual(keys, ['birthdate', 'identity_document.last_four', 'identity_document.number', 'name']);
    });

    it('[TSL §4.1] statuslist+jwt: revoked and suspended entries stand where the library looks', async () => {
      const statuses = createTokenStatuses(131_072);
      setTokenStatus(statuses, 4711, 1);
      setTokenStatus(statuses, 4713, 2);
      const token = await tokenOf(statuses);
      const list = getListFromStatusListJWT(token);
      assert.deepEqual(
        [4710, 4711, 4712, 4713].map((idx) => list.getStatus(idx)),
        [0, 1, 0, 2],
      );
      await assert.rejects(instance(token).verify(await bare(), { currentDate: seconds }), /Status is not valid/);
      assert.equal(decodeProtectedHeader(token).typ, 'statuslist+jwt');
    });
  });

  it('names the Bitstring lists in every form', async () => {
    for (const form of ['ldp_vc', 'vc+jwt', 'jwt_vc_json', 'dc+sd-jwt'] as const) {
      const text = await secured(form, {}, form === 'dc+sd-jwt' ? { tokenStatus: { uri, idx: 4711 } } : {});
      const [jwt = ''] = text.split('~');
      const plain = form === 'ldp_vc' ? text : Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString();
      for (const purpose of ['revocation', 'suspension'] as const)
        assert.ok(plain.includes(statusListUrl(ISSUER, purpose, sampleRecord().status.list)), form);
    }
  });
});
