import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { signPresentation } from '@digitalbazaar/vc';
import type { CertificateCredential } from '../../shared/certificate/credential.js';
import { CREDENTIALS_V2_URL } from '../../shared/certificate/context.js';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { testKey } from '../proof/keys.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { startInformedVerifier, type RunningVerifier } from './service.js';

const CORPUS = '../shared/corpus/10-jsontestsuite.json';
const first = testKey('did:key:unused', 9).key.publicKeyMultibase;
const HOLDER = `did:key:${first}`;
const holderKey = testKey(HOLDER, 9);
holderKey.signer.id = `${HOLDER}#${first}`;

interface Answer {
  status: number;
  type: string;
  body: { verified?: boolean; code?: string; problems?: { code: string; question?: string }[]; holder?: string };
}

describe('verifier: VC-API', () => {
  let verifier: RunningVerifier;
  let credential: CertificateCredential;

  before(async () => {
    verifier = await startInformedVerifier();
    ({ credential } = await signedSample('skill-level', { holder: { ...(await holderOf()), id: HOLDER } }));
  });
  after(() => verifier.stop());

  async function holderOf(): Promise<object> {
    return (await signedSample()).record.holder;
  }

  async function post(path: string, body: unknown): Promise<Answer> {
    const response = await fetch(`${verifier.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, body: (await response.json()) as Answer['body'] };
  }

  async function foreign(changes: object = {}): Promise<object> {
    return eddsaRdfc2022.sign(
      {
        '@context': [CREDENTIALS_V2_URL],
        type: ['VerifiableCredential'],
        issuer: HOLDER,
        credentialSubject: { id: HOLDER },
        ...changes,
      },
      { signer: holderKey.signer, created: '2026-11-20T09:00:00Z' },
    );
  }

  async function presented(challenge: string, verifiableCredential: object): Promise<object> {
    return signPresentation({
      presentation: {
        '@context': [CREDENTIALS_V2_URL],
        type: ['VerifiablePresentation'],
        holder: HOLDER,
        verifiableCredential: [verifiableCredential],
      },
      suite: new DataIntegrityProof({ signer: holderKey.signer, date: '2026-11-20T09:59:00Z', cryptosuite }),
      challenge,
      domain: 'verify.example',
      documentLoader: createDocumentLoader(),
    });
  }

  it('verifies one of our certificates: 200 and verified true', async () => {
    const answer = await post('/credentials/verify', {
      verifiableCredential: credential,
      options: { checks: ['proof'] },
    });
    assert.deepEqual([answer.status, answer.body.verified], [200, true]);
  });

  it('never answers 200 with verified false: a changed certificate is 422 with each reason named', async () => {
    const answer = await post('/credentials/verify', {
      verifiableCredential: { ...credential, validFrom: '2026-11-19T00:00:00+08:00' },
    });
    assert.equal(answer.status, 422);
    assert.match(answer.type, /problem\+json/);
    assert.equal(answer.body.verified, false);
    assert.equal(answer.body.problems?.[0]?.question, 'authentic');
  });

  it('does not call a certificate verified whose issuer is unknown', async () => {
    const stranger = await eddsaRdfc2022.sign(
      JSON.parse(JSON.stringify({ ...credential, proof: undefined })) as object,
      {
        signer: testKey('did:web:issuer.example:institutions:S000051000123', 77).signer,
        created: '2026-11-20T08:00:00Z',
      },
    );
    const answer = await post('/credentials/verify', { verifiableCredential: stranger });
    assert.equal(answer.status, 422);
    assert.notEqual(answer.body.verified, true);
  });

  it('verifies a plain VC 2.0 of a did:key issuer, and refuses it changed or with a status it could not ask for', async () => {
    const good = await foreign();
    assert.deepEqual(
      (({ status, body }) => [status, body.verified])(
        await post('/credentials/verify', { verifiableCredential: good }),
      ),
      [200, true],
    );
    const wrong = await post('/credentials/verify', {
      verifiableCredential: { ...good, validFrom: '2026-01-01T00:00:00Z' },
    });
    assert.deepEqual([wrong.status, wrong.body.code], [422, 'SIGNATURE_INVALID']);
    const status = await foreign({
      credentialStatus: {
        id: 'https://list.example/1#7',
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: '7',
        statusListCredential: 'https://list.example/1',
      },
    });
    const unknown = await post('/credentials/verify', { verifiableCredential: status });
    assert.deepEqual([unknown.status, unknown.body.code], [422, 'STATUS_LIST_UNKNOWN']);
  });

  it('verifies a presentation by the holder for the challenge asked, and no other challenge, domain or holder', async () => {
    const shown = await presented('c-1', credential);
    const options = { challenge: 'c-1', domain: 'verify.example' };
    const good = await post('/presentations/verify', { verifiablePresentation: shown, options });
    assert.deepEqual([good.status, good.body.verified, good.body.holder], [200, true, HOLDER]);
    const replayed = await post('/presentations/verify', {
      verifiablePresentation: shown,
      options: { ...options, challenge: 'c-2' },
    });
    assert.deepEqual([replayed.status, replayed.body.code], [422, 'CHALLENGE_MISMATCH']);
    const elsewhere = await post('/presentations/verify', {
      verifiablePresentation: shown,
      options: { ...options, domain: 'evil.example' },
    });
    assert.deepEqual([elsewhere.status, elsewhere.body.code], [422, 'DOMAIN_MISMATCH']);
    const bearer = await presented('c-1', (await signedSample()).credential);
    const stolen = await post('/presentations/verify', { verifiablePresentation: bearer, options });
    assert.deepEqual([stolen.status, stolen.body.code], [422, 'SUBJECT_NOT_HOLDER']);
    const unasked = await post('/presentations/verify', { verifiablePresentation: shown, options: {} });
    assert.deepEqual([unasked.status, unasked.body.code], [422, 'CHALLENGE_MISSING']);
  });

  it('refuses malformed requests with 400, 413, 415 or 422 and never fails inside', async () => {
    const deep = JSON.stringify({
      verifiableCredential: { a: JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown },
    });
    const nodes = { verifiableCredential: { a: Array.from({ length: 10_000 }, () => ({})) } };
    for (const [body, statuses] of [
      ['', [400]],
      ['{', [400]],
      ['null', [400]],
      ['{}', [400]],
      [{ verifiableCredential: [] }, [400]],
      [{ verifiableCredential: 'eyJhbGciOiJFUzI1NiJ9' }, [400]],
      [{ verifiableCredential: {} }, [400, 422]],
      [{ verifiableCredential: credential, surprise: 1 }, [400]],
      [{ verifiableCredential: credential, options: { surprise: 1 } }, [400]],
      [deep, [400]],
      [nodes, [400, 413]],
      [{ verifiableCredential: { x: 'y'.repeat(200_000) } }, [413]],
      [{ verifiableCredential: { ...credential, '@context': ['https://evil.example/context'] } }, [422]],
      [{ verifiableCredential: { ...credential, proof: [credential.proof, credential.proof] } }, [422]],
    ] as const) {
      for (const path of ['/credentials/verify', '/presentations/verify']) {
        const answer = await post(path, body);
        assert.ok(
          path === '/presentations/verify'
            ? answer.status >= 400 && answer.status < 500
            : (statuses as readonly number[]).includes(answer.status),
          `${answer.status} ${answer.body.code ?? ''} for ${JSON.stringify(body).slice(0, 60)} at ${path}`,
        );
        assert.notEqual(answer.body.verified, true);
      }
    }
  });

  it('JSONTestSuite: every text that is no JSON is 400, and nothing is ever 5xx', async function () {
    if (!existsSync(CORPUS)) this.skip();
    this.timeout(60_000);
    const { cases } = JSON.parse(readFileSync(CORPUS, 'utf8')) as {
      cases: { name: string; input: { rawB64: string }; expected: string }[];
    };
    const controls: string[] = [];
    for (const { name, input, expected } of cases) {
      const response = await fetch(`${verifier.url}/credentials/verify`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: Buffer.from(input.rawB64, 'base64'),
      });
      const { code } = (await response.json()) as { code: string };
      assert.ok(response.status >= 400 && response.status < 500, `${name}: ${response.status}`);
      if (expected === 'reject') assert.equal(response.status, 400, `${name}: ${response.status} ${code}`);
      if (expected === 'accept-parse' && code !== 'JSON_SYNTAX') controls.push(name);
    }
    assert.ok(
      controls.length > 50,
      'texts that are JSON must get past the parser, or refusing the others proves nothing',
    );
  });
});
