import assert from 'node:assert/strict';
import { createResolver } from '../../shared/did/create-resolver.js';
import { decodeMultikey } from '../../shared/did/multikey.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { checkForeignCredential } from '../../shared/proof/check-foreign-credential.js';
import { checkProofOnly } from '../../shared/proof/data-integrity/check-proof-only.js';
import { ecdsaSd2023 } from '../../shared/proof/data-integrity/ecdsa-sd-2023.js';
import { readProofs } from '../../shared/proof/data-integrity/proof-schema.js';
import { signDocument } from '../../shared/proof/data-integrity/sign-document.js';
import { verifyProof } from '../../shared/proof/data-integrity/verify-proof.js';
import { readVectors, signerOfSecret, type Vector } from './vectors.js';

const resolver = createResolver();
const eddsa = readVectors('vc-di-eddsa') as { secretKeyMultibase: string; vectors: Vector[] };
const ecdsa = readVectors('vc-di-ecdsa') as {
  vectors: Vector[];
  derived: { document: JsonObject };
  base: { document: JsonObject };
};
const chains = readVectors('proof-chains') as {
  chain: JsonObject & { proof: JsonObject[] };
  previousProofArray: JsonObject & { proof: JsonObject[] };
};
const legacy = readVectors('ed25519-signature-2020') as { document: JsonObject };

function only(document: object, publicKeyMultibase?: string): Promise<{ answer: string; code: string }> {
  return checkProofOnly(JSON.stringify(document), {
    resolver,
    suites: [ecdsaSd2023],
    ...(publicKeyMultibase !== undefined && { publicKeyMultibase }),
  });
}

describe('published test vectors of Data Integrity', () => {
  for (const { name, section, document, publicKeyMultibase } of [...eddsa.vectors, ...ecdsa.vectors])
    it(`[${section}] ${name}: verifies, and no longer when a claim, an option or the signature is another`, async () => {
      assert.equal((await only(document, publicKeyMultibase)).code, 'PROOF_VALID');
      const { proof } = document;
      for (const changed of [
        { ...document, name: 'Another' },
        { ...document, proof: { ...proof, created: '2023-02-24T23:36:39Z' } },
        { ...document, proof: { ...proof, proofValue: `${proof.proofValue.slice(0, -1)}2` } },
      ])
        assert.equal((await only(changed, publicKeyMultibase)).code, 'SIGNATURE_INVALID');
    });

  for (const { name, section, document } of eddsa.vectors)
    it(`[${section}] ${name}: is what we sign with the published key, byte for byte`, async () => {
      const { proof, ...unsigned } = document;
      const signed = await signDocument(unsigned, {
        suite: proof.cryptosuite,
        created: proof.created,
        signer: signerOfSecret(eddsa.secretKeyMultibase, proof.verificationMethod),
      });
      assert.deepEqual(signed, document);
    });

  it('[VC-DI-ECDSA §3.6.7] ecdsa-sd-2023: a derived proof verifies, and not with a claim more or another value', async () => {
    const { document } = ecdsa.derived;
    assert.equal((await only(document)).code, 'PROOF_VALID');
    const subject = document['credentialSubject'] as JsonObject;
    for (const credentialSubject of [
      { ...subject, sailNumber: 'Earth102' },
      { ...subject, club: 'Another' },
    ])
      assert.equal((await only({ ...document, credentialSubject })).code, 'SIGNATURE_INVALID');
  });

  it('[VC-DI-ECDSA §3.6.7] ecdsa-sd-2023: a base proof, which shows everything, is refused', async () => {
    assert.equal((await only(ecdsa.base.document)).code, 'SIGNATURE_INVALID');
  });

  it('[ED25519-2020 §3] a VC 1.1 of the public verifier suite verifies at its time, and is expired today', async () => {
    const check = (now: string) => checkForeignCredential(JSON.stringify(legacy.document), { now, resolver });
    assert.equal((await check('2022-04-01T00:00:00Z')).code, 'PROOF_VALID');
    assert.equal((await check('2026-11-22T00:00:00Z')).code, 'CREDENTIAL_EXPIRED');
  });

  describe('proof sets and chains', () => {
    const { chain, previousProofArray } = chains;

    for (const [i, { proofValue }] of readProofs(chain).entries())
      it(`[VC-DI §4.5] proof ${i + 1} of the published chain is right, with the proofs it builds on`, async () => {
        const check = async (document: JsonObject): Promise<string> => {
          const proof = readProofs(document).find((one) => one.proofValue === proofValue);
          assert.ok(proof);
          const multibase = proof.verificationMethod.split('#')[1] ?? '';
          return (await verifyProof(document, proof, decodeMultikey(multibase))).code;
        };
        assert.equal(await check(chain), 'PROOF_VALID');
        assert.equal(await check({ ...chain, description: 'changed' }), 'SIGNATURE_INVALID');
      });

    it('[VC-DI §4.5] a chain whose previousProof is a list verifies as a whole', async () => {
      assert.equal((await only(previousProofArray)).code, 'PROOF_VALID');
    });

    it('[VC-DI §4.5] a chain fails without a proof it builds on, and with that proof exchanged', async () => {
      const [first = {}, second = {}] = previousProofArray.proof;
      const codes = async (proof: object | object[]): Promise<string> =>
        (await only({ ...previousProofArray, proof })).code;
      assert.equal(await codes([second]), 'PREVIOUS_PROOF_MISSING');
      assert.equal(await codes([first, { ...second, previousProof: 'urn:uuid:other' }]), 'PREVIOUS_PROOF_MISSING');
      assert.equal(await codes([first, { ...second, previousProof: [first['id'], 'urn:uuid:other'] }]), 'PREVIOUS_PROOF_MISSING'); // prettier-ignore
      assert.equal(await codes([first, { ...second, previousProof: 5 }]), 'PROOF_SCHEMA');
      assert.equal(await codes([{ ...first, created: '2023-02-26T22:06:39Z' }, second]), 'SIGNATURE_INVALID');
      const { previousProof: _, ...unchained } = second;
      assert.equal(await codes([first, unchained]), 'SIGNATURE_INVALID');
    });
  });
});
