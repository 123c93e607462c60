import assert from 'node:assert/strict';
import { didWebDocumentUrl, didWebOf, didWebUrl } from '../../shared/did/did-web-url.js';

describe('[DID-WEB §2.5] did:web addresses', () => {
  const good: [string, string, string][] = [
    ['did:web:issuer.example', 'https://issuer.example', 'https://issuer.example/.well-known/did.json'],
    ['did:web:issuer.example:a:b', 'https://issuer.example/a/b', 'https://issuer.example/a/b/did.json'],
    ['did:web:issuer.example%3A8443:a', 'https://issuer.example:8443/a', 'https://issuer.example:8443/a/did.json'],
    ['did:web:localhost%3A8701:x', 'http://localhost:8701/x', 'http://localhost:8701/x/did.json'],
  ];
  for (const [did, url, document] of good)
    it(`finds the document of ${did}`, () => {
      assert.deepEqual([didWebUrl(did), didWebDocumentUrl(did), didWebOf(url)], [url, document, did]);
    });

  for (const did of [
    'did:web:',
    'did:web:issuer.example:',
    'did:web:issuer.example#key',
    'did:web:issuer.example/path',
    'did:web:issuer.example?x',
    'did:web:issuer.example%40evil.example',
    'did:web:Issuer.example',
    'did:web:issuer.example:a%2Fb',
    'did:web:127.0.0.1@x',
    'did:key:z6Mk',
  ])
    it(`refuses ${did}`, () => {
      assert.throws(() => didWebUrl(did), { code: 'DID_NOT_WEB' });
      assert.throws(() => didWebDocumentUrl(did), { code: 'DID_NOT_WEB' });
    });
});
