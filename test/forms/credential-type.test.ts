import assert from 'node:assert/strict';
import { p256, p384 } from '@noble/curves/nist.js';
import { digest } from '@sd-jwt/crypto-nodejs';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { encodeMultikey } from '../../shared/did/multikey.js';
import { checkCompactCertificate } from '../../shared/proof/forms/check-compact-certificate.js';
import { credentialTypeMetadata, credentialTypeUrl } from '../../shared/proof/forms/credential-type.js';
import type { Signer, VerificationKey } from '../../shared/proof/types.js';
import { ISSUER } from '../certificate/sample-records.js';
import { NOW } from '../verdict/sample-trust.js';
import { secured } from './world.js';

describe('[SD-JWT-VC §4] type metadata', () => {
  it('stands at one address of the issuing service, whichever institution signs', () => {
    const one = 'https://issuer.example/credential-types/v1/skill-level';
    assert.equal(credentialTypeUrl(ISSUER, 'skill-level'), one);
    assert.equal(credentialTypeUrl('did:web:issuer.example', 'skill-level'), one);
    assert.equal(
      credentialTypeUrl('did:web:localhost%3A8701:institutions:x', 'appointment'),
      'http://localhost:8701/credential-types/v1/appointment',
    );
  });

  it('[INTEROP @sd-jwt/sd-jwt-vc] is what the library loads for our certificate', async () => {
    const instance = new SDJwtVcInstance({
      hasher: digest,
      verifier: () => true,
      loadTypeMetadataFormat: true,
      vctFetcher: (vct) => {
        assert.equal(vct, credentialTypeUrl(ISSUER, 'skill-level'));
        return Promise.resolve(credentialTypeMetadata(ISSUER, 'skill-level') as never);
      },
    });
    const result = await instance.verify(await secured('dc+sd-jwt'), { currentDate: Date.parse(NOW) / 1000 });
    assert.equal(result.typeMetadata?.mergedTypeMetadata.name, 'Occupational Skill Level Certificate');
    const claims = result.typeMetadata.mergedTypeMetadata.claims ?? [];
    const found = claims.find(({ path }) => path.join('.') === 'identity_document.last_four');
    assert.equal(found?.sd, 'always');
    assert.equal(claims.find(({ path }) => path.join('.') === 'level.name')?.sd, 'never');
  });

  it('names in both languages the claims of each kind, and none of another', () => {
    for (const kind of KIND_IDS) {
      const { vct, claims } = credentialTypeMetadata(ISSUER, kind) as {
        vct: string;
        claims: { path: string[]; display: { locale: string; label: string }[] }[];
      };
      assert.ok(vct.endsWith(`/${kind}`));
      for (const { display } of claims)
        assert.deepEqual(
          display.map(({ locale }) => locale),
          ['zh-CN', 'en'],
        );
      const has = (member: string): boolean => claims.some(({ path }) => path[0] === member);
      assert.equal(
        has('permit'),
        ['special-operation', 'construction-special', 'special-equipment'].includes(kind),
        kind,
      );
      assert.equal(has('level'), ['skill-level', 'occ-qualification', 'mo-skill'].includes(kind), kind);
      assert.equal(has('training'), kind === 'training-completion', kind);
    }
  });
});

describe('an institution that signs with ECDSA', () => {
  const secret = (length: number): Uint8Array => new Uint8Array(length).fill(6);
  const curves = [
    ['P-256', 'ES256', p256, secret(32)],
    ['P-384', 'ES384', p384, secret(48)],
  ] as const;
  for (const [algorithm, alg, curve, key] of curves)
    it(`may secure the compact forms with ${algorithm}; the type of its key fixes the algorithm`, async () => {
      const publicKeyMultibase = encodeMultikey({ algorithm, bytes: curve.getPublicKey(key, true) });
      const id = `${ISSUER}#${publicKeyMultibase}`;
      const signer: Signer = {
        id,
        algorithm,
        sign: ({ data }) => Promise.resolve(curve.sign(data, key, { lowS: false })),
      };
      const published: VerificationKey = {
        id,
        controller: ISSUER,
        publicKeyMultibase,
        validFrom: '2026-01-01T00:00:00Z',
      };
      for (const form of ['vc+jwt', 'jwt_vc_json', 'dc+sd-jwt'] as const) {
        const text = await secured(form, {}, { signer });
        assert.equal(
          (JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString()) as { alg: string }).alg,
          alg,
        );
        const check = await checkCompactCertificate(text, {
          now: NOW,
          keysOf: () => (kid) => (kid === id ? published : undefined),
        });
        assert.deepEqual([check.answer, check.code], ['pass', 'PROOF_VALID']);
        const lent = { ...published, controller: 'did:web:other.example' };
        const other = await checkCompactCertificate(text, { now: NOW, keysOf: () => () => lent });
        assert.deepEqual([other.answer, other.code], ['fail', 'KEY_CONTROLLER_MISMATCH']);
      }
    });
});
