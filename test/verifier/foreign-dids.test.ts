import { strict as assert } from 'node:assert';
import { CREDENTIALS_V2_URL } from '../../shared/certificate/context.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { createForeignDids } from '../../verifier/foreign-dids.js';
import { testKey } from '../proof/keys.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { startInformedVerifier, type RunningVerifier } from './service.js';

const SILENT = (): Promise<never> => new Promise(() => undefined);

async function foreign(did: string): Promise<JsonObject> {
  const { signer } = testKey(did, 5);
  const credential = await eddsaRdfc2022.sign(
    {
      '@context': [CREDENTIALS_V2_URL],
      type: ['VerifiableCredential'],
      issuer: did,
      credentialSubject: { id: 'did:web:somebody.example' },
    },
    { signer, created: '2026-11-20T09:00:00Z' },
  );
  return JSON.parse(JSON.stringify(credential)) as JsonObject;
}

function documentOf(did: string): Uint8Array {
  const { id, controller, publicKeyMultibase } = testKey(did, 5).key;
  const method = { id, type: 'Multikey', controller, publicKeyMultibase };
  return Buffer.from(JSON.stringify({ id: did, verificationMethod: [method], assertionMethod: [id] }));
}

describe('verifier: the DIDs of others', () => {
  let verifier: RunningVerifier | undefined;
  afterEach(async () => {
    await verifier?.stop();
    verifier = undefined;
  });

  async function verify(verifiableCredential: object): Promise<{ status: number; code?: string; verified?: boolean }> {
    const response = await fetch(`${verifier?.url ?? ''}/credentials/verify`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ verifiableCredential }),
    });
    return { status: response.status, ...((await response.json()) as { code?: string; verified?: boolean }) };
  }

  it('asks no host that a stranger names, unless it was told to (F7)', async () => {
    const asked: string[] = [];
    const web = (url: string): Promise<{ status: number; body: Uint8Array }> => {
      asked.push(url);
      return Promise.resolve({ status: 200, body: documentOf('did:web:school.example') });
    };
    verifier = await startInformedVerifier({ fetch: web });
    const credential = await foreign('did:web:school.example');
    const closed = await verify(credential);
    assert.deepEqual([closed.status, closed.code, asked], [422, 'ISSUER_KEY_UNKNOWN', []]);
    await verifier.stop();
    verifier = await startInformedVerifier({ fetch: web, resolveForeignDids: true });
    assert.deepEqual([(await verify(credential)).verified, (await verify(credential)).status], [true, 200]);
    assert.deepEqual(asked, ['https://school.example/.well-known/did.json'], 'asked once');
    assert.equal((await verify((await signedSample()).credential)).verified, true);
    assert.equal(asked.length, 1, 'our own certificates ask nobody');
  });

  it('a silent host holds up nobody else: certificates are verified meanwhile, and it is given up after two seconds', async () => {
    verifier = await startInformedVerifier({ fetch: SILENT, resolveForeignDids: true });
    const { credential } = await signedSample();
    assert.equal((await verify(credential)).verified, true);
    const hostile = await foreign('did:web:slow.example');
    let ended = 0;
    const others = Array.from({ length: 10 }, async () => {
      const answer = await verify(hostile);
      ended++;
      return answer;
    });
    assert.equal((await verify(credential)).verified, true);
    assert.equal(ended, 0, 'the certificate came after the silent ones and was answered before any of them');
    const started = Date.now();
    for (const { status, code } of await Promise.all(others))
      assert.deepEqual([status, code], [422, 'ISSUER_KEY_UNKNOWN']);
    assert.ok(Date.now() - started < 6000);
    const again = Date.now();
    assert.equal((await verify(hostile)).code, 'ISSUER_KEY_UNKNOWN');
    assert.ok(Date.now() - again < 1900, 'that it does not answer is remembered for a while');
  });

  it('asks few hosts at once and for one request, and says it is busy instead of queueing more', async () => {
    let asked = 0;
    const dids = createForeignDids(
      () => {
        asked++;
        return SILENT();
      },
      { atOnce: 2, perRequest: 2, resolveMs: 50, keepMs: 10_000 },
    );
    const shown = await Promise.all([1, 2, 3].map((n) => foreign(`did:web:slow${n}.example`)));
    const many = dids.documentsFor({ verifiableCredential: shown });
    await assert.rejects(dids.documentsFor(await foreign('did:web:other.example')), {
      code: 'VERIFIER_BUSY',
      status: 503,
    });
    assert.deepEqual(Object.keys(await many), ['did:web:slow1.example', 'did:web:slow2.example']);
    assert.equal(asked, 2);
    const after = await dids.documentsFor(await foreign('did:web:other.example'));
    assert.equal(after['did:web:other.example']?.didDocument, null);
  });
});
