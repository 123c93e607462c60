import assert from 'node:assert/strict';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { createDiscloseCryptosuite, createSignCryptosuite } from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import jsigs from 'jsonld-signatures';
import { createResolver } from '../../shared/did/create-resolver.js';
import type { KeyAlgorithm } from '../../shared/did/multikey.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { checkForeignCredential } from '../../shared/proof/check-foreign-credential.js';
import { checkPresentation } from '../../shared/proof/check-presentation.js';
import { ED25519_2020_URL } from '../../shared/proof/contexts.js';
import type { Cryptosuite } from '../../shared/proof/data-integrity/cryptosuites.js';
import { ecdsaSd2023 } from '../../shared/proof/data-integrity/ecdsa-sd-2023.js';
import { signDocument } from '../../shared/proof/data-integrity/sign-document.js';
import { withProofContext } from '../../shared/proof/data-integrity/with-proof-context.js';
import type { Signer } from '../../shared/proof/types.js';
import { plainLoader } from '../proof/plain-library.js';
import { didKeyOf, type TestDidKey } from './test-signer.js';

const NOW = '2026-11-22T00:00:00Z';
const CREATED = '2026-11-21T08:30:00Z';
const resolver = createResolver();

interface Library {
  lib: string;
  suite: Cryptosuite;
  algorithm: KeyAlgorithm;
  sign: (signer: Signer) => object;
  verify: () => object;
}
const di = (
  lib: string,
  suite: Cryptosuite,
  algorithm: KeyAlgorithm,
  signing: object,
  verifying = signing,
): Library => ({
  lib,
  suite,
  algorithm,
  sign: (signer) => new DataIntegrityProof({ signer, date: CREATED, cryptosuite: signing }),
  verify: () => new DataIntegrityProof({ cryptosuite: verifying }),
});
const libraries: Library[] = [
  di('eddsa-rdfc-2022-cryptosuite', 'eddsa-rdfc-2022', 'Ed25519', eddsaRdfc),
  di('eddsa-jcs-2022-cryptosuite', 'eddsa-jcs-2022', 'Ed25519', eddsaJcs.createSignCryptosuite(), eddsaJcs.createVerifyCryptosuite()), // prettier-ignore
  ...(['P-256', 'P-384'] as const).flatMap((curve) => [
    di('ecdsa-rdfc-2019-cryptosuite', 'ecdsa-rdfc-2019', curve, ecdsaRdfc),
    di('ecdsa-jcs-2019-cryptosuite', 'ecdsa-jcs-2019', curve, ecdsaJcs.createSignCryptosuite(), ecdsaJcs.createVerifyCryptosuite()), // prettier-ignore
  ]),
  {
    lib: 'ed25519-signature-2020',
    suite: 'Ed25519Signature2020',
    algorithm: 'Ed25519',
    sign: (signer) => new Ed25519Signature2020({ signer, date: CREATED }),
    verify: () => new Ed25519Signature2020(),
  },
];

function loaderFor({ did, publicKeyMultibase, signer }: TestDidKey, { suite }: { suite: string }) {
  const key = { id: signer.id, controller: did, publicKeyMultibase, validFrom: '2026-01-01T00:00:00Z' };
  const legacy = { '@context': ED25519_2020_URL, id: signer.id, type: 'Ed25519VerificationKey2020', controller: did, publicKeyMultibase }; // prettier-ignore
  return plainLoader([key], suite === 'Ed25519Signature2020' ? new Map([[signer.id, legacy]]) : new Map());
}

