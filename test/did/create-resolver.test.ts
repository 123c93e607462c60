import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { base58, base64urlnopad } from '@scure/base';
import { createResolver } from '../../shared/did/create-resolver.js';
import { encodeMultikey } from '../../shared/did/multikey.js';

const DID = 'did:web:issuer.example:institutions:a';
const multibase = encodeMultikey({ algorithm: 'Ed25519', bytes: ed25519.getPublicKey(new Uint8Array(32).fill(7)) });
const jwkDid = (jwk: object) => `did:jwk:${base64urlnopad.encode(new TextEncoder().encode(JSON.stringify(jwk)))}`;
const x25519 = `did:key:z${base58.encode(Uint8Array.of(0xec, 0x01, ...new Uint8Array(32).fill(9)))}`;

describe('createResolver', () => {
  const resolver = createResolver();

  it('[DID-KEY §3.1] resolves did:key to one Multikey for assertion and authentication', async () => {
    const did = `did:key:${multibase}`;
    const id = `${did}#${multibase}`;
    const { didDocument } = await resolver.resolve(did);
    assert.deepEqual(didDocument?.verificationMethod, [
      { id, type: 'Multikey', controller: did, publicKeyMultibase: multibase },
    ]);
    assert.deepEqual([didDocument.assertionMethod, didDocument.authentication], [[id], [id]]);
  });

  it('[DID-JWK §2] resolves did:jwk of Ed25519 and P-256', async () => {
    const point = p256.Point.BASE.toBytes(false);
    for (const jwk of [
      { kty: 'OKP', crv: 'Ed25519', x: base64urlnopad.encode(ed25519.getPublicKey(new Uint8Array(32).fill(7))) },
      {
        kty: 'EC',
        crv: 'P-256',
        x: base64urlnopad.encode(point.slice(1, 33)),
        y: base64urlnopad.encode(point.slice(33)),
      },
    ]) {
      const did = jwkDid(jwk);
      const { didDocument } = await resolver.resolve(did);
      assert.deepEqual(didDocument?.verificationMethod?.[0]?.publicKeyJwk, jwk);
      assert.deepEqual(didDocument.assertionMethod, [`${did}#0`]);
    }
  });

  const none: [string, string, string][] = [
    ['a key that cannot sign', x25519, 'notFound'],
    ['a did:key that is none', 'did:key:abc', 'invalidDid'],
    ['a did:key of 33 bytes', `did:key:z${base58.encode(Uint8Array.of(0xed, 1, ...new Uint8Array(33)))}`, 'notFound'],
    ['a did:jwk with a private key', jwkDid({ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), d: 'A' }), 'notFound'],
    ['a did:jwk off its curve', jwkDid({ kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }), 'notFound'],
    ['a symmetric did:jwk', jwkDid({ kty: 'oct', k: 'AAAA' }), 'notFound'],
    ['a did:jwk that is no JSON', `did:jwk:${base64urlnopad.encode(Uint8Array.of(1, 2, 3))}`, 'notFound'],
    ['a did:jwk with padding', 'did:jwk:e30=', 'invalidDid'],
    ['did:web without a fetcher', DID, 'unsupportedDidMethod'],
    ['another method', 'did:ion:abc', 'unsupportedDidMethod'],
    ['no DID', 'https://issuer.example', 'invalidDid'],
    ['a DID of 10,000 characters', `did:key:z${'1'.repeat(10_000)}`, 'invalidDid'],
  ];
  for (const [name, did, error] of none)
    it(`finds no document for ${name}`, async () => {
      const { didDocument, didResolutionMetadata } = await resolver.resolve(did);
      assert.deepEqual([didDocument, didResolutionMetadata.error], [null, error]);
    });

  describe('[DID-WEB §2.5] did:web', () => {
    const document = {
      id: DID,
      verificationMethod: [{ id: `${DID}#k`, type: 'Multikey', controller: DID, publicKeyMultibase: multibase }],
      assertionMethod: [`${DID}#k`],
    };
    const resolve = async (body: unknown, did = DID) => {
      const asked: string[] = [];
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const { didDocument, didResolutionMetadata } = await createResolver({
        fetchDidDocument: (url) => {
          asked.push(url);
          return Promise.resolve(new TextEncoder().encode(text));
        },
      }).resolve(did);
      return {
        asked,
        didDocument,
        error: didResolutionMetadata.error,
        code: didResolutionMetadata['message'] as unknown,
      };
    };

    it('reads the document below the DID’s path', async () => {
      const { asked, didDocument } = await resolve(document);
      assert.deepEqual(asked, ['https://issuer.example/institutions/a/did.json']);
      assert.deepEqual(didDocument, document);
    });

    const refused: [string, unknown, string][] = [
      ['of another DID', { ...document, id: 'did:web:evil.example' }, 'DID_DOCUMENT_ID'],
      ['without id', { assertionMethod: [] }, 'DID_DOCUMENT_SCHEMA'],
      ['whose keys are no list', { ...document, verificationMethod: {} }, 'DID_DOCUMENT_SCHEMA'],
      ['with a duplicate member', `{"id":"did:web:evil.example","id":"${DID}"}`, 'JSON_DUPLICATE_KEY'],
      ['of 70 KB', { ...document, note: 'x'.repeat(70_000) }, 'JSON_TOO_LARGE'],
      ['that is a web page', '<html>', 'JSON_SYNTAX'],
    ];
    for (const [name, body, code] of refused)
      it(`refuses a document ${name}, and hands none on`, async () => {
        const answer = await resolve(body);
        assert.deepEqual([answer.didDocument, answer.error, answer.code], [null, 'notFound', code]);
      });

    for (const did of [
      'did:web:issuer.example%2F..',
      'did:web:issuer.example:..%2f..',
      'did:web:user%40issuer.example',
      'did:web:ISSUER.example',
      'did:web:issuer.example%3A99999999',
    ])
      it(`asks nobody for ${did}`, async () => {
        const answer = await resolve(document, did);
        assert.deepEqual([answer.asked, answer.didDocument, answer.error], [[], null, 'invalidDid']);
      });

    it('takes a failed fetch for "no document"', async () => {
      const failing = createResolver({ fetchDidDocument: () => Promise.reject(new Error('ECONNREFUSED')) });
      const { didDocument, didResolutionMetadata } = await failing.resolve(DID);
      assert.deepEqual([didDocument, didResolutionMetadata.error], [null, 'notFound']);
    });
  });

  it('[DID-KEY §3.1] follows the did:key vectors (corpus 27): our key types resolve, no other key may sign', async function () {
    const path = '../shared/corpus/27-did-key-vectors.json';
    if (!existsSync(path)) this.skip();
    const { cases } = JSON.parse(readFileSync(path, 'utf8')) as {
      cases: { name: string; input: { did: string }; expected: 'accept' | 'either' | 'reject' }[];
    };
    const seen = new Set<string>();
    for (const { name, input, expected } of cases) {
      const { didDocument, didResolutionMetadata } = await resolver.resolve(input.did);
      const ours = /^did:key:(?:z6Mk|zDn|z82)/.test(input.did);
      seen.add(`${expected} ${ours}`);
      if (expected === 'accept') assert.equal(didDocument?.id, input.did, name);
      if (expected === 'reject' || !ours) assert.ok(didDocument === null && didResolutionMetadata.error, name);
      if (didDocument) assert.deepEqual(didDocument.assertionMethod, [`${input.did}#${input.did.slice(8)}`], name);
    }
    assert.ok(seen.has('accept true') && seen.has('reject false'), [...seen].join());
  });
});
