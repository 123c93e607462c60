import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { buildCredential, statusListUrl } from '../../shared/certificate/credential.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import type { VerificationKey } from '../../shared/proof/types.js';
import { createBitstring, setBit } from '../../shared/status/bitstring.js';
import { checkStatus } from '../../shared/status/check-status.js';
import { buildStatusListCredential, type StatusPurpose } from '../../shared/status/status-list-credential.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { testKey } from '../proof/keys.js';
import { libraryVerifies } from '../proof/plain-library.js';

const { signer, key } = testKey(ISSUER, 1);
const evil = testKey('did:web:evil.example', 2);
const [revocation, suspension] = buildCredential(sampleRecord()).credentialStatus;
const FRESH = '2026-11-21T00:00:00Z';
const STALE = '2026-11-22T00:00:00Z';

type ListFacts = Parameters<typeof buildStatusListCredential>[0];
function unsignedList(purpose: StatusPurpose, set: number[], changes: Partial<ListFacts> = {}) {
  const bits = createBitstring(131_072);
  for (const index of set) setBit(bits, index, true);
  return buildStatusListCredential({
    id: statusListUrl(ISSUER, purpose, 1),
    issuer: ISSUER,
    purpose,
    bits,
    validFrom: '2026-11-20T12:00:00Z',
    validUntil: '2026-11-21T12:00:00Z',
    ...changes,
  });
}
const sign = async (unsigned: object, by = signer): Promise<string> =>
  JSON.stringify(await eddsaRdfc2022.sign(unsigned, { signer: by, created: '2026-11-20T12:00:00Z' }));
const listOf = (...facts: Parameters<typeof unsignedList>): Promise<string> => sign(unsignedList(...facts));
const keyOf = (id: string): VerificationKey | undefined => [key, evil.key].find((one) => one.id === id);
const ask = (
  list: string | undefined,
  changes: Partial<Parameters<typeof checkStatus>[1]> = {},
  entry: object = revocation,
) => checkStatus(entry, { issuer: ISSUER, list, keyOf, now: FRESH, ...changes });

