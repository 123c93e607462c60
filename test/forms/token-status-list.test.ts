import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { StatusList } from '@sd-jwt/jwt-status-list';
import { createBitstring, setBit } from '../../shared/status/bitstring.js';
import { checkTokenStatus } from '../../shared/status/check-token-status.js';
import {
  createTokenStatuses,
  decodeTokenStatuses,
  encodeTokenStatuses,
  getTokenStatus,
  setTokenStatus,
  tokenStatusesOf,
  tokenStatusListUrl,
  type StatusBits,
} from '../../shared/status/token-status-list.js';
import { signTokenStatusList, verifyTokenStatusList } from '../../shared/status/token-status-list-token.js';
import { AUTHORITY, ISSUER } from '../certificate/sample-records.js';
import { testKey } from '../proof/keys.js';
import { NOW, trustOf } from '../verdict/sample-trust.js';
import { ask, issuerKey, secured, SIGNED_AT, withPayload } from './world.js';

const uri = tokenStatusListUrl(ISSUER, 1);
const DAY = 86_400;
const keyOf = (id: string) => (id === issuerKey.key.id ? issuerKey.key : undefined);
const sign = (set: Record<number, number> = {}, changes: object = {}): Promise<string> => {
  const statuses = createTokenStatuses(131_072);
  for (const [index, value] of Object.entries(set)) setTokenStatus(statuses, Number(index), value);
  return signTokenStatusList(
    { uri, issuer: ISSUER, statuses, now: SIGNED_AT, validForSeconds: DAY, ttlSeconds: 3_600, ...changes },
    issuerKey.signer,
  );
};
const codeOf = async (token: string, changes: object = {}): Promise<string> => {
  const options = { token, issuer: ISSUER, keyOf, now: NOW, ...changes };
  const { answer, code } = await checkTokenStatus({ uri, idx: 4711 }, options);
  return `${answer} ${code}`;
};

