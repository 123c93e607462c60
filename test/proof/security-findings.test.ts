import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { issue, signPresentation } from '@digitalbazaar/vc';
import { checkStatus as libraryCheckStatus } from '@digitalbazaar/vc-bitstring-status-list';
import { buildCredential, statusListUrl } from '../../shared/certificate/credential.js';
import { createResolver } from '../../shared/did/create-resolver.js';
import { encodeMultikey, decodeMultikey } from '../../shared/did/multikey.js';
import { checkCredentialProof } from '../../shared/proof/check-credential-proof.js';
import { checkForeignCredential } from '../../shared/proof/check-foreign-credential.js';
import { checkPresentation } from '../../shared/proof/check-presentation.js';
import { assertCompact } from '../../shared/proof/compaction.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import type { VerificationKey } from '../../shared/proof/types.js';
import { createBitstring, setBit } from '../../shared/status/bitstring.js';
import { checkStatus } from '../../shared/status/check-status.js';
import { decodeBitstring, encodeBitstring } from '../../shared/status/encode-bitstring.js';
import { buildStatusListCredential } from '../../shared/status/status-list-credential.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { testKey } from './keys.js';
import { libraryVerifies, libraryVerifiesPresentation, plainLoader } from './plain-library.js';

const { signer, key } = testKey(ISSUER, 1);
const evil = testKey('did:web:evil.example', 2);
const now = '2026-11-21T00:00:00Z';
const created = '2026-11-20T08:30:00Z';
const keyOf = (id: string): VerificationKey | undefined => [key, evil.key].find((one) => one.id === id);
const suite = new DataIntegrityProof({ cryptosuite });

const signed = (changes?: object) =>
  eddsaRdfc2022.sign(buildCredential(sampleRecord('skill-level', changes)), { signer, created });
const codeOf = async (credential: object, at = now): Promise<string> =>
  (await checkCredentialProof(JSON.stringify(credential), { keyOf, now: at })).code;

