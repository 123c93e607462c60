import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import type { KeyInfo } from '../../keys/custody.js';
import { didDocument } from '../../keys/did-document.js';
import { Keystore } from '../../keys/keystore.js';

const DID = 'did:web:issuer.example';
const CREDENTIAL = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'https://issuer.example/credentials/1',
  type: ['VerifiableCredential'],
  issuer: DID,
  credentialSubject: { id: 'did:example:holder' },
};

function loaderFor(document: ReturnType<typeof didDocument>) {
  return (url: string) => {
    const methods = document['verificationMethod'] as { id: string }[];
    const method = methods.find(({ id }) => id === url);
    const found = url === DID ? document : method && { '@context': 'https://w3id.org/security/multikey/v1', ...method };
    const result = found ?? contexts.get(url);
    if (result === undefined) return Promise.reject(new Error(`not loaded: ${url}`));
    return Promise.resolve({ contextUrl: null, documentUrl: url, document: result });
  };
}

describe('DID document', () => {
  let directory: string;
  let keystore: Keystore;
  let first: KeyInfo;
  let signed: object;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yizheng-did-'));
    keystore = await Keystore.create(join(directory, 'k'), 'correct horse', { now: '2026-11-21T08:00:00Z' });
    first = await keystore.createKey({ controller: DID, purpose: 'assertion', now: '2026-11-21T08:00:00Z' });
    await keystore.createKey({ controller: DID, purpose: 'audit', now: '2026-11-21T08:00:00Z' });
    await keystore.createKey({ controller: `${DID}:other`, purpose: 'assertion', now: '2026-11-21T08:00:00Z' });
    const suite = new DataIntegrityProof({ signer: keystore.signer(first.id), cryptosuite });
    const documentLoader = loaderFor(didDocument(DID, keystore.list()));
    signed = await vc.issue({ credential: structuredClone(CREDENTIAL), suite, documentLoader });
  });
  after(() => rm(directory, { recursive: true }));

  const verified = async (): Promise<boolean> => {
    const documentLoader = loaderFor(didDocument(DID, keystore.list()));
    const suite = new DataIntegrityProof({ cryptosuite });
    return (await vc.verifyCredential({ credential: signed, suite, documentLoader })).verified;
  };

  it('lists the keys of this DID only, and lets only assertion keys sign credentials', () => {
    const service = { id: `${DID}#whois`, type: ['WhoisService'], serviceEndpoint: 'https://issuer.example/whois.vp' };
    const document = didDocument(DID, keystore.list(), { services: [service] });
    assert.deepEqual(document, {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: DID,
      verificationMethod: keystore.list({ controller: DID }).map(({ id, publicKeyMultibase }) => ({
        id,
        type: 'Multikey',
        controller: DID,
        publicKeyMultibase,
      })),
      assertionMethod: [`${DID}#key-1`],
      service: [service],
    });
  });

  it('lets plain @digitalbazaar/vc verify with the active key, with it retired, and no more when compromised', async () => {
    assert.equal(await verified(), true);
    const { active } = await keystore.rotate(DID, 'assertion', '2026-11-22T08:00:00Z');
    assert.equal(await verified(), true);
    const retired = didDocument(DID, keystore.list());
    assert.deepEqual(retired['assertionMethod'], [first.id, active.id]);
    assert.equal((retired['verificationMethod'] as { expires?: string }[])[0]?.expires, '2026-11-22T08:00:01Z');
    await keystore.compromise(first.id, '2026-11-21T09:00:00Z', '2026-11-23T08:00:00Z');
    assert.equal(await verified(), false);
    const document = didDocument(DID, keystore.list());
    assert.deepEqual(document['assertionMethod'], [active.id]);
    const [method] = document['verificationMethod'] as { id: string; revoked?: string }[];
    assert.equal(method?.id, first.id);
    assert.equal(method.revoked, '2026-11-21T09:00:00Z');
  });
});
