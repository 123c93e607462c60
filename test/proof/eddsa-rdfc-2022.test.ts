import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { from } from '@digitalbazaar/ed25519-multikey';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential } from '@digitalbazaar/vc';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { CERTIFICATE_CONTEXT, CERTIFICATE_CONTEXT_URL } from '../../shared/certificate/context.js';
import { buildCredential, certificateCredentialSchema } from '../../shared/certificate/credential.js';
import { KIND_IDS, type KindId } from '../../shared/certificate/kind.js';
import { encodeMultikey } from '../../shared/did/multikey.js';
import { staticContexts } from '../../shared/proof/contexts.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { verifyWithSecondImplementation } from '../../shared/proof/second-implementation.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { testKey } from './keys.js';

const { signer, key } = testKey(ISSUER, 1);
const created = '2026-11-20T08:30:00Z';
const signed = (kind?: KindId, changes?: object) =>
  eddsaRdfc2022.sign(buildCredential(sampleRecord(kind, changes)), { signer, created });

describe('[VC-DI-EDDSA §3.2] eddsa-rdfc-2022', () => {
  for (const kind of KIND_IDS)
    it(`signs a ${kind} certificate that plain @digitalbazaar/vc verifies, given our context and the DID document`, async () => {
      const documents = new Map<string, object>([
        [CERTIFICATE_CONTEXT_URL, CERTIFICATE_CONTEXT],
        [
          key.id,
          {
            '@context': 'https://w3id.org/security/multikey/v1',
            id: key.id,
            type: 'Multikey',
            controller: ISSUER,
            publicKeyMultibase: key.publicKeyMultibase,
          },
        ],
        [ISSUER, { '@context': 'https://www.w3.org/ns/did/v1', id: ISSUER, assertionMethod: [key.id] }],
      ]);
      const result = await verifyCredential({
        credential: await signed(kind),
        suite: new DataIntegrityProof({ cryptosuite }),
        documentLoader: (url) => {
          const document = documents.get(url) ?? staticContexts.get(url);
          assert.ok(document, `the library asked for ${url}`);
          return Promise.resolve({ contextUrl: null, documentUrl: url, document });
        },
        checkStatus: () => Promise.resolve({ verified: true }),
        now: '2026-11-21T00:00:00Z',
      });
      assert.equal(result.verified, true, JSON.stringify(result.error));
    });

  it('puts the proof last, its members in the order of the schema, and leaves the input alone', async () => {
    const unsigned = buildCredential(sampleRecord());
    const before = JSON.stringify(unsigned);
    const result = await eddsaRdfc2022.sign(unsigned, { signer, created });
    assert.equal(JSON.stringify(unsigned), before);
    assert.equal(Object.keys(result).at(-1), 'proof');
    assert.deepEqual(Object.keys(result.proof), Object.keys(certificateCredentialSchema.shape.proof.shape));
    assert.equal(result.proof['created'], created);
  });

  it('gives the same bytes again for the same input', async () => {
    assert.equal(JSON.stringify(await signed()), JSON.stringify(await signed()));
  });

  for (const wrong of ['2026-11-20T08:30:00.5Z', '2026-11-20T16:30:00+08:00', '2026-13-20T08:30:00Z', 'now'])
    it(`refuses ${wrong} as time of a proof`, () =>
      assert.rejects(eddsaRdfc2022.sign(buildCredential(sampleRecord()), { signer, created: wrong }), {
        code: 'PROOF_CREATED_FORMAT',
      }));

  it('refuses to sign what is signed', async () => {
    const once = await signed();
    await assert.rejects(eddsaRdfc2022.sign(once, { signer, created }), { code: 'PROOF_EXISTS' });
  });

  it('refuses to sign a term no context defines', () =>
    assert.rejects(eddsaRdfc2022.sign({ ...buildCredential(sampleRecord()), grade: 'A' }, { signer, created })));

  it('refuses a proof of another key, and a key of another issuer', async () => {
    const credential = await signed();
    const other = testKey(ISSUER, 2).key;
    assert.equal(await eddsaRdfc2022.verifySignature(credential, key), true);
    assert.equal(await eddsaRdfc2022.verifySignature(credential, other), false);
    assert.equal(await eddsaRdfc2022.verifySignature(credential, { ...other, id: key.id }), false);
    const elsewhere = 'did:web:evil.example';
    assert.equal(await eddsaRdfc2022.verifySignature(credential, { ...key, controller: elsewhere }), false);
  });

  it('agrees with the second implementation, on good certificates and on changed ones', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...KIND_IDS),
        fc.stringMatching(/^[一-龥A-Za-z"\\<>&·]{1,12}$/),
        fc.integer({ min: 0, max: 131_071 }),
        fc.constantFrom('none', 'name', 'proofValue', 'created', 'status'),
        async (kind, name, index, change) => {
          const credential = await signed(kind, {
            holder: { name, identityDocumentType: 'passport', identityDocumentLastFour: '12A4' },
            status: { list: 1, index },
          });
          const { proof, credentialSubject, credentialStatus } = credential;
          const changed = structuredClone(
            {
              none: credential,
              name: { ...credential, credentialSubject: { ...credentialSubject, name: `${name}甲` } },
              proofValue: {
                ...credential,
                proof: { ...proof, proofValue: otherLastCharacter(proof['proofValue'] as string) },
              },
              created: { ...credential, proof: { ...proof, created: '2026-11-20T08:30:01Z' } },
              status: {
                ...credential,
                credentialStatus: [{ ...credentialStatus[0], statusListIndex: String(index + 1) }, credentialStatus[1]],
              },
            }[change],
          );
          const verdicts = [
            await eddsaRdfc2022.verifySignature(changed, key),
            await verifyWithSecondImplementation(changed, key),
          ];
          assert.deepEqual(verdicts, [change === 'none', change === 'none']);
        },
      ),
      { numRuns: 40 },
    ));
});

describe('[JWS §3.1 of RFC 8037] Ed25519 on the Wycheproof vectors (corpus 01)', () => {
  interface Case {
    name: string;
    input: { publicKeyHex: string; msgHex: string; sigHex: string };
    expected: 'accept' | 'reject';
  }
  const path = '../shared/corpus/01-wycheproof-ed25519.json';
  const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

  it('both implementations accept what must be accepted and refuse what must be refused', async function () {
    if (!existsSync(path)) this.skip();
    const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };
    assert.ok(cases.some((one) => one.expected === 'accept') && cases.some((one) => one.expected === 'reject'));
    for (const { name, input, expected } of cases) {
      const publicKey = bytes(input.publicKeyHex);
      const publicKeyMultibase = encodeMultikey({ algorithm: 'Ed25519', bytes: publicKey });
      const data = bytes(input.msgHex);
      const signature = bytes(input.sigHex);
      const library = await from({
        type: 'Multikey',
        publicKeyMultibase,
        id: 'did:example:a#b',
        controller: 'did:example:a',
      });
      const accepts = [
        await library.verifier().verify({ data, signature }),
        signature.length === 64 && ed25519.verify(signature, data, publicKey, { zip215: false }),
      ];
      assert.deepEqual(accepts, [expected === 'accept', expected === 'accept'], name);
    }
  });
});

/** The text with another last character of base58btc, whichever it had. */
function otherLastCharacter(text: string): string {
  return `${text.slice(0, -1)}${text.endsWith('1') ? '2' : '1'}`;
}
