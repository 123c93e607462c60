import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { isJsonObject, type JsonObject, type JsonValue } from '../../shared/json/parse-json.js';
import { signDocument, type SignOptions } from '../../shared/proof/data-integrity/sign-document.js';
import { envelopeOf, secureDocument } from '../../shared/proof/jose/secure-document.js';
import type { Signer } from '../../shared/proof/types.js';
import { createBitstring, setBit } from '../../shared/status/bitstring.js';
import { buildStatusListCredential } from '../../shared/status/status-list-credential.js';
import { buildCredential } from '../../shared/certificate/credential.js';
import { secureCertificate } from '../../shared/proof/forms/secure-certificate.js';
import { sampleRecord } from '../certificate/sample-records.js';
import { issuerKey } from '../issuer/files/signed-sample.js';
import { didKeyOf, type TestDidKey } from '../data-integrity/test-signer.js';
import { readVectors, type Vector } from '../data-integrity/vectors.js';
import { startInformedVerifier, type RunningVerifier } from '../verifier/service.js';

const key = didKeyOf('Ed25519');
const holder = didKeyOf('P-256');
const CREATED = '2026-11-20T09:30:00Z';
const V2 = 'https://www.w3.org/ns/credentials/v2';
const EXAMPLES = 'https://www.w3.org/ns/credentials/examples/v2';

interface Answer {
  status: number;
  verified: boolean | undefined;
  code: string;
  warnings: string[];
}