function credentialOf(did: string, suite: Cryptosuite, version: '1.1' | '2.0'): JsonObject {
  const dates = version === '1.1' ? { issuanceDate: '2026-11-01T00:00:00Z' } : { validFrom: '2026-11-01T00:00:00Z' };
  const base = version === '1.1' ? 'https://www.w3.org/2018/credentials/v1' : 'https://www.w3.org/ns/credentials/v2';
  const subjects = [{ id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33' }, { id: 'did:example:b' }];
  return withProofContext(
    { '@context': [base], type: ['VerifiableCredential'], issuer: did, ...dates, credentialSubject: subjects },
    suite,
  );
}

describe('Data Integrity beside the libraries of others', () => {
  for (const library of libraries)
    for (const version of ['2.0', '1.1'] as const) {
      const { lib, suite, algorithm } = library;
      const title = `[INTEROP @digitalbazaar/${lib}] VC ${version} ${suite} ${algorithm}`;

      it(`${title}: what we sign, it verifies`, async () => {
        const key = didKeyOf(algorithm);
        const signed = await signDocument(credentialOf(key.did, suite, version), { suite, signer: key.signer, created: CREATED }); // prettier-ignore
        const ask = async (document: object): Promise<boolean> =>
          (
            await jsigs.verify(document, {
              suite: library.verify(),
              purpose: new jsigs.purposes.AssertionProofPurpose(),
              documentLoader: loaderFor(key, library),
            })
          ).verified;
        assert.equal(await ask(signed), true);
        assert.equal(await ask({ ...signed, credentialSubject: { id: 'did:example:c' } }), false);
      });

      it(`${title}: what it signs, we verify`, async () => {
        const key = didKeyOf(algorithm);
        const signed = await jsigs.sign(credentialOf(key.did, suite, version), {
          suite: library.sign(key.signer),
          purpose: new jsigs.purposes.AssertionProofPurpose(),
          documentLoader: loaderFor(key, library),
        });
        const check = async (document: object): Promise<string> =>
          (await checkForeignCredential(JSON.stringify(document), { now: NOW, resolver })).code;
        assert.equal(await check(signed), 'PROOF_VALID');
        assert.equal(await check({ ...signed, credentialSubject: { id: 'did:example:c' } }), 'SIGNATURE_INVALID');
        const other = didKeyOf(algorithm, 8).did;
        assert.equal(await check({ ...signed, issuer: other }), 'KEY_CONTROLLER_MISMATCH');
      });
    }

  it('[INTEROP @digitalbazaar/ecdsa-sd-2023-cryptosuite] what it derives we verify; its base proof we refuse', async () => {
    const key = didKeyOf('P-256');
    const documentLoader = loaderFor(key, { suite: 'ecdsa-sd-2023' });
    const purpose = new jsigs.purposes.AssertionProofPurpose();
    const base = await jsigs.sign(
      { ...credentialOf(key.did, 'ecdsa-rdfc-2019', '2.0'), name: 'Hidden', description: 'Shown' },
      {
        suite: new DataIntegrityProof({
          signer: key.signer,
          date: CREATED,
          cryptosuite: createSignCryptosuite({ mandatoryPointers: ['/issuer', '/validFrom', '/credentialSubject'] }),
        }),
        purpose,
        documentLoader,
      },
    );
    const derived = (await jsigs.derive(base, {
      suite: new DataIntegrityProof({
        cryptosuite: createDiscloseCryptosuite({ selectivePointers: ['/description'] }),
      }),
      purpose,
      documentLoader,
    })) as JsonObject;
    const check = async (document: object): Promise<string> =>
      (await checkForeignCredential(JSON.stringify(document), { now: NOW, resolver, suites: [ecdsaSd2023] })).code;
    assert.equal(derived['name'], undefined);
    assert.equal(await check(derived), 'PROOF_VALID');
    assert.equal(await check({ ...derived, description: 'Another' }), 'SIGNATURE_INVALID');
    assert.equal(await check(base), 'SIGNATURE_INVALID');
  });

  for (const { lib, suite, algorithm, verify } of libraries)
    it(`[INTEROP @digitalbazaar/${lib}] ${algorithm} presentation by ${suite}: we and it verify it for its challenge and domain only`, async () => {
      const key = didKeyOf(algorithm);
      const question = { challenge: 'c-1', domain: 'verify.example' };
      const credential = await signDocument(
        { ...credentialOf(key.did, suite, '2.0'), credentialSubject: { id: key.did } },
        { suite, signer: key.signer, created: CREATED },
      );
      const unsigned = withProofContext(
        {
          '@context': ['https://www.w3.org/ns/credentials/v2'],
          type: ['VerifiablePresentation'],
          holder: key.did,
          verifiableCredential: [credential],
        },
        suite,
      );
      const signed = await signDocument(unsigned, {
        suite,
        signer: key.signer,
        created: CREATED,
        purpose: 'authentication',
        ...question,
      });
      const { verified } = await jsigs.verify(signed, {
        suite: verify(),
        purpose: new jsigs.purposes.AuthenticationProofPurpose(question),
        documentLoader: loaderFor(key, { suite }),
      });
      assert.equal(verified, true);
      const check = async (asked: object): Promise<string> =>
        (
          await checkPresentation(JSON.stringify(signed), {
            now: '2026-11-21T08:31:00Z',
            resolver,
            ...question,
            ...asked,
          })
        ).code;
      assert.equal(await check({}), 'PROOF_VALID');
      assert.equal(await check({ challenge: 'c-2' }), 'CHALLENGE_MISMATCH');
      assert.equal(await check({ domain: 'evil.example' }), 'DOMAIN_MISMATCH');
      assert.equal(await check({ now: '2026-11-21T08:40:00Z' }), 'PRESENTATION_TOO_OLD');
    });
});