describe('[BSL §3.2] checkStatus', () => {
  it('is clear only when a fresh list says so', async () => {
    assert.deepEqual(await ask(await listOf('revocation', [4710, 4712])), {
      answer: 'pass',
      code: 'STATUS_CLEAR',
      set: false,
      asOf: '2026-11-20T12:00:00Z',
    });
  });

  it('reads revocation and suspension', async () => {
    const revoked = await ask(await listOf('revocation', [4711]));
    assert.deepEqual([revoked.answer, revoked.code, revoked.set], ['fail', 'CERTIFICATE_REVOKED', true]);
    const suspended = await ask(await listOf('suspension', [4711]), {}, suspension);
    assert.deepEqual([suspended.answer, suspended.code], ['fail', 'CERTIFICATE_SUSPENDED']);
  });

  it('an old list still refuses what was revoked, and proves nothing else', async () => {
    const answers = [
      await ask(await listOf('revocation', [4711]), { now: STALE }),
      await ask(await listOf('revocation', []), { now: STALE }),
      await ask(await listOf('suspension', [4711]), { now: STALE }, suspension),
    ];
    assert.deepEqual(
      answers.map(({ answer, code, set }) => [answer, code, set]),
      [
        ['fail', 'CERTIFICATE_REVOKED', true],
        ['unknown', 'STATUS_LIST_STALE', false],
        ['unknown', 'STATUS_LIST_STALE', true],
      ],
    );
  });

  it('is stale from the very second its validUntil names, and earlier where the policy is shorter', async () => {
    const list = await listOf('revocation', []);
    assert.equal((await ask(list, { now: '2026-11-21T11:59:59Z' })).code, 'STATUS_CLEAR');
    assert.equal((await ask(list, { now: '2026-11-21T12:00:00Z' })).code, 'STATUS_LIST_STALE');
    assert.equal((await ask(list, { maxAgeSeconds: 3600 })).code, 'STATUS_LIST_STALE');
  });

  it('does not let an issuer stretch its lists beyond a week', async () => {
    const list = await sign({ ...unsignedList('revocation', []), validUntil: '2999-01-01T00:00:00Z' });
    assert.equal((await ask(list, { now: '2026-11-27T11:59:59Z' })).code, 'STATUS_CLEAR');
    assert.equal((await ask(list, { now: '2026-11-27T12:00:00Z' })).code, 'STATUS_LIST_STALE');
  });

  it('is unknown without a list', async () => {
    assert.deepEqual(await ask(undefined), { answer: 'unknown', code: 'STATUS_LIST_UNKNOWN', asOf: null });
  });

  const base = () => unsignedList('revocation', []);
  const subject = (changes: object) => ({ ...base(), credentialSubject: { ...base().credentialSubject, ...changes } });
  const encoded = (bytes: number) => `u${Buffer.from(gzipSync(new Uint8Array(bytes))).toString('base64url')}`;
  const wrong: [string, string, () => Promise<string>][] = [
    [
      'list 2 at the address of list 1',
      'STATUS_LIST_ID_MISMATCH',
      () => listOf('revocation', [], { id: statusListUrl(ISSUER, 'revocation', 2) }),
    ],
    [
      'a list of another purpose',
      'STATUS_LIST_PURPOSE_MISMATCH',
      () =>
        sign({
          ...unsignedList('suspension', []),
          id: base().id,
          credentialSubject: { ...unsignedList('suspension', []).credentialSubject, id: `${base().id}#list` },
        }),
    ],
    [
      'a list of another issuer',
      'STATUS_LIST_ISSUER_MISMATCH',
      () => sign({ ...base(), issuer: evil.key.controller }, evil.signer),
    ],
    ['a list another issuer signed', 'STATUS_LIST_PROOF_INVALID', () => sign(base(), evil.signer)],
    ['a list signed with an unknown key', 'STATUS_LIST_KEY_UNKNOWN', () => sign(base(), testKey(ISSUER, 9).signer)],
    [
      'a list whose bits were changed',
      'STATUS_LIST_PROOF_INVALID',
      async () =>
        (await listOf('revocation', [4711])).replace(
          /"encodedList":"[^"]+"/,
          `"encodedList":"${base().credentialSubject.encodedList}"`,
        ),
    ],
    ['a list of 8 entries', 'STATUS_LIST_LENGTH', () => sign(subject({ encodedList: encoded(1) }))],
    ['a list twice as long', 'STATUS_LIST_LENGTH', () => sign(subject({ encodedList: encoded(32_768) }))],
    ['a gzip bomb', 'STATUS_LIST_LENGTH', () => sign(subject({ encodedList: encoded(64 * 1024 * 1024) }))],
    [
      'a list without end',
      'STATUS_LIST_SCHEMA',
      async () => {
        const { validUntil: _, ...rest } = base();
        return sign(rest);
      },
    ],
    ['a list with a further member', 'STATUS_LIST_SCHEMA', () => sign({ ...base(), name: 'list' })],
    ['a list of another subject', 'STATUS_LIST_SCHEMA', () => sign(subject({ id: 'https://evil.example/#list' }))],
    [
      'a list of 2-bit entries',
      'STATUS_LIST_SCHEMA',
      async () => (await sign(base())).replace('"statusPurpose"', '"statusSize":2,"statusPurpose"'),
    ],
    [
      'a list from tomorrow',
      'STATUS_LIST_NOT_YET_VALID',
      () => listOf('revocation', [], { validFrom: '2026-11-21T12:00:00Z', validUntil: '2026-11-22T12:00:00Z' }),
    ],
    ['a certificate in place of a list', 'STATUS_LIST_SCHEMA', () => sign(buildCredential(sampleRecord()))],
    ['no JSON', 'JSON_SYNTAX', () => Promise.resolve('<html>')],
    ['an unsigned list', 'PROOF_COUNT', () => Promise.resolve(JSON.stringify(base()))],
    [
      'two proofs',
      'PROOF_COUNT',
      async () => {
        const list = JSON.parse(await sign(base())) as { proof: object };
        return JSON.stringify({ ...list, proof: [list.proof, list.proof] });
      },
    ],
  ];
  for (const [name, code, make] of wrong)
    it(`is unknown, ${code}, for ${name}`, async () => {
      const answer = await ask(await make());
      assert.deepEqual([answer.answer, answer.code], ['unknown', code]);
    });

  it('refuses a list signed with a key already compromised', async () => {
    const list = await listOf('revocation', []);
    const compromised = { ...key, compromisedSince: '2026-11-20T11:00:00Z' };
    assert.equal((await ask(list, { keyOf: () => compromised })).code, 'STATUS_LIST_PROOF_INVALID');
  });

  const entries: [string, object][] = [
    ['of another type', { ...revocation, type: 'TokenStatusListEntry' }],
    ['of another purpose', { ...revocation, statusPurpose: 'message' }],
    ['with a number as index', { ...revocation, statusListIndex: 4711 }],
    ['with a list as index', { ...revocation, statusListIndex: ['4711'] }],
    ['with two bits', { ...revocation, statusSize: 2 }],
  ];
  for (const [name, entry] of entries)
    it(`is unknown for an entry ${name}`, async () => {
      const answer = await ask(await listOf('revocation', []), {}, entry);
      assert.deepEqual([answer.answer, answer.code], ['unknown', 'STATUS_ENTRY_INVALID']);
    });

  it('is unknown beyond the end of the list', async () => {
    const answer = await ask(await listOf('revocation', []), {}, { ...revocation, statusListIndex: '131072' });
    assert.deepEqual([answer.answer, answer.code], ['unknown', 'STATUS_INDEX_OUT_OF_RANGE']);
  });
});

describe('[BSL §2.2] buildStatusListCredential', () => {
  it('[INTEROP @digitalbazaar/vc] makes a list that plain @digitalbazaar/vc verifies', async () => {
    const list = JSON.parse(await listOf('revocation', [1, 2, 3])) as object;
    assert.equal(await libraryVerifies(list, [key], { now: FRESH }), true);
  });
  it('refuses a list valid for more than a week, or backwards', () => {
    for (const validUntil of ['2026-11-27T12:00:01Z', '2026-11-20T12:00:00Z', 'never'])
      assert.throws(() => unsignedList('revocation', [], { validUntil }), { code: 'STATUS_LIST_VALIDITY' });
  });
  it('refuses a list so short that it tells who is looked up', () => {
    assert.throws(() => unsignedList('revocation', [], { bits: new Uint8Array(1000) }), { code: 'STATUS_LIST_LENGTH' });
  });
});
