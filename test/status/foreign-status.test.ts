import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import * as library from '@digitalbazaar/vc-bitstring-status-list';
import fc from 'fast-check';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { getStatusValue, setBit, setStatusValue } from '../../shared/status/bitstring.js';
import { BITSTRING_PROBLEM_TYPES, checkForeignStatus } from '../../shared/status/check-foreign-status.js';
import { encodeBitstring } from '../../shared/status/encode-bitstring.js';
import { readStatusEntry } from '../../shared/status/foreign-status-entry.js';
import { statusEntryOf } from '../../shared/status/write-status-entry.js';

const LIST = 'https://issuer.example/status/3';
const ISSUER = 'did:web:issuer.example';
const bits = () => new Uint8Array(131_072 / 8);
const entry = (changes: JsonObject = {}): JsonObject => ({
  ...statusEntryOf({ list: LIST, index: 94_567, purpose: 'revocation' }),
  ...changes,
});
const listOf = (encodedList: string, changes: JsonObject = {}, subject: JsonObject = {}): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: LIST,
  type: ['VerifiableCredential', 'BitstringStatusListCredential'],
  issuer: ISSUER,
  validFrom: '2026-11-21T00:00:00Z',
  credentialSubject: { type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList, ...subject },
  ...changes,
});
const ask = (asked: unknown, list: JsonObject | undefined, proof: 'pass' | 'fail' | 'unknown' = 'pass') =>
  checkForeignStatus(asked, {
    issuer: ISSUER,
    list: list && JSON.stringify(list),
    checkCredential: (json) =>
      Promise.resolve({
        answer: proof,
        code: proof === 'pass' ? 'PROOF_VALID' : 'SIGNATURE_INVALID',
        credential: JSON.parse(String(json)) as JsonObject,
      }),
  });

describe('[BSL §2.1] status entries of others', () => {
  it('have their index as text and leave statusSize out when it is 1', () => {
    assert.deepEqual(entry(), {
      id: `${LIST}#94567`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '94567',
      statusListCredential: LIST,
    });
    assert.deepEqual(readStatusEntry(entry()), { purpose: 'revocation', index: 94_567, size: 1, list: LIST });
    assert.equal(readStatusEntry(entry({ statusSize: 1 })).size, 1);
  });

  it('with several bits or the purpose message say what every value means', () => {
    const messages = ['offen', 'bestanden', 'wiederholt', 'ungültig'];
    const written = statusEntryOf({ list: LIST, index: 5, purpose: 'message', size: 2, messages });
    assert.equal(written['statusSize'], 2);
    assert.deepEqual((written['statusMessage'] as JsonObject[])[3], { status: '0x3', message: 'ungültig' });
    assert.deepEqual([...(readStatusEntry(written).messages?.values() ?? [])], messages);
    for (const bad of [
      { purpose: 'message', size: 1 },
      { purpose: 'revocation', size: 2 },
      { purpose: 'message', size: 2, messages: messages.slice(1) },
      { purpose: 'message', size: 1, messages },
    ])
      assert.throws(() => statusEntryOf({ list: LIST, index: 5, ...bad }), { code: 'STATUS_ENTRY_INVALID' });
    const twice = (written['statusMessage'] as JsonObject[]).map((one) => ({ ...one, status: '0x1' }));
    assert.throws(() => readStatusEntry({ ...written, statusMessage: twice }), { code: 'STATUS_ENTRY_INVALID' });
  });

  it('are refused with any other form of index, type, size or purpose', () => {
    for (const changes of [
      { statusListIndex: 94_567 },
      { statusListIndex: '-1' },
      { statusListIndex: '007' },
      { statusListIndex: '0x10' },
      { statusListIndex: '1.0' },
      { statusListIndex: '' },
      { type: 'StatusList2021Entry' },
      { statusSize: '1' },
      { statusSize: 0 },
      { statusSize: 9 },
      { statusPurpose: '' },
      { statusPurpose: ['revocation'] },
      { statusListCredential: 7 },
    ])
      assert.throws(() => readStatusEntry(entry(changes)), { code: 'STATUS_ENTRY_INVALID' }, JSON.stringify(changes));
    for (const none of [null, 'x', [], {}])
      assert.throws(() => readStatusEntry(none), { code: 'STATUS_ENTRY_INVALID' });
  });

  it('name lists at https, at http on this machine only', () => {
    const at = (list: string) => readStatusEntry(entry({ statusListCredential: list })).list;
    for (const good of [LIST, 'http://localhost:8701/status/1', 'http://127.0.0.1/1']) assert.equal(at(good), good);
    for (const bad of [
      'http://issuer.example/1',
      'http://localhost.evil.example/',
      'ftp://a/1',
      'data:,x',
      'x',
      'https://u:p@a.example/',
    ])
      assert.throws(() => at(bad), { code: 'STATUS_LIST_URL' }, bad);
  });
});

