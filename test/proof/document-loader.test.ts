import assert from 'node:assert/strict';
import type { DIDDocument, DIDResolutionResult, Resolvable } from 'did-resolver';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';
import { ISSUER } from '../certificate/sample-records.js';
import { testKey } from './keys.js';

const { key } = testKey(ISSUER, 1);
const evil = testKey('did:web:evil.example', 2).key;
const method = { id: key.id, type: 'Multikey', controller: ISSUER, publicKeyMultibase: key.publicKeyMultibase };
const good: DIDDocument = { id: ISSUER, verificationMethod: [method], assertionMethod: [key.id] };

function serving(didDocument: DIDDocument, error?: string): Resolvable {
  const result: DIDResolutionResult = {
    didResolutionMetadata: error === undefined ? {} : { error },
    didDocument,
    didDocumentMetadata: {},
  };
  return { resolve: () => Promise.resolve(result) };
}

const load = (didDocument: DIDDocument, error?: string) =>
  createDocumentLoader({ resolver: serving(didDocument, error) })(key.id);

describe('document loader', () => {
  it('loads a key its controller lists', async () => {
    const { document } = await load(good);
    assert.deepEqual({ ...document, '@context': undefined }, { ...method, '@context': undefined });
  });

  it('names as controller only a key it has checked', async () => {
    const loader = createDocumentLoader({ resolver: serving(good) });
    assert.deepEqual((await loader(ISSUER)).document, {
      '@context': 'https://www.w3.org/ns/did/v1',
      id: ISSUER,
      verificationMethod: [],
      assertionMethod: [],
    });
    await loader(key.id);
    assert.deepEqual((await loader(ISSUER)).document, {
      '@context': 'https://www.w3.org/ns/did/v1',
      id: ISSUER,
      verificationMethod: [method],
      assertionMethod: [key.id],
    });
  });

  for (const url of [
    'https://www.w3.org/ns/credentials/undefined-terms/v2',
    'http://127.0.0.1:1/x',
    'HTTPS://evil.example',
  ])
    it(`refuses the web address ${url}`, () =>
      assert.rejects(createDocumentLoader({ resolver: serving(good) })(url), { code: 'CONTEXT_UNKNOWN' }));

  for (const url of ['file:///etc/passwd', 'data:application/json,{}', 'urn:x', 'ISSUER', ''])
    it(`refuses to load ${JSON.stringify(url)}`, () =>
      assert.rejects(createDocumentLoader({ resolver: serving(good) })(url), { code: 'URL_NOT_ALLOWED' }));

  it('loads no DID without a resolver', () =>
    assert.rejects(createDocumentLoader()(key.id), { code: 'URL_NOT_ALLOWED' }));

  it('takes an error of the resolver for "no document", whatever document came with it', () =>
    assert.rejects(load(good, 'notFound'), { code: 'DID_NOT_RESOLVED' }));

  it('refuses the document of another DID', () =>
    assert.rejects(load({ ...good, id: evil.controller }), { code: 'DID_DOCUMENT_ID' }));

  it('refuses a key under another id, even with the same fragment', () =>
    assert.rejects(
      load({ ...good, verificationMethod: [{ ...method, id: key.id.replace(ISSUER, evil.controller) }] }),
      { code: 'KEY_NOT_LISTED' },
    ));

  it('refuses a key that another DID controls', () =>
    assert.rejects(load({ ...good, verificationMethod: [{ ...method, controller: evil.controller }] }), {
      code: 'KEY_CONTROLLER_MISMATCH',
    }));

  it('refuses a key that is not listed for the purpose', () =>
    assert.rejects(load({ id: ISSUER, verificationMethod: [method], authentication: [key.id] }), {
      code: 'KEY_NOT_LISTED',
    }));

  it('refuses a key it cannot read', () =>
    assert.rejects(load({ ...good, verificationMethod: [{ ...method, publicKeyMultibase: 'z6LSbad' }] }), {
      code: 'KEY_FORMAT',
    }));
});