describe('VC-API: verifying what anybody issued', function () {
  this.timeout(60_000);
  let verifier: RunningVerifier;
  before(async () => {
    verifier = await startInformedVerifier();
  });
  after(() => verifier.stop());

  async function post(path: string, body: unknown): Promise<Answer> {
    const response = await fetch(`${verifier.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
    });
    const answer = (await response.json()) as {
      verified?: boolean;
      code?: string;
      problems?: { code: string }[];
      warnings?: { code: string }[];
    };
    if (response.status === 422 && answer.verified === false) assert.ok((answer.problems ?? []).length > 0);
    return {
      status: response.status,
      verified: answer.verified,
      code: answer.code ?? '',
      warnings: (answer.warnings ?? []).map(({ code }) => code),
    };
  }
  const verify = (verifiableCredential: unknown, options?: object): Promise<Answer> =>
    post('/credentials/verify', { verifiableCredential, ...(options && { options }) });
  const present = (verifiablePresentation: unknown, options?: object): Promise<Answer> =>
    post('/presentations/verify', { verifiablePresentation, ...(options && { options }) });

  const credential = (changes: object = {}): JsonObject => ({
    '@context': [V2],
    type: ['VerifiableCredential'],
    issuer: key.did,
    credentialSubject: { id: 'did:example:subject' },
    ...changes,
  });
  const issue = (changes: object = {}, sign: Partial<SignOptions> = {}): Promise<JsonObject> =>
    signDocument(credential(changes), { suite: 'eddsa-rdfc-2022', signer: key.signer, created: CREATED, ...sign });
  const vp = (changes: object = {}, sign: Partial<SignOptions> = {}): Promise<JsonObject> =>
    signDocument(
      { '@context': [V2], type: ['VerifiablePresentation'], holder: holder.did, ...changes },
      {
        suite: 'ecdsa-rdfc-2019',
        signer: holder.signer,
        created: '2026-11-20T09:59:00Z',
        purpose: 'authentication',
        challenge: 'c-1',
        domain: 'verify.example',
        ...sign,
      },
    );
  const refused = ({ status, verified }: Answer): void => {
    assert.ok(status === 400 || status === 422, String(status));
    assert.notEqual(verified, true);
  };

  it('[VC-API §3.3.1] verifies every suite, and names options nobody knows', async () => {
    const p384 = didKeyOf('P-384');
    for (const good of [
      await issue(),
      await issue({}, { suite: 'eddsa-jcs-2022' }),
      await signDocument(credential({ issuer: p384.did }), { suite: 'ecdsa-rdfc-2019', signer: p384.signer }),
    ])
      assert.deepEqual(await verify(good, { checks: ['proof'] }), {
        status: 200,
        verified: true,
        code: '',
        warnings: [],
      });
    const unknown = await verify(await issue(), { surprise: true });
    assert.deepEqual([unknown.status, unknown.code], [400, 'FIELD_UNKNOWN']);
  });

  const broken: [string, (good: JsonObject) => unknown][] = [
    ['no proof', ({ proof: _, ...rest }) => rest],
    ['a proof that is null', (good) => ({ ...good, proof: null })],
    ['no @context', ({ '@context': _, ...rest }) => rest],
    ['no type', ({ type: _, ...rest }) => rest],
    ['no issuer', ({ issuer: _, ...rest }) => rest],
    ['no subject', ({ credentialSubject: _, ...rest }) => rest],
    ...['type', 'verificationMethod', 'proofPurpose', 'proofValue', 'cryptosuite', 'created'].flatMap(
      (member): [string, (good: JsonObject) => unknown][] => [
        [`a proof without ${member}`, (good) => ({ ...good, proof: { ...(good['proof'] as JsonObject), [member]: undefined } })], // prettier-ignore
        [`a proof whose ${member} is null`, (good) => ({ ...good, proof: { ...(good['proof'] as JsonObject), [member]: null } })], // prettier-ignore
        [`a proof whose ${member} is another`, (good) => ({ ...good, proof: { ...(good['proof'] as JsonObject), [member]: 'other' } })], // prettier-ignore
      ],
    ),
    ['a proof value without its multibase prefix', (good) => ({ ...good, proof: { ...(good['proof'] as JsonObject), proofValue: (good['proof'] as { proofValue: string }).proofValue.slice(1) } })], // prettier-ignore
    ['a context that is no list', (good) => ({ ...good, '@context': 'string' })],
    ['types that are no text', (good) => ({ ...good, type: [[], {}] })],
    ['a subject that is no object', (good) => ({ ...good, credentialSubject: 10 })],
    ['a member nobody signed', (good) => ({ ...good, validUntil: '2036-01-01T00:00:00Z' })],
  ];
  for (const [name, change] of broken)
    it(`[VC-DI §4.4] refuses ${name}`, async () => refused(await verify(change(await issue()))));

  it('[VC-DI §4.4] holds the proof to the purpose, challenge and domain that were asked for', async () => {
    assert.equal((await verify(await issue(), { expectedProofPurpose: 'authentication' })).code, 'PROOF_PURPOSE');
    assert.equal((await verify(await issue({}, { purpose: 'authentication' }))).code, 'PROOF_PURPOSE');
    const bound = await issue({}, { challenge: 'a', domain: 'd.example' });
    assert.equal((await verify(bound, { challenge: 'a', domain: 'd.example' })).status, 200);
    assert.equal((await verify(bound, { challenge: 'b', domain: 'd.example' })).code, 'CHALLENGE_MISMATCH');
    assert.equal((await verify(bound, { challenge: 'a', domain: 'e.example' })).code, 'DOMAIN_MISMATCH');
  });

  it('binds the key to the issuer by default; the proof-only route says nothing of it and never "verified"', async () => {
    const { vectors } = readVectors('vc-di-eddsa') as { vectors: Vector[] };
    for (const { document, publicKeyMultibase } of vectors) {
      refused(await verify(document));
      const only = await post('/proof-only/verify', { document, ...(publicKeyMultibase && { publicKeyMultibase }) });
      assert.deepEqual([only.status, only.verified], [200, undefined]);
      const wrong = { ...document, name: 'Another' };
      const bad = await post('/proof-only/verify', {
        document: wrong,
        ...(publicKeyMultibase && { publicKeyMultibase }),
      });
      assert.deepEqual([bad.status, bad.code], [422, 'SIGNATURE_INVALID']);
    }
    const stolen = await signDocument(credential(), { suite: 'ecdsa-jcs-2019', signer: holder.signer });
    assert.equal((await verify(stolen)).code, 'KEY_CONTROLLER_MISMATCH');
  });

  it('[VCDM2 §4.10] leaves a status of an unknown type unknown: a warning, and a problem only when it was asked for', async () => {
    const unheard = await issue({
      '@context': [V2, EXAMPLES],
      credentialStatus: { id: 'urn:s:1', type: 'Unheard2030' },
    });
    const answer = await verify(unheard);
    assert.deepEqual([answer.status, answer.verified, answer.warnings], [200, true, ['STATUS_NOT_CHECKED']]);
    assert.equal((await verify(unheard, { checks: ['credentialStatus'] })).code, 'STATUS_NOT_CHECKED');
    const question = { challenge: 'c-1', domain: 'verify.example' };
    const shown = await vp({ verifiableCredential: [unheard] });
    assert.equal((await present(shown, question)).status, 200);
    assert.equal((await present(shown, { ...question, checks: ['credentialStatus'] })).code, 'STATUS_NOT_CHECKED');
  });

  it('[VCDM2 §4.9] tells what is not valid yet or no longer', async () => {
    assert.equal((await verify(await issue({ validFrom: '2030-01-01T00:00:00Z' }))).code, 'NOT_YET_VALID');
    assert.equal((await verify(await issue({ validUntil: '2020-01-01T00:00:00Z' }))).code, 'CREDENTIAL_EXPIRED');
  });

  it('[VC-DI §4.5] verifies a set whose proofs are all right, of which one is the issuer’s', async () => {
    const one = await issue({}, { id: 'urn:uuid:1' });
    const sign = { suite: 'ecdsa-jcs-2019', signer: holder.signer, created: CREATED } as const;
    assert.equal((await verify(await signDocument(one, sign))).status, 200);
    assert.equal((await verify(await signDocument(one, { ...sign, previousProof: 'urn:uuid:1' }))).status, 200);
    const spoilt = await signDocument(one, sign);
    const [first, second] = spoilt['proof'] as JsonObject[];
    refused(await verify({ ...spoilt, proof: [first, { ...second, created: '2026-11-20T09:31:00Z' }] as JsonValue }));
    refused(await verify({ ...spoilt, proof: [second] as JsonValue }));
  });

  describe('presentations', () => {
    const question = { challenge: 'c-1', domain: 'verify.example' };

    it('[VCDM2 §4.13] verifies with and without holder, holder as object, with no, one and several credentials', async () => {
      const shown = await issue();
      for (const changes of [
        { verifiableCredential: [shown, await issue({ id: 'urn:uuid:2' })] },
        { verifiableCredential: shown },
        { holder: { id: holder.did } },
        {},
      ])
        assert.deepEqual([(await present(await vp(changes), question)).status, JSON.stringify(changes).length > 0], [200, true]); // prettier-ignore
      const { holder: _, ...unnamed } = { holder: '', '@context': [V2], type: ['VerifiablePresentation'] };
      const anonymous = await signDocument(unnamed, {
        suite: 'ecdsa-rdfc-2019',
        signer: holder.signer,
        created: '2026-11-20T09:59:00Z',
        purpose: 'authentication',
        ...question,
      });
      assert.equal((await present(anonymous, question)).status, 200);
    });

    it('[VCDM2 §4.13] refuses a holder that did not sign, is no URL or has no id, and what is no credential', async () => {
      assert.equal((await present(await vp({ holder: key.did }), question)).code, 'HOLDER_MISMATCH');
      for (const changes of [
        { holder: 'nobody' },
        { holder: {} },
        { verifiableCredential: ['urn:a:1'] },
        { verifiableCredential: 7 },
      ])
        refused(await present({ ...(await vp()), ...changes }, question));
      for (const member of ['@context', 'type', 'proof']) refused(await present({ ...(await vp()), [member]: undefined }, question)); // prettier-ignore
      refused(await present(await vp({ verifiableCredential: { ...(await issue()), name: 'changed' } }), question));
      refused(await present({ type: ['NonconformingDocument'] }));
    });

    it('[VCDM2 §4.13.3] takes a credential without proof as the holder’s own word only', async () => {
      const own = credential({ issuer: holder.did });
      assert.equal((await present(await vp({ verifiableCredential: [own] }), question)).status, 200);
      const others = await present(await vp({ verifiableCredential: [credential()] }), question);
      assert.deepEqual([others.status, others.code], [422, 'SELF_ASSERTED_HOLDER']);
    });

    it('[VC-DI §4.4] demands challenge and domain as asked, and says when none was asked', async () => {
      assert.equal((await present(await vp(), { ...question, challenge: 'c-2' })).code, 'CHALLENGE_MISMATCH');
      assert.equal((await present(await vp(), { ...question, domain: 'other.example' })).code, 'DOMAIN_MISMATCH');
      assert.equal((await present(await vp({}, { created: '2026-11-20T09:00:00Z' }), question)).code, 'PRESENTATION_TOO_OLD'); // prettier-ignore
      assert.deepEqual((await present(await vp())).warnings, ['CHALLENGE_NOT_CHECKED']);
    });
  });

  it('[VCDM2 §4.13.1] refuses envelopes that are none', async () => {
    const good = { '@context': [V2], type: 'EnvelopedVerifiableCredential', id: 'data:application/vc+jwt,a.b.c' };
    for (const changes of [
      { '@context': [] },
      { '@context': EXAMPLES },
      { id: 'a.b.c' },
      { id: 'data:text/plain,x' },
      { type: 'VerifiableCredential' },
      { type: ['EnvelopedVerifiableCredential', 'Other'] },
      {},
    ]) {
      refused(await verify({ ...good, ...changes }));
      refused(await present({ ...good, ...changes }));
      refused(await present({ ...good, type: 'EnvelopedVerifiablePresentation', ...changes }));
    }
  });

  it('[VCDM2 §4.13.1] verifies what an envelope holds, by the key of its issuer or holder', async () => {
    for (const form of ['jwt', 'cose'] as const) {
      const enveloped = async (document: JsonObject, signer: Signer): Promise<JsonObject> =>
        envelopeOf(await secureDocument(document, { form, kind: 'credential', signer }), { form, kind: 'credential' });
      const good = await enveloped(credential(), key.signer);
      assert.deepEqual([(await verify(good)).status, (await verify(good)).code], [200, ''], form);
      refused(await verify(await enveloped(credential(), holder.signer)));
      refused(await verify(await enveloped(credential({ validUntil: '2020-01-01T00:00:00Z' }), key.signer)));
      refused(await verify(await enveloped(credential({ unheard: 1 }), key.signer)));
      const inside = await vp({ verifiableCredential: [good] });
      const answer = await present(inside, { challenge: 'c-1', domain: 'verify.example' });
      assert.deepEqual([answer.status, answer.code], [200, ''], form);
    }
    const shown = { '@context': [V2], type: ['VerifiablePresentation'], holder: holder.did };
    const text = await secureDocument(shown, {
      form: 'jwt',
      kind: 'presentation',
      signer: holder.signer,
      claims: { nonce: 'c-1', aud: 'verify.example' },
    });
    const enveloped = envelopeOf(text, { form: 'jwt', kind: 'presentation' });
    const asked = { challenge: 'c-1', domain: 'verify.example' };
    assert.deepEqual([(await present(enveloped, asked)).status, (await present(enveloped, asked)).code], [200, '']);
    assert.equal((await present(enveloped, { ...asked, challenge: 'c-2' })).code, 'CHALLENGE_MISMATCH');
    assert.equal((await present(enveloped, { ...asked, domain: 'other.example' })).code, 'DOMAIN_MISMATCH');
  });

  it('judges a certificate of ours in an envelope by the trust data, and shows it for nobody else', async () => {
    const record = sampleRecord('skill-level', { holder: { ...sampleRecord('skill-level').holder, id: holder.did } });
    const options = { signer: issuerKey.signer, now: '2026-11-20T08:00:00Z' };
    const inForm = async (changes: object): Promise<JsonObject> => {
      const text = await secureCertificate('vc+jwt', buildCredential(record), { ...options, ...changes });
      assert.ok(typeof text === 'string');
      return envelopeOf(text, { form: 'jwt', kind: 'credential' });
    };
    const ours = await inForm({});
    const good = await verify(ours);
    assert.deepEqual([good.status, good.code], [200, '']);
    refused(await verify(await inForm({ signer: { ...didKeyOf('Ed25519', 9).signer, id: issuerKey.signer.id } })));
    const question = { challenge: 'c-1', domain: 'verify.example' };
    const shown = await present(await vp({ verifiableCredential: [ours] }), question);
    assert.deepEqual([shown.status, shown.code], [200, '']);
    const thief = await signDocument(
      { '@context': [V2], type: ['VerifiablePresentation'], holder: key.did, verifiableCredential: [ours] },
      {
        suite: 'eddsa-jcs-2022',
        signer: key.signer,
        created: '2026-11-20T09:59:00Z',
        purpose: 'authentication',
        ...question,
      },
    );
    assert.equal((await present(thief, question)).code, 'SUBJECT_NOT_HOLDER');
    const { proof: _, ...unsigned } = await vp({ verifiableCredential: [ours] });
    const parts: { challenge?: string; domain?: string }[] = [{}, { challenge: 'c-1' }, { domain: 'verify.example' }];
    for (const part of parts) {
      const sign = { created: '2026-11-20T09:59:00Z', purpose: 'authentication', ...part } as const;
      const embedding = await signDocument(unsigned, { suite: 'ecdsa-rdfc-2019', signer: holder.signer, ...sign });
      assert.equal((await present(embedding, part)).code, 'CHALLENGE_MISSING');
      const text = await secureDocument(unsigned, {
        form: 'jwt',
        kind: 'presentation',
        signer: holder.signer,
        claims: {
          ...(part.challenge !== undefined && { nonce: part.challenge }),
          ...(part.domain !== undefined && { aud: part.domain }),
        },
      });
      assert.equal((await present(envelopeOf(text, { form: 'jwt', kind: 'presentation' }), part)).code, 'CHALLENGE_MISSING'); // prettier-ignore
    }
  });

  it('asks whether a certificate of ours is about the holder who was named, not about whose proof stands first', async () => {
    const record = sampleRecord('skill-level', { holder: { ...sampleRecord('skill-level').holder, id: holder.did } });
    const text = await secureCertificate('vc+jwt', buildCredential(record), {
      signer: issuerKey.signer,
      now: '2026-11-20T08:00:00Z',
    });
    const ours = envelopeOf(text as string, { form: 'jwt', kind: 'credential' });
    const question = { challenge: 'c-1', domain: 'verify.example' };
    const sign = { created: '2026-11-20T09:59:00Z', purpose: 'authentication', ...question } as const;
    const other = await signDocument(
      { '@context': [V2], type: ['VerifiablePresentation'], holder: holder.did, verifiableCredential: [ours] },
      { suite: 'eddsa-jcs-2022', signer: key.signer, ...sign },
    );
    const both = await signDocument(other, { suite: 'ecdsa-jcs-2019', signer: holder.signer, ...sign });
    const found = await present(both, question);
    assert.deepEqual([found.status, found.code], [200, '']);
    const others = await signDocument(
      { '@context': [V2], type: ['VerifiablePresentation'], holder: key.did, verifiableCredential: [ours] },
      { suite: 'ecdsa-jcs-2019', signer: holder.signer, ...sign },
    );
    const stolen = await signDocument(others, { suite: 'eddsa-jcs-2022', signer: key.signer, ...sign });
    assert.equal((await present(stolen, question)).code, 'SUBJECT_NOT_HOLDER');
  });

  it('[BSL §3.2] asks the status list of the issuer: clear, revoked, of somebody else, not there', async () => {
    const list = async (id: string, index: number, by: TestDidKey = key): Promise<string> => {
      const bits = createBitstring(131_072);
      setBit(bits, index, true);
      const unsigned = buildStatusListCredential({ id, issuer: by.did, purpose: 'revocation', bits, validFrom: '2026-11-20T00:00:00Z', validUntil: '2026-11-21T00:00:00Z' }); // prettier-ignore
      const json = JSON.parse(JSON.stringify(unsigned)) as JsonObject;
      return JSON.stringify(await signDocument(json, { suite: by === key ? 'eddsa-rdfc-2022' : 'ecdsa-rdfc-2019', signer: by.signer })); // prettier-ignore
    };
    const lists = new Map([
      ['https://l.example/1', await list('https://l.example/1', 5)],
      ['https://l.example/2', await list('https://l.example/2', 5, holder)],
      ['https://l.example/3', await list('https://l.example/1', 9)],
    ]);
    const informed = await startInformedVerifier({
      resolveForeignDids: true,
      fetch: (url) => Promise.resolve({ status: lists.has(url) ? 200 : 404, body: Buffer.from(lists.get(url) ?? '') }),
    });
    const before = verifier;
    verifier = informed;
    try {
      const codeOf = async (listUrl: string, index: string): Promise<string> => {
        const answer = await verify(
          await issue({
            credentialStatus: {
              type: 'BitstringStatusListEntry',
              statusPurpose: 'revocation',
              statusListIndex: index,
              statusListCredential: listUrl,
            },
          }),
        );
        return `${answer.status} ${answer.code}`;
      };
      assert.equal(await codeOf('https://l.example/1', '4'), '200 ');
      assert.equal(await codeOf('https://l.example/1', '5'), '422 CERTIFICATE_REVOKED');
      assert.equal(await codeOf('https://l.example/1', '131072'), '422 STATUS_INDEX_OUT_OF_RANGE');
      assert.equal(await codeOf('https://l.example/1', '5abc'), '422 STATUS_ENTRY_INVALID');
      assert.equal(await codeOf('https://l.example/2', '4'), '422 STATUS_LIST_ISSUER_MISMATCH');
      assert.equal(await codeOf('https://l.example/3', '5'), '422 STATUS_LIST_ID_MISMATCH');
      assert.equal(await codeOf('https://l.example/9', '5'), '422 STATUS_LIST_UNKNOWN');
      assert.equal(await codeOf('http://l.example/1', '5'), '422 STATUS_LIST_URL');
    } finally {
      verifier = before;
      await informed.stop();
    }
  });

  it('no input is ever answered with 5xx or a redirect', async function () {
    this.timeout(120_000);
    const good = await issue({ '@context': [V2, { Extra: 'https://e.example/#x' }], name: { '@value': 'a', '@language': 'en' } }); // prettier-ignore
    const shown = await vp({ verifiableCredential: [good] });
    const places = [...placesOf(good).map((path) => ['c', ...path]), ...placesOf(shown).map((path) => ['p', ...path])];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 2 }), async ([which, ...path], value) => {
        const changed = replaced(which === 'c' ? good : shown, path, value as JsonValue);
        const answers = await Promise.all([
          verify(changed),
          present(changed),
          post('/proof-only/verify', { document: changed }),
        ]);
        for (const { status } of answers) assert.ok(status < 500 && (status < 300 || status >= 400), String(status));
      }),
      { numRuns: 60 },
    );
  });
});

function placesOf(value: JsonValue, path: string[] = []): string[][] {
  const inside = Array.isArray(value) ? Object.entries(value) : isJsonObject(value) ? Object.entries(value) : [];
  return inside.flatMap(([name, member]) => [[...path, name], ...placesOf(member, [...path, name])]);
}

function replaced(document: JsonValue, [step, ...rest]: readonly string[], value: JsonValue): JsonValue {
  if (step === undefined) return value;
  if (Array.isArray(document))
    return document.map((item, i) => (String(i) === step ? replaced(item, rest, value) : item));
  if (!isJsonObject(document)) return document;
  return { ...document, [step]: replaced(document[step] ?? null, rest, value) };
}