describe('[BSL §3.2] asking a status list of others', () => {
  it('tells clear from revoked and suspended', async () => {
    const set = bits();
    setBit(set, 94_567, true);
    const clear = await ask(entry(), listOf(encodeBitstring(bits())));
    assert.deepEqual(
      [clear.answer, clear.code, clear.value, clear.asOf],
      ['pass', 'STATUS_CLEAR', 0, '2026-11-21T00:00:00Z'],
    );
    const revoked = await ask(entry(), listOf(encodeBitstring(set)));
    assert.deepEqual([revoked.answer, revoked.code], ['fail', 'CERTIFICATE_REVOKED']);
    const many = { statusPurpose: ['revocation', 'suspension'] };
    const suspended = await ask(entry({ statusPurpose: 'suspension' }), listOf(encodeBitstring(set), {}, many));
    assert.deepEqual([suspended.answer, suspended.code], ['fail', 'CERTIFICATE_SUSPENDED']);
  });

  it('understands messages of several bits', async () => {
    const set = bits();
    setStatusValue(set, 5, 2, 2);
    const asked = statusEntryOf({ list: LIST, index: 5, purpose: 'message', size: 2, messages: ['a', 'b', 'c', 'd'] });
    const found = await ask(asked, listOf(encodeBitstring(set), {}, { statusPurpose: 'message' }));
    assert.deepEqual([found.answer, found.code, found.value, found.message], ['pass', 'STATUS_MESSAGE', 2, 'c']);
  });

  it('leaves unknown what it cannot find out, each with its own code', async () => {
    const good = encodeBitstring(bits());
    const own = await ask(entry({ statusPurpose: 'refresh' }), listOf(good, {}, { statusPurpose: 'refresh' }));
    const cases: [Awaited<ReturnType<typeof ask>>, string][] = [
      [own, 'STATUS_PURPOSE_UNKNOWN'],
      [await ask(entry({ type: 'x' }), listOf(good)), 'STATUS_ENTRY_INVALID'],
      [await ask(entry(), undefined), 'STATUS_LIST_UNKNOWN'],
      [await ask(entry(), listOf(good), 'fail'), 'STATUS_LIST_PROOF_INVALID'],
      [await ask(entry(), listOf(good), 'unknown'), 'STATUS_LIST_KEY_UNKNOWN'],
      [await ask(entry(), listOf(good, { type: ['VerifiableCredential'] })), 'STATUS_LIST_SCHEMA'],
      [await ask(entry(), listOf(good, {}, { type: 'StatusList2021' })), 'STATUS_LIST_SCHEMA'],
      [await ask(entry(), listOf(good, { id: `${LIST}4` })), 'STATUS_LIST_ID_MISMATCH'],
      [await ask(entry(), listOf(good, { issuer: 'did:web:evil.example' })), 'STATUS_LIST_ISSUER_MISMATCH'],
      [await ask(entry(), listOf(good, {}, { statusPurpose: 'suspension' })), 'STATUS_LIST_PURPOSE_MISMATCH'],
      [await ask(entry(), listOf('x')), 'STATUS_LIST_ENCODING'],
      [await ask(entry(), listOf(`u${'A'.repeat(40)}`)), 'STATUS_LIST_ENCODING'],
      [await ask(entry(), listOf(encodeBitstring(new Uint8Array(131_064 / 8)))), 'STATUS_LIST_LENGTH'],
      [await ask(entry({ statusListIndex: '131072' }), listOf(good)), 'STATUS_INDEX_OUT_OF_RANGE'],
      [await ask(entry({ statusListIndex: '9999999999999999' }), listOf(good)), 'STATUS_INDEX_OUT_OF_RANGE'],
    ];
    for (const [{ answer, code, asOf }, expected] of cases) {
      assert.equal(code, expected);
      assert.equal(answer, 'unknown');
      if (expected !== 'STATUS_PURPOSE_UNKNOWN') {
        assert.equal(asOf, null);
        assert.match(BITSTRING_PROBLEM_TYPES[expected] ?? '', /#[A-Z_]+_ERROR$/, expected);
      }
    }
  });

  it('stops inflating a list that grows without end', async () => {
    const bomb = `u${gzipSync(new Uint8Array(64 * 1024 * 1024)).toString('base64url')}`;
    const before = process.memoryUsage().arrayBuffers;
    assert.equal((await ask(entry(), listOf(bomb))).code, 'STATUS_LIST_LENGTH');
    assert.ok(process.memoryUsage().arrayBuffers - before < 32 * 1024 * 1024);
  });

  it('reads every value it wrote, next to others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(1000), fc.nat(255), fc.nat(255), (size, index, a, b) => {
        const set = bits();
        const [first, second] = [a % 2 ** size, b % 2 ** size];
        setStatusValue(set, index, size, first);
        setStatusValue(set, index + 1, size, second);
        assert.deepEqual([getStatusValue(set, index, size), getStatusValue(set, index + 1, size)], [first, second]);
      }),
    );
  });

  it('[INTEROP @digitalbazaar/vc-bitstring-status-list] reads lists that library makes, and it reads ours', async () => {
    const theirs = await library.createList({ length: 131_072 });
    theirs.setStatus(94_567, true);
    const found = await ask(entry(), listOf(await theirs.encode()));
    assert.equal(found.code, 'CERTIFICATE_REVOKED');
    const set = bits();
    setBit(set, 3, true);
    const ours = await library.decodeList({ encodedList: encodeBitstring(set) });
    assert.deepEqual([ours.getStatus(3), ours.getStatus(4)], [true, false]);
  });
});
