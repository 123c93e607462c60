import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { canonize } from 'rdf-canonize';
import { createResolver } from '../../shared/did/create-resolver.js';
import { jwkOfPublicKey, decodeMultikey } from '../../shared/did/multikey.js';
import { findVerificationMethod } from '../../shared/did/verification-method.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { canonicalJson } from '../../shared/proof/data-integrity/canonicalise.js';

function read(name: string): unknown {
  return JSON.parse(readFileSync(`test/standards/vectors/${name}.json`, 'utf8'));
}

describe('[JCS §3.2] canonical JSON', () => {
  interface Jcs {
    documents: { name: string; input: string; output: string }[];
    numbers: [hex: string, text: string][];
    refused: string[];
  }
  const { documents, numbers, refused } = read('jcs') as Jcs;
  const numberOf = (hex: string) => Buffer.from(hex, 'hex').readDoubleBE();

  for (const { name, input, output } of documents)
    it(`[JCS ${name}] writes the published example`, () => {
      assert.equal(canonicalJson(JSON.parse(input) as JsonObject), output);
    });

  it('[JCS §B] writes every published number', () => {
    for (const [hex, text] of numbers) assert.equal(canonicalJson({ n: numberOf(hex) }), `{"n":${text}}`, hex);
  });

  it('[JCS §3.2.2.3] refuses NaN and Infinity', () => {
    for (const hex of refused) assert.throws(() => canonicalJson({ n: numberOf(hex) }));
  });
});

describe('[RDFC §4] canonical N-Quads', () => {
  const { datasets } = read('rdfc') as { datasets: { name: string; input: string; output: string }[] };
  const canonical = (input: string) =>
    canonize(input, { algorithm: 'RDFC-1.0', inputFormat: 'application/n-quads', format: 'application/n-quads' });

  for (const { name, input, output } of datasets)
    it(`[RDFC §4.4] gives the published dataset of ${name}, in whatever order it comes`, async () => {
      assert.equal(await canonical(input), output);
      const reversed = input.trimEnd().split('\n').reverse().join('\n');
      assert.equal(await canonical(`${reversed}\n`), output);
      assert.equal(await canonical(input.replaceAll('_:e', '_:other')), output);
    });
});

describe('[DID-CORE §7] published DIDs', () => {
  interface Dids {
    keys: { did: string; jwk: object }[];
    unsupported: string[];
    jwk: { did: string; jwk: object };
  }
  const { keys, unsupported, jwk } = read('did') as Dids;
  const resolver = createResolver();
  const keyOf = async (did: string, fragment: string) => {
    const { didDocument } = await resolver.resolve(did);
    assert.ok(didDocument);
    const method = findVerificationMethod(didDocument, `${did}#${fragment}`, 'assertionMethod');
    return jwkOfPublicKey(decodeMultikey(method.publicKeyMultibase));
  };

  for (const { did, jwk: expected } of keys)
    it(`[DID-KEY §3.1] ${did.slice(0, 20)}… holds the published key`, async () => {
      assert.deepEqual(await keyOf(did, did.slice('did:key:'.length)), expected);
    });

  it('[DID-JWK §4] the published did:jwk holds the published key', async () => {
    assert.deepEqual(await keyOf(jwk.did, '0'), jwk.jwk);
  });

  it('[DID-KEY §3.1] keys of kinds we do not sign with resolve to nothing', async () => {
    for (const did of unsupported) {
      const { didDocument, didResolutionMetadata } = await resolver.resolve(did);
      assert.equal(didDocument, null);
      assert.equal(didResolutionMetadata.error, 'notFound');
    }
  });
});
