import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import jsonld from 'jsonld';
import { buildCredential } from '../../shared/certificate/credential.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { CONTEXT_DIGESTS, staticContexts } from '../../shared/proof/contexts.js';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';
import { sampleRecord } from '../certificate/sample-records.js';

describe('bundled JSON-LD contexts', () => {
  it('are exactly those whose digest is pinned', () => {
    assert.deepEqual([...staticContexts.keys()], [...CONTEXT_DIGESTS.keys()]);
    for (const [url, context] of staticContexts)
      assert.equal(createHash('sha256').update(JSON.stringify(context)).digest('hex'), CONTEXT_DIGESTS.get(url), url);
  });

  for (const kind of KIND_IDS)
    it(`define every term of a ${kind} certificate, together with VC 2.0, in safe mode`, async () => {
      const credential = buildCredential(sampleRecord(kind));
      const options = { documentLoader: createDocumentLoader(), safe: true, base: null };
      const [expanded] = await jsonld.expand(credential, options);
      assert.deepEqual(expanded?.['@type'], [
        'https://www.w3.org/2018/credentials#VerifiableCredential',
        `https://yizheng.example/ns/v1#${credential.type[1]}`,
      ]);
      await assert.rejects(jsonld.expand({ ...credential, unheardOf: 'x' }, options), /[Ss]afe mode/);
    });
});
