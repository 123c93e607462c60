import assert from 'node:assert/strict';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { CERTIFICATE_FORMS } from '../../shared/proof/forms/certificate-form.js';
import { sameHolderKey } from '../../shared/proof/holder-check.js';
import type { Verdict } from '../../shared/verdict/types.js';
import { AUTHORITY, sampleRecord } from '../certificate/sample-records.js';
import { STRANGER, trustOf } from '../verdict/sample-trust.js';
import { answers, ask, holder, holderKey, secured, securedRecord } from './world.js';

/** What a verdict says, without the digest of its form and what only one form says. */
const substance = ({ input: _, ...verdict }: Verdict): object => verdict;

describe('one certificate, four forms, one verdict', () => {
  for (const kind of KIND_IDS)
    it(`says the same of a ${kind} certificate in every form`, async () => {
      const record = sampleRecord(kind, {
        assessment: { ...sampleRecord(kind).assessment, theoryScore: '88.5', practicalScore: '91' },
        candidateEmployer: { uscc: '91510100MA6CXXXX0X', name: '示例焊接公司' },
        supersedes: 'urn:yizheng:certificate:OLD-1:1',
      });
      const trust = await trustOf(AUTHORITY, { changes: {} });
      const verdicts = await Promise.all(
        CERTIFICATE_FORMS.map(async (form) => ask(await securedRecord(form, record), { trust })),
      );
      const [first] = verdicts;
      assert.ok(first);
      assert.equal(first.questions.authentic.code, 'PROOF_VALID');
      assert.deepEqual(first.certificate?.holder, { ...record.holder, id: holder.did });
      for (const verdict of verdicts) assert.deepEqual(substance(verdict), substance(first));
    });

  const cases: [string, Parameters<typeof secured>[1], Parameters<typeof trustOf>[1], string][] = [
    ['is accepted', {}, {}, 'accepted pass PROOF_VALID,pass ACCREDITED,pass CURRENT,pass ACCREDITED_BY_ANCHOR'],
    ['is revoked', {}, { revoked: [4711] }, 'refused pass PROOF_VALID,pass ACCREDITED,fail CERTIFICATE_REVOKED'],
    ['is suspended', {}, { suspended: [4711] }, 'refused pass PROOF_VALID,pass ACCREDITED,fail CERTIFICATE_SUSPENDED'],
    ['has no list', {}, { lists: false }, 'undetermined pass PROOF_VALID,pass ACCREDITED,unknown STATUS_LIST_UNKNOWN'],
    ['expired', { expiresOn: '2026-11-20' }, {}, 'refused pass PROOF_VALID,pass ACCREDITED,fail CERTIFICATE_EXPIRED'],
    ['is for later', { issuedOn: '2026-11-22' }, {}, 'refused pass PROOF_VALID,pass ACCREDITED,fail NOT_YET_VALID'],
    [
      'has a number of another institution',
      { certificateNumber: 'S000051000999263000045' },
      {},
      'refused pass PROOF_VALID,fail NUMBER_INSTITUTION_MISMATCH',
    ],
  ];
  for (const [title, changes, trustOptions, expected] of cases)
    it(`says of one that ${title} the same in every form`, async () => {
      const trust = await trustOf(AUTHORITY, trustOptions);
      const said = await Promise.all(
        CERTIFICATE_FORMS.map(async (form) => {
          const verdict = await ask(await secured(form, changes), { trust });
          return `${verdict.headline} ${answers(verdict).join()}`;
        }),
      );
      assert.equal(new Set(said).size, 1, said.join('\n'));
      assert.ok(said[0]?.startsWith(expected), said[0]);
    });

  it('cannot say under an authority that knows no key of the issuer, and refuses what that authority does not recognise', async () => {
    const trust = await trustOf(STRANGER);
    for (const form of CERTIFICATE_FORMS) {
      const verdict = await ask(await secured(form), { trust, context: { anchor: STRANGER } });
      assert.equal(verdict.questions.authentic.code, 'ISSUER_KEY_UNKNOWN', form);
    }
  });

  it('judges key history by the time of signing in every form', async () => {
    for (const form of CERTIFICATE_FORMS) {
      const early = await ask(await secured(form, {}, { now: '2025-12-31T00:00:00Z' }));
      assert.equal(early.questions.authentic.code, 'KEY_NOT_VALID_AT_ISSUE', form);
      const future = await ask(await secured(form, {}, { now: '2026-12-31T00:00:00Z' }));
      assert.equal(future.questions.authentic.code, 'CREATED_IN_FUTURE', form);
    }
  });

  describe('the holder question', () => {
    const check = { answer: 'pass', code: 'HOLDER_BOUND', key: holder.did, at: '2026-11-20T23:59:50Z' } as const;
    for (const form of CERTIFICATE_FORMS)
      it(`is answered by the key a ${form} is bound to, and by no other`, async () => {
        const json = await secured(form);
        const holderOf = async (holder: object) =>
          (await ask(json, { input: { holder: { ...check, ...holder } } })).questions.holder;
        assert.deepEqual(
          { ...(await holderOf({})), params: {} },
          {
            answer: 'pass',
            code: 'HOLDER_BOUND',
            params: {},
            asOf: check.at,
            reasons: [],
          },
        );
        assert.equal((await holderOf({ key: holderKey(8).did })).code, 'HOLDER_KEY_MISMATCH');
        const expired = await ask(json, {
          input: { holder: { ...check, answer: 'fail', code: 'HOLDER_PROOF_EXPIRED' } },
        });
        assert.deepEqual([expired.headline, expired.questions.holder.code], ['refused', 'HOLDER_PROOF_EXPIRED']);
        const clocks = await ask(json, {
          input: { holder: { ...check, answer: 'unknown', code: 'HOLDER_CLOCK_DIFFERS' } },
        });
        assert.deepEqual([clocks.headline, clocks.questions.holder.answer], ['accepted', 'unknown']);
        assert.equal((await ask(json)).questions.holder.code, 'HOLDER_NOT_BOUND');
      });

    it('stays a comparison with the ID card for a certificate bound to no key, whoever signs', async () => {
      const json = await securedRecord('vc+jwt', sampleRecord(), { unbound: true });
      const verdict = await ask(json, { input: { holder: check } });
      assert.equal(verdict.questions.holder.code, 'HOLDER_NOT_BOUND');
    });

    it('knows one key in both methods it may be written in', () => {
      const jwk = 'did:jwk:eyJrdHkiOiJFQyIsImNydiI6IlAtMjU2IiwieCI6IlgiLCJ5IjoiWSJ9';
      assert.equal(sameHolderKey(holder.did, jwk), false);
      assert.equal(sameHolderKey(holder.did, holder.did), true);
    });
  });
});