describe('security findings: what the library accepts and we do not', () => {
  describe('F1 term hiding', () => {
    const hidden = async (): Promise<JsonObject> => {
      const { validUntil, credentialStatus, proof, ...rest } = await signed({ expiresOn: '2027-01-01' });
      return {
        ...rest,
        'https://www.w3.org/2018/credentials#validUntil': {
          '@type': 'http://www.w3.org/2001/XMLSchema#dateTime',
          '@value': validUntil ?? '',
        },
        'https://www.w3.org/2018/credentials#credentialStatus': credentialStatus.map((entry) => ({
          ...entry,
          type: 'https://www.w3.org/ns/credentials/status#BitstringStatusListEntry',
          statusPurpose: undefined,
          statusListIndex: undefined,
          statusListCredential: undefined,
          'https://www.w3.org/ns/credentials/status#statusPurpose': entry.statusPurpose,
          'https://www.w3.org/ns/credentials/status#statusListIndex': entry.statusListIndex,
          'https://www.w3.org/ns/credentials/status#statusListCredential': { '@id': entry.statusListCredential },
        })),
        proof,
      } as unknown as JsonObject;
    };

    it('an expired certificate with renamed validUntil and credentialStatus verifies in the library years later', async () => {
      const credential = JSON.parse(JSON.stringify(await hidden())) as JsonObject;
      assert.equal(await libraryVerifies(credential, [key], { now: '2035-01-01T00:00:00Z' }), true);
    });
    it('refuses it by schema, and by its compaction alone', async () => {
      const credential = JSON.parse(JSON.stringify(await hidden())) as JsonObject;
      assert.equal(await codeOf(credential), 'CREDENTIAL_SCHEMA');
      const { proof: _, ...document } = credential;
      await assert.rejects(assertCompact(document), { code: 'COMPACTION_DIFFERS' });
    });

    const moves: [string, (credential: JsonObject) => JsonObject][] = [
      ['@included', ({ credentialStatus, ...rest }) => ({ ...rest, '@included': credentialStatus ?? null })],
      ['@nest', ({ validFrom, ...rest }) => ({ ...rest, '@nest': { validFrom: validFrom ?? null } })],
      ['@id', ({ id, ...rest }) => ({ ...rest, '@id': id ?? null })],
      ['@type', ({ type, ...rest }) => ({ ...rest, '@type': type ?? null })],
    ];
    for (const [name, move] of moves)
      it(`refuses the same document written with ${name}`, async () => {
        assert.equal(await codeOf(move((await signed()) as unknown as JsonObject)), 'CREDENTIAL_SCHEMA');
      });

    const contexts: [string, (context: string[]) => unknown][] = [
      ['an inline context', (context) => [...context, { expiry: 'https://www.w3.org/2018/credentials#validUntil' }]],
      ['a further known context', (context) => [...context, 'https://w3id.org/security/data-integrity/v2']],
      ['a repeated context', (context) => [...context, ...context]],
      ['the contexts in another order', (context) => [...context].reverse()],
      ['one context missing', (context) => context.slice(0, 1)],
      ['a context by a nearly equal name', ([first]) => [first, 'https://yizheng.example/ns/certificate/v1/']],
    ];
    for (const [name, change] of contexts)
      it(`refuses ${name}`, async () => {
        const credential = await signed();
        const changed = { ...credential, '@context': change(credential['@context']) };
        assert.equal(await codeOf(changed), 'CONTEXT_NOT_EXACT');
      });

    it('refuses hidden terms in credentials of others too', async () => {
      const issuer = testKey(`did:key:${evil.key.publicKeyMultibase}`, 2);
      const credential = await eddsaRdfc2022.sign(
        {
          '@context': ['https://www.w3.org/ns/credentials/v2'],
          id: 'urn:uuid:5a0a0a61-6a0b-4a38-b3b3-b0b6a6e0a111',
          type: ['VerifiableCredential'],
          issuer: issuer.key.controller,
          validUntil: '2027-01-01T00:00:00Z',
          credentialSubject: { id: 'did:example:holder', name: 'x' },
        },
        { signer: issuer.signer, created },
      );
      const options = { resolver: createResolver(), now: '2035-01-01T00:00:00Z' };
      assert.equal((await checkForeignCredential(JSON.stringify(credential), { ...options, now })).code, 'PROOF_VALID');
      assert.equal((await checkForeignCredential(JSON.stringify(credential), options)).code, 'CREDENTIAL_EXPIRED');
      const { validUntil, ...rest } = credential;
      const renamed = {
        ...rest,
        'https://www.w3.org/2018/credentials#validUntil': {
          '@type': 'http://www.w3.org/2001/XMLSchema#dateTime',
          '@value': validUntil,
        },
      };
      assert.equal(await libraryVerifies(renamed, [issuer.key], { now: options.now }), true);
      assert.equal((await checkForeignCredential(JSON.stringify(renamed), options)).code, 'CREDENTIAL_SHAPE');
      const included = { ...rest, '@included': [{ id: credential.id, type: credential.type, validUntil }] };
      assert.equal(await libraryVerifies(included, [issuer.key], { now: options.now }), true);
      assert.equal((await checkForeignCredential(JSON.stringify(included), options)).code, 'CREDENTIAL_SHAPE');
    });
  });

  describe('F2 and F3 status lists', () => {
    const listOf = async (revoked: number[], list = 1) => {
      const bits = createBitstring(131_072);
      for (const index of revoked) setBit(bits, index, true);
      const unsigned = buildStatusListCredential(
        {
          id: statusListUrl(ISSUER, 'revocation', list),
          issuer: ISSUER,
          purpose: 'revocation',
          bits,
          // The library reads the machine's clock here.
          validFrom: '2020-01-01T00:00:00Z',
          validUntil: '2999-01-01T00:00:00Z',
        },
        { maxValiditySeconds: Infinity },
      );
      return eddsaRdfc2022.sign(unsigned, { signer, created: '2026-11-20T12:00:00Z' });
    };
    const askLibrary = (credential: object, list: object) =>
      libraryCheckStatus({
        credential,
        suite,
        documentLoader: plainLoader([key], new Map([[statusListUrl(ISSUER, 'revocation', 1), list]])),
      });
    const ask = (entry: object, list: object) =>
      checkStatus(entry, { issuer: ISSUER, list: JSON.stringify(list), keyOf, now });

    it('F2: the library calls a revoked certificate verified; we read the bit', async () => {
      const { credentialStatus, ...rest } = await signed();
      const list = await listOf([4711]);
      const credential = { ...rest, credentialStatus: credentialStatus[0] };
      assert.equal((await askLibrary(credential, list)).verified, true);
      assert.deepEqual(await ask(credentialStatus[0], list), {
        answer: 'fail',
        code: 'CERTIFICATE_REVOKED',
        set: true,
        asOf: '2020-01-01T00:00:00Z',
      });
    });

    it('F3: the library takes list 2 at the address of list 1; we compare', async () => {
      const { credentialStatus, ...rest } = await signed();
      const swapped = await listOf([], 2);
      const answer = await askLibrary({ ...rest, credentialStatus: credentialStatus[0] }, swapped);
      assert.deepEqual([answer.verified, answer.results?.[0]?.status], [true, false]);
      assert.equal((await ask(credentialStatus[0], swapped)).code, 'STATUS_LIST_ID_MISMATCH');
    });

    for (const statusListIndex of ['4712abc', '4712.9', '4.712e3', '0x1268', '04712', ' 4712', '-1', ''])
      it(`F3: refuses the index ${JSON.stringify(statusListIndex)}`, async () => {
        const entry = { ...(await signed()).credentialStatus[0], statusListIndex };
        const list = await listOf([4711]);
        const library = await askLibrary({ ...(await signed()), credentialStatus: entry }, list);
        assert.equal(library.verified, !['-1', ''].includes(statusListIndex), 'the library reads it with parseInt');
        assert.equal((await ask(entry, list)).code, 'STATUS_ENTRY_INVALID');
      });
  });

  it('F4: a gzip bomb in a status list is refused in a moment', () => {
    const bomb = `u${Buffer.from(gzipSync(new Uint8Array(64 * 1024 * 1024))).toString('base64url')}`;
    const padded = encodeBitstring(createBitstring(1_048_576));
    const started = performance.now();
    assert.throws(() => decodeBitstring(bomb, 131_072), { code: 'STATUS_LIST_LENGTH' });
    assert.throws(() => decodeBitstring(bomb, 16_777_216), { code: 'STATUS_LIST_LENGTH' });
    assert.throws(() => decodeBitstring(padded, 131_072), { code: 'STATUS_LIST_LENGTH' });
    assert.ok(performance.now() - started < 1000);
  });

  describe('F5 several proofs', () => {
    it('the library is content with any good one; we want exactly one', async () => {
      const credential = await signed();
      const { proof } = credential;
      const broken = { ...proof, created: '2026-11-20T08:30:01Z' };
      for (const proofs of [
        [broken, proof],
        [proof, { ...proof, cryptosuite: 'unknown-2026' }],
      ]) {
        const several = { ...credential, proof: proofs };
        assert.equal(await libraryVerifies(several, [key]), true);
        assert.equal(await codeOf(several), 'PROOF_COUNT');
      }
    });
    for (const [name, proof] of [
      ['none', undefined],
      ['null', null],
      ['an empty list', []],
      ['a text', 'proof'],
    ] as const)
      it(`refuses ${name} in place of a proof`, async () => {
        assert.equal(await codeOf({ ...(await signed()), proof }), 'PROOF_COUNT');
      });
    it('refuses a list of one proof, and a proof chain', async () => {
      const credential = await signed();
      assert.equal(await codeOf({ ...credential, proof: [credential.proof] }), 'PROOF_COUNT');
      const chained = { ...credential, proof: { ...credential.proof, previousProof: 'urn:uuid:1' } };
      assert.equal(await codeOf(chained), 'PROOF_COUNT');
    });
  });

  describe('F6 time of a proof', () => {
    const at = (instant: string) => eddsaRdfc2022.sign(buildCredential(sampleRecord()), { signer, created: instant });
    const times: [string, string][] = [
      ['1999-01-01T00:00:00Z', 'KEY_NOT_VALID_AT_ISSUE'],
      ['2999-01-01T00:00:00Z', 'CREATED_IN_FUTURE'],
      ['2026-11-21T00:05:01Z', 'CREATED_IN_FUTURE'],
      ['2026-11-21T00:05:00Z', 'PROOF_VALID'],
    ];
    for (const [instant, code] of times)
      it(`a proof of ${instant} is ${code}; the library accepts it`, async () => {
        const credential = await at(instant);
        assert.equal(await libraryVerifies(credential, [key]), true);
        assert.equal(await codeOf(credential), code);
      });

    it('a proof past its own end is refused; the library accepts it', async () => {
      const issuer = testKey(`did:key:${key.publicKeyMultibase}`, 1);
      const credential = {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiableCredential'],
        issuer: issuer.key.controller,
        credentialSubject: { id: 'did:example:holder' },
      };
      const endSuite = new DataIntegrityProof({ signer: issuer.signer, date: created, cryptosuite });
      endSuite.proof = { expires: '2026-11-20T09:00:00Z' };
      const expired = await issue({ credential, suite: endSuite, documentLoader: plainLoader([]) });
      assert.equal(await libraryVerifies(expired, [issuer.key]), true);
      const answer = await checkForeignCredential(JSON.stringify(expired), { resolver: createResolver(), now });
      assert.equal(answer.code, 'PROOF_EXPIRED');
    });
  });

  it('F7: a verification method under another id than asked for lets a stranger sign in the issuer’s name', async () => {
    const stolen = `${evil.key.controller}#${key.id.split('#')[1] ?? ''}`;
    const forged = await eddsaRdfc2022.sign(buildCredential(sampleRecord()), {
      signer: { ...evil.signer, id: stolen },
      created,
    });
    const method = {
      '@context': 'https://w3id.org/security/multikey/v1',
      id: key.id,
      type: 'Multikey',
      controller: ISSUER,
      publicKeyMultibase: evil.key.publicKeyMultibase,
    };
    assert.equal(await libraryVerifies(forged, [key], { more: new Map([[stolen, method]]) }), true);
    const misled = { ...key, publicKeyMultibase: evil.key.publicKeyMultibase };
    const answer = await checkCredentialProof(JSON.stringify(forged), { keyOf: () => misled, now });
    assert.equal(answer.code, 'KEY_ID_MISMATCH');
    const named = await checkCredentialProof(JSON.stringify(forged), { keyOf: (id) => ({ ...evil.key, id }), now });
    assert.equal(named.code, 'KEY_CONTROLLER_MISMATCH');
  });

  describe('F8 presentations', () => {
    const holder = testKey(`did:key:${encodeMultikey(decodeMultikey(testKey('x', 3).key.publicKeyMultibase))}`, 3);
    const thief = testKey(`did:key:${testKey('x', 4).key.publicKeyMultibase}`, 4);
    const challenge = 'c5e1a0';
    const domain = 'verifier.example';
    const present = async (
      by: typeof holder,
      changes: object = {},
      made = '2026-11-20T23:59:00Z',
      answer: { challenge: string; domain?: string } = { challenge, domain },
    ): Promise<JsonObject> => {
      const credential = await signed({
        holder: {
          id: holder.key.controller,
          name: '张伟',
          identityDocumentType: 'resident-identity-card',
          identityDocumentLastFour: '1234',
        },
      });
      const presentation = {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiablePresentation'],
        holder: by.key.controller,
        verifiableCredential: [credential],
        ...changes,
      };
      return (await signPresentation({
        presentation,
        suite: new DataIntegrityProof({ signer: by.signer, date: made, cryptosuite }),
        documentLoader: plainLoader([]),
        ...answer,
      })) as JsonObject;
    };
    const check = async (presentation: JsonObject): Promise<string> =>
      (
        await checkPresentation(JSON.stringify(presentation), {
          challenge,
          domain,
          resolver: createResolver(),
          now,
          checkCredential: (json) => checkCredentialProof(json, { keyOf, now }),
        })
      ).code;
    const keys = [key, holder.key, thief.key];

    it('accepts the holder’s own presentation and says who it was', async () => {
      const presentation = await present(holder);
      const answer = await checkPresentation(JSON.stringify(presentation), {
        challenge,
        domain,
        resolver: createResolver(),
        now,
        checkCredential: (json) => checkCredentialProof(json, { keyOf, now }),
      });
      assert.deepEqual([answer.code, answer.holder], ['PROOF_VALID', holder.key.controller]);
      assert.deepEqual(
        answer.credentials?.map(({ code }) => code),
        ['PROOF_VALID'],
      );
    });

    const thefts: [string, string, () => Promise<JsonObject>][] = [
      ['a stolen credential shown by its thief', 'SUBJECT_NOT_HOLDER', () => present(thief)],
      [
        'a stolen credential shown in the victim’s name',
        'HOLDER_MISMATCH',
        () => present(thief, { holder: holder.key.controller }),
      ],
      ['an empty presentation', 'PRESENTATION_EMPTY', () => present(holder, { verifiableCredential: undefined })],
      ['a presentation from 2999', 'CREATED_IN_FUTURE', () => present(holder, {}, '2999-01-01T00:00:00Z')],
      ['a presentation six minutes old', 'PRESENTATION_TOO_OLD', () => present(holder, {}, '2026-11-20T23:54:00Z')],
      [
        'a presentation for another verifier',
        'DOMAIN_MISMATCH',
        () => present(holder, {}, undefined, { challenge, domain: 'other.example' }),
      ],
      [
        'a presentation for nobody in particular',
        'DOMAIN_MISMATCH',
        () => present(holder, {}, undefined, { challenge }),
      ],
    ];
    for (const [name, code, make] of thefts)
      it(`refuses ${name}; the library accepts it`, async () => {
        const presentation = JSON.parse(JSON.stringify(await make())) as JsonObject;
        assert.equal(await libraryVerifiesPresentation(presentation, keys, challenge), true);
        assert.equal(await check(presentation), code);
      });

    it('refuses the answer to another challenge', async () => {
      const presentation = await present(holder, {}, undefined, { challenge: 'old', domain });
      assert.equal(await check(presentation), 'CHALLENGE_MISMATCH');
    });
    it('refuses a bearer certificate: nobody is bound to it', async () => {
      assert.equal(
        await check(await present(holder, { verifiableCredential: [await signed()] })),
        'SUBJECT_NOT_HOLDER',
      );
    });
    it('refuses a presentation whose content was changed after signing', async () => {
      const presentation = await present(holder);
      const id = 'urn:uuid:5a0a0a61-6a0b-4a38-b3b3-b0b6a6e0a112';
      assert.equal(await check({ ...presentation, id }), 'SIGNATURE_INVALID');
    });
    it('refuses a presentation whose credential fails, with that credential’s code', async () => {
      const strange = await eddsaRdfc2022.sign(
        buildCredential(sampleRecord('skill-level', { holder: (await bound()).holder })),
        { signer: evil.signer, created },
      );
      assert.equal(await check(await present(holder, { verifiableCredential: [strange] })), 'KEY_CONTROLLER_MISMATCH');
    });
    const bound = () =>
      Promise.resolve({
        holder: {
          id: holder.key.controller,
          name: '张伟',
          identityDocumentType: 'resident-identity-card',
          identityDocumentLastFour: '1234',
        },
      });
    it('answers unknown when the holder’s DID cannot be resolved', async () => {
      const away = testKey('did:web:wallet.example', 3);
      const credential = { ...(await signed()) } as unknown as { credentialSubject: { id?: string } };
      credential.credentialSubject = { ...credential.credentialSubject, id: away.key.controller };
      const presentation = await present(away, { verifiableCredential: [credential] });
      assert.equal(await check(presentation), 'HOLDER_KEY_UNKNOWN');
    });
  });

  describe('F9 selective disclosure that could drop restricting claims', () => {
    it('refuses ecdsa-sd-2023 where our suite is expected', async () => {
      const credential = await signed();
      const swapped = { ...credential, proof: { ...credential.proof, cryptosuite: 'ecdsa-sd-2023' } };
      assert.equal(await codeOf(swapped), 'CRYPTOSUITE_UNEXPECTED');
    });
    it('refuses a certificate without status, even when its issuer signed it so', async () => {
      const { credentialStatus: _, ...unsigned } = buildCredential(sampleRecord());
      const credential = await eddsaRdfc2022.sign(unsigned, { signer, created });
      assert.equal(await libraryVerifies(credential, [key]), true);
      assert.equal(await codeOf(credential), 'CREDENTIAL_SCHEMA');
    });
  });

  describe('F14 two readers, two truths', () => {
    const raw: [string, string, (json: string) => string][] = [
      ['a duplicate member', 'JSON_DUPLICATE_KEY', (json) => json.replace('{"@context"', '{"issuer":"x","@context"')],
      [
        'a __proto__ member',
        'JSON_FORBIDDEN_KEY',
        (json) => json.replace('{"@context"', '{"__proto__":{"issuer":"evil"},"@context"'),
      ],
      ['a byte-order mark', 'JSON_BOM', (json) => `\ufeff${json}`],
      ['a lone surrogate', 'JSON_LONE_SURROGATE', (json) => json.replace('张伟', '\\ud800')],
      ['trailing data', 'JSON_SYNTAX', (json) => `${json}{}`],
    ];
    for (const [name, code, change] of raw)
      it(`refuses ${name}`, async () => {
        const answer = await checkCredentialProof(change(JSON.stringify(await signed())), { keyOf, now });
        assert.deepEqual([answer.answer, answer.code], ['fail', code]);
      });
    it('JSON.parse takes a duplicate member, and the library verifies what is left', async () => {
      const json = JSON.stringify(await signed()).replace('{"@context"', '{"issuer":"x","@context"');
      assert.equal(await libraryVerifies(JSON.parse(json) as object, [key]), true);
    });
  });

  describe('F15 exhaustion', () => {
    const large: [string, string, object][] = [
      [
        '10,000 anonymous nodes',
        'JSON_TOO_LARGE',
        { x: Array.from({ length: 10_000 }, (_, i) => ({ value: `v${i}` })) },
      ],
      ['400 small nodes', 'JSON_TOO_MANY_NODES', { x: Array.from({ length: 400 }, () => ({})) }],
      ['200-deep JSON', 'JSON_TOO_DEEP', { x: JSON.parse('['.repeat(200) + ']'.repeat(200)) as object }],
    ];
    for (const [name, code, addition] of large)
      it(`refuses ${name} within a moment`, async () => {
        const credential = { ...(await signed()), ...addition };
        const started = performance.now();
        assert.equal(await codeOf(credential), code);
        assert.ok(performance.now() - started < 500);
      });
  });
});