describe('Token Status List', () => {
  it('[TSL §4.1] packs entries from the least significant bit on, as the examples of the draft do', () => {
    const one = createTokenStatuses(16, 1);
    for (const index of [0, 3, 4, 5, 7, 8, 9, 13, 15]) setTokenStatus(one, index, 1);
    assert.deepEqual([...one.bytes], [0xb9, 0xa3]);
    assert.equal(encodeTokenStatuses(one), 'eNrbuRgAAhcBXQ');
    const two = createTokenStatuses(16, 2);
    [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3].forEach((value, index) => setTokenStatus(two, index, value));
    assert.deepEqual([...two.bytes.subarray(0, 3)], [0xc9, 0x44, 0xf9]);
  });

  it('[TSL §4.2] [INTEROP @sd-jwt/jwt-status-list] reads back what the library wrote, and the other way round', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<StatusBits>(1, 2, 4, 8),
        fc
          .array(fc.nat(255), { minLength: 8, maxLength: 400 })
          .map((all) => all.slice(0, all.length - (all.length % 8))),
        (bits, raw) => {
          const values = raw.map((value) => value % 2 ** bits);
          const ours = createTokenStatuses(values.length, bits);
          values.forEach((value, index) => setTokenStatus(ours, index, value));
          const theirs = new StatusList(values, bits);
          const read = decodeTokenStatuses({ bits, lst: theirs.compressStatusList() });
          assert.deepEqual(
            values.map((_, index) => getTokenStatus(read, index)),
            values,
          );
          const back = StatusList.decompressStatusList(encodeTokenStatuses(ours), bits);
          assert.deepEqual(
            values.map((_, index) => back.getStatus(index)),
            values,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says what the two Bitstring lists say', () => {
    const [revoked, suspended] = [createBitstring(131_072), createBitstring(131_072)];
    setBit(revoked, 5, true);
    setBit(suspended, 5, true);
    setBit(suspended, 131_071, true);
    const statuses = tokenStatusesOf({ revoked, suspended });
    assert.deepEqual(
      [0, 5, 6, 131_071].map((index) => getTokenStatus(statuses, index)),
      [0, 1, 0, 2],
    );
    assert.throws(() => getTokenStatus(statuses, 131_072), { code: 'STATUS_INDEX_OUT_OF_RANGE' });
    assert.ok(encodeTokenStatuses(statuses).length < 200);
  });

  it('[TSL §8.3] answers clear, revoked, suspended; a value nobody agreed on is not known', async () => {
    assert.equal(await codeOf(await sign()), 'pass STATUS_CLEAR');
    assert.equal(await codeOf(await sign({ 4711: 1 })), 'fail CERTIFICATE_REVOKED');
    assert.equal(await codeOf(await sign({ 4711: 2 })), 'fail CERTIFICATE_SUSPENDED');
    assert.equal(await codeOf(await sign({ 4711: 3 })), 'unknown STATUS_VALUE_UNKNOWN');
  });

  it('an old list still revokes, and says nothing else', async () => {
    const later = { now: '2026-11-25T00:00:00Z' };
    assert.equal(await codeOf(await sign(), later), 'unknown STATUS_LIST_STALE');
    assert.equal(await codeOf(await sign({ 4711: 2 }), later), 'unknown STATUS_LIST_STALE');
    assert.equal(await codeOf(await sign({ 4711: 1 }), later), 'fail CERTIFICATE_REVOKED');
  });

  it('proves nothing from another key, address, issuer or time', async () => {
    const other = testKey(ISSUER, 9);
    const foreign = await signTokenStatusList(
      {
        uri,
        issuer: ISSUER,
        statuses: createTokenStatuses(131_072),
        now: SIGNED_AT,
        validForSeconds: DAY,
        ttlSeconds: 60,
      },
      { ...other.signer, id: issuerKey.key.id },
    );
    assert.equal(await codeOf(foreign), 'unknown STATUS_LIST_PROOF_INVALID');
    assert.equal(await codeOf(await sign(), { keyOf: () => undefined }), 'unknown STATUS_LIST_KEY_UNKNOWN');
    assert.equal(await codeOf(await sign({}, { uri: `${uri}0` })), 'unknown STATUS_LIST_ID_MISMATCH');
    assert.equal(await codeOf(await sign({}, { issuer: 'did:web:x.example' })), 'unknown STATUS_LIST_SCHEMA');
    assert.equal(await codeOf(await sign(), { issuer: 'did:web:x.example' }), 'unknown STATUS_LIST_ISSUER_MISMATCH');
    assert.equal(await codeOf(await sign({}, { now: '2026-11-22T00:00:00Z' })), 'unknown STATUS_LIST_NOT_YET_VALID');
    const changed = withPayload(await sign(), (claims) => (claims['exp'] = 4_102_444_800));
    assert.equal(await codeOf(changed), 'unknown STATUS_LIST_PROOF_INVALID');
    const small = await sign({}, { statuses: createTokenStatuses(8) });
    assert.equal(await codeOf(small), 'unknown STATUS_INDEX_OUT_OF_RANGE');
  });

  it('stops inflating a list that grows beyond its limit', async () => {
    const bomb = deflateSync(new Uint8Array(16 * 1024 * 1024)).toString('base64url');
    const started = performance.now();
    assert.throws(() => decodeTokenStatuses({ bits: 2, lst: bomb }), { code: 'STATUS_LIST_LENGTH' });
    assert.ok(performance.now() - started < 2_000);
    assert.throws(() => decodeTokenStatuses({ bits: 2, lst: 'AAAA' }), { code: 'STATUS_LIST_ENCODING' });
    await assert.rejects(verifyTokenStatusList(await sign(), { keyOf, now: NOW, maxEntries: 65_536 }), {
      code: 'STATUS_LIST_LENGTH',
    });
    assert.throws(() => sign({}, { validForSeconds: 30 * DAY }), { code: 'STATUS_LIST_VALIDITY' });
  });

  describe('in a verdict', () => {
    const current = async (token: string | undefined, lists: object): Promise<string> => {
      const text = await secured('dc+sd-jwt', {}, { tokenStatus: { uri, idx: 4711 } });
      const trust = await trustOf(AUTHORITY, lists);
      const statusTokenOf = (asked: string) => (asked === uri ? token : undefined);
      const { questions } = await ask(text, { trust, context: { statusTokenOf } });
      return `${questions.current.answer} ${questions.current.code}`;
    };

    it('is enough without Bitstring lists; without either nothing passes', async () => {
      assert.equal(await current(await sign(), { lists: false }), 'pass CURRENT');
      assert.equal(await current(undefined, { lists: false }), 'unknown STATUS_LIST_UNKNOWN');
    });

    it('is not needed beside Bitstring lists, but what either says against the certificate counts', async () => {
      assert.equal(await current(undefined, {}), 'pass CURRENT');
      assert.equal(await current(await sign({ 4711: 1 }), {}), 'fail CERTIFICATE_REVOKED');
      assert.equal(await current(await sign(), { revoked: [4711] }), 'fail CERTIFICATE_REVOKED');
    });

    it('of a stranger changes nothing', async () => {
      const { signer } = testKey('did:web:x.example', 4);
      const statuses = createTokenStatuses(131_072);
      const token = await signTokenStatusList(
        { uri, issuer: 'did:web:x.example', statuses, now: SIGNED_AT, validForSeconds: DAY, ttlSeconds: 60 },
        signer,
      );
      assert.equal(await current(token, { lists: false }), 'unknown STATUS_LIST_UNKNOWN');
    });
  });
});
