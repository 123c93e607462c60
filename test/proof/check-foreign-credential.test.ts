import assert from 'node:assert/strict';
import { createResolver } from '../../shared/did/create-resolver.js';
import { checkForeignCredential } from '../../shared/proof/check-foreign-credential.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { testKey } from './keys.js';
import { libraryVerifies } from './plain-library.js';

const bare = testKey('x', 5).key.publicKeyMultibase;
const { signer, key } = testKey(`did:key:${bare}`, 5);
const web = testKey('did:web:issuer.example', 6);
const now = '2026-11-21T00:00:00Z';
const created = '2026-11-20T08:30:00Z';
const base = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:5a0a0a61-6a0b-4a38-b3b3-b0b6a6e0a113',
  type: ['VerifiableCredential'],
  issuer: key.controller,
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:holder', name: 'Zhang Wei' },
};
const webDocument = {
  id: web.key.controller,
  verificationMethod: [
    {
      id: web.key.id,
      type: 'Multikey',
      controller: web.key.controller,
      publicKeyMultibase: web.key.publicKeyMultibase,
    },
  ],
  assertionMethod: [web.key.id],
};
const check = (credential: object, document: object = webDocument) =>
  checkForeignCredential(JSON.stringify(credential), {
    now,
    resolver: createResolver({
      fetchDidDocument: (url) => {
        assert.equal(url, 'https://issuer.example/.well-known/did.json');
        return Promise.resolve(new TextEncoder().encode(JSON.stringify(document)));
      },
    }),
  });

describe('checkForeignCredential', () => {
  it('passes a plain VC 2.0 of a did:key issuer', async () => {
    const answer = await check(await eddsaRdfc2022.sign(base, { signer, created }));
    assert.deepEqual([answer.answer, answer.code, answer.created], ['pass', 'PROOF_VALID', created]);
    assert.deepEqual(answer.credential?.['credentialSubject'], base.credentialSubject);
  });

  it('passes scalars where lists could stand, as the data model allows', async () => {
    const scalar = { ...base, type: 'VerifiableCredential', issuer: { id: key.controller } };
    assert.equal((await check(await eddsaRdfc2022.sign(scalar, { signer, created }))).code, 'PROOF_VALID');
  });

  it('resolves a did:web issuer through the fetcher, and answers unknown when that fails', async () => {
    const credential = await eddsaRdfc2022.sign(
      { ...base, issuer: web.key.controller },
      { signer: web.signer, created },
    );
    assert.equal((await check(credential)).code, 'PROOF_VALID');
    const cut = await checkForeignCredential(JSON.stringify(credential), { now, resolver: createResolver() });
    assert.deepEqual([cut.answer, cut.code], ['unknown', 'ISSUER_KEY_UNKNOWN']);
  });

  it('fails when the issuer’s document does not list the key for assertions', async () => {
    const credential = await eddsaRdfc2022.sign(
      { ...base, issuer: web.key.controller },
      { signer: web.signer, created },
    );
    const answer = await check(credential, { ...webDocument, assertionMethod: [], authentication: [web.key.id] });
    assert.deepEqual([answer.answer, answer.code], ['fail', 'KEY_NOT_LISTED']);
  });

  it('fails when another DID signed for the issuer', async () => {
    const credential = await eddsaRdfc2022.sign({ ...base, issuer: web.key.controller }, { signer, created });
    assert.equal((await check(credential)).code, 'KEY_CONTROLLER_MISMATCH');
  });

  it('fails when a statement was changed', async () => {
    const credential = await eddsaRdfc2022.sign(base, { signer, created });
    const changed = { ...credential, credentialSubject: { ...base.credentialSubject, name: 'Li Na' } };
    assert.equal((await check(changed)).code, 'SIGNATURE_INVALID');
  });

  const refused: [string, object, string][] = [
    ['not valid yet', { validFrom: '2026-11-21T00:06:00Z' }, 'NOT_YET_VALID'],
    ['expired', { validUntil: '2026-11-20T23:59:59Z' }, 'CREDENTIAL_EXPIRED'],
  ];
  for (const [name, changes, code] of refused)
    it(`refuses one that is ${name}`, async () => {
      assert.equal((await check(await eddsaRdfc2022.sign({ ...base, ...changes }, { signer, created }))).code, code);
    });

  const contexts: [string, unknown][] = [
    ['an unknown context', ['https://www.w3.org/ns/credentials/v2', 'https://evil.example/context']],
    [
      'the context for undefined terms',
      ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/undefined-terms/v2'],
    ],
    [
      'a context of its own that renames what a reader looks for',
      ['https://www.w3.org/ns/credentials/v2', { end: 'https://www.w3.org/2018/credentials#validUntil' }],
    ],
    [
      'a prefix that completes to the base vocabulary',
      ['https://www.w3.org/ns/credentials/v2', { w3: 'https://www.w3.org/2018/' }],
    ],
    [
      'a context that imports another',
      ['https://www.w3.org/ns/credentials/v2', { '@import': 'https://evil.example/context' }],
    ],
    ['VC 2.0 not first', ['https://w3id.org/security/data-integrity/v2', 'https://www.w3.org/ns/credentials/v2']],
    ['no context', undefined],
    ['a context that is no list', 'https://www.w3.org/ns/credentials/v2'],
  ];
  for (const [name, context] of contexts)
    it(`refuses ${name}, and asks nobody for it`, async () => {
      const credential = await eddsaRdfc2022.sign(base, { signer, created });
      assert.equal((await check({ ...credential, '@context': context })).code, 'CONTEXT_NOT_EXACT');
    });

  it('refuses a term no context defines', async () => {
    const credential = await eddsaRdfc2022.sign(base, { signer, created });
    assert.equal((await check({ ...credential, grade: 'A' })).code, 'TERM_UNDEFINED');
  });

  it('refuses a statement moved to a second description of the credential; the library accepts it', async () => {
    const linked = {
      ...base,
      validUntil: '2026-11-01T00:00:00Z',
      relatedResource: { id: base.id, mediaType: 'application/vc', digestMultibase: 'uEiAjCHMnK5' },
    };
    const credential = await eddsaRdfc2022.sign(linked, { signer, created });
    const { validUntil, ...rest } = credential;
    const moved = { ...rest, relatedResource: { ...linked.relatedResource, type: 'VerifiableCredential', validUntil } };
    assert.equal(await libraryVerifies(moved, [key]), true);
    assert.equal((await check(moved)).code, 'CREDENTIAL_SHAPE');
  });

  it('refuses a proof that stands there twice, a suite nobody knows and one the proof is not of', async () => {
    const credential = await eddsaRdfc2022.sign(base, { signer, created });
    assert.equal((await check({ ...credential, proof: [credential.proof, credential.proof] })).code, 'PROOF_COUNT');
    const as = (cryptosuite: string): object => ({ ...credential, proof: { ...credential.proof, cryptosuite } });
    assert.equal((await check(as('bbs-2023'))).code, 'CRYPTOSUITE_UNEXPECTED');
    assert.equal((await check(as('eddsa-jcs-2022'))).code, 'SIGNATURE_INVALID');
    assert.equal((await check(as('ecdsa-rdfc-2019'))).code, 'KEY_TYPE_MISMATCH');
  });
});
