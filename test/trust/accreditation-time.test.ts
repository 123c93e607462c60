import assert from 'node:assert/strict';
import { authorise } from '../../shared/trust/authorise.js';
import { decide } from '../../shared/trust/decide.js';
import type { Accreditation, CertificateFacts } from '../../shared/trust/types.js';
import * as w from './world.js';

const { SC, CQ, NOW } = w;
const SECOND = 'urn:yizheng:accreditation:S000050000001:2';

function answers(rows: Accreditation[], certificate: CertificateFacts = w.facts()): string[] {
  const view = w.alliance({ cq: { accreditations: rows } });
  return [
    authorise(certificate, view, { now: NOW }).answer,
    decide(certificate, view, { anchor: SC, now: NOW }).outcome,
  ];
}
const GOOD = ['pass', 'recognised'];
const BAD = ['fail', 'not-recognised'];

describe('trust: an accreditation replaced', () => {
  const old = w.accreditation();
  const replaced = (validFrom: string, scope: object = {}) =>
    w.accreditation({ id: SECOND, supersedes: [old.id] }, { validFrom }, scope);
  it('by one that covers the same days leaves certificates under the old one good', () =>
    assert.deepEqual(answers([old, replaced('2024-01-01T00:00:00+08:00')]), GOOD));
  it('by one that begins on the day of issue does, too', () =>
    assert.deepEqual(answers([old, replaced('2025-06-01T00:00:00+08:00')]), GOOD));
  it('and that one replaced again', () => {
    const third = w.accreditation({ id: SECOND.replace(/2$/, '3'), supersedes: [SECOND] }, {});
    assert.deepEqual(answers([old, replaced('2024-01-01T00:00:00+08:00'), third]), GOOD);
  });
  it('by one that does not cover the certificate says so', () =>
    assert.deepEqual(answers([old, replaced('2024-01-01T00:00:00+08:00', { kind: ['training-completion'] })]), BAD));
  it('by one of another institution gives nothing', () => {
    const foreign = w.accreditation({ id: SECOND, supersedes: [old.id], institution: 'did:web:other.example' });
    assert.deepEqual(answers([old, foreign]), BAD);
  });
});

describe('trust: an accreditation and the day of issue', () => {
  const from = (validFrom: string) => [w.accreditation({}, { validFrom })];
  const until = (validUntil: string) => [w.accreditation({}, { validUntil })];
  it('that begins at nine covers what is signed later that day, and nothing signed before', () => {
    assert.deepEqual(answers(from('2025-06-01T09:00:00+08:00')), GOOD);
    assert.deepEqual(answers(from('2025-06-01T10:00:01+08:00')), BAD);
  });
  it('that begins the next day does not, whenever it was signed', () =>
    assert.deepEqual(answers(from('2025-06-02T00:00:00+08:00'), w.facts({ signedAt: '2025-06-02T02:00:00Z' })), BAD));
  it('that ends that noon covers what is signed in the morning only', () => {
    assert.deepEqual(answers(until('2025-06-01T12:00:00+08:00')), GOOD);
    assert.deepEqual(answers(until('2025-06-01T10:00:00+08:00')), BAD);
    assert.deepEqual(answers(until('2025-06-01T00:00:00+08:00')), BAD);
  });
});

describe('trust: a window of issue', () => {
  const window = { certificateIssued: { until: '2025-06-01T00:00:00+08:00' } };
  const judged = (certificate: CertificateFacts) =>
    decide(certificate, w.alliance({ sc: { recognitions: [w.recognition({}, window)] } }), { anchor: SC, now: NOW });
  it('is not entered by a date set back: what is signed after it lies outside', () => {
    const day = { issuedAt: '2025-05-31T00:00:00+08:00' };
    assert.equal(judged(w.facts({ ...day, signedAt: '2025-05-31T02:00:00Z' })).outcome, 'recognised');
    const late = judged(w.facts({ ...day, signedAt: '2025-06-01T02:00:00Z' }));
    assert.deepEqual([late.outcome, late.reasons[0]?.code], ['not-recognised', 'ISSUED_OUTSIDE_RECOGNISED_PERIOD']);
  });
});

describe('trust: one key in several accreditations', () => {
  const row = (id: string, validUntil?: string) =>
    w.accreditation({
      id,
      signingKeys: w.accreditation().signingKeys.map((key) => ({ ...key, ...(validUntil && { validUntil }) })),
    });
  it('ends where any of them ends it', () => {
    const first = w.accreditation().id;
    for (const rows of [
      [row(first, '2025-01-01T00:00:00Z'), row(SECOND)],
      [row(first), row(SECOND, '2025-01-01T00:00:00Z')],
      [row(first, '2026-01-01T00:00:00Z'), row(SECOND, '2025-01-01T00:00:00Z')],
    ]) {
      assert.deepEqual(answers(rows), BAD);
      assert.equal(
        w.alliance({ cq: { accreditations: rows } }).keysOf(CQ)(`${w.INSTITUTION}#k1`)?.validUntil,
        '2025-01-01T00:00:00Z',
      );
    }
    assert.deepEqual(answers([row(first), row(SECOND)]), GOOD);
  });
});
