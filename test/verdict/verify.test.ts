import assert from 'node:assert/strict';
import { verify } from '../../shared/verdict/verify.js';
import { QUESTIONS, type Verdict } from '../../shared/verdict/types.js';
import { AUTHORITY, ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { NOW, PARTNER, sign, signed, STRANGER, trustOf } from './sample-trust.js';

type Options = Parameters<typeof trustOf>[1] & { now?: string; json?: string };

async function ask(anchor: string, options: Options = {}): Promise<Verdict> {
  const json = options.json ?? (await signed());
  return verify({ carrier: 'json', json }, { trust: await trustOf(anchor, options), anchor, now: options.now ?? NOW });
}

const answers = (verdict: Verdict): string[] =>
  QUESTIONS.map((question) => `${verdict.questions[question].answer} ${verdict.questions[question].code}`);

describe('verify: five questions, one headline', () => {
  it('accepts at home', async () => {
    const verdict = await ask(AUTHORITY);
    assert.equal(verdict.headline, 'accepted');
    assert.deepEqual(answers(verdict), [
      'pass PROOF_VALID',
      'pass ACCREDITED',
      'pass CURRENT',
      'pass ACCREDITED_BY_ANCHOR',
      'unknown HOLDER_NOT_BOUND',
    ]);
    assert.equal(verdict.questions.current.asOf, '2026-11-20T12:00:00Z');
  });

  it('accepts under a partner by its recognition statement', async () => {
    const verdict = await ask(PARTNER);
    assert.equal(verdict.headline, 'accepted');
    assert.equal(verdict.questions.recognised.code, 'RECOGNISED_BY_ANCHOR');
    assert.deepEqual(verdict.decision?.path, [
      'urn:yizheng:recognition:cq-sc-2026',
      'urn:yizheng:accreditation:sichuan.example:2026-001',
    ]);
  });

  it('refuses under a stranger, and says that it cannot judge the signature', async () => {
    const verdict = await ask(STRANGER);
    assert.equal(verdict.headline, 'refused');
    assert.equal(verdict.questions.authentic.code, 'ISSUER_KEY_UNKNOWN');
    assert.equal(verdict.questions.recognised.code, 'NO_RECOGNITION_OF_AUTHORITY');
  });

  it('shows names as the trust data has them, not as the certificate calls itself', async () => {
    const verdict = await ask(PARTNER);
    assert.equal(verdict.certificate?.issuer.name, '示例职业技能评价中心(备案名)');
    const unknown = await ask(STRANGER);
    assert.equal(unknown.certificate?.issuer.name, ISSUER);
  });

  it('refuses a changed level and judges nothing else', async () => {
    const json = (await signed()).replace('"value":"3"', '"value":"2"');
    const verdict = await ask(AUTHORITY, { json });
    assert.equal(verdict.headline, 'refused');
    assert.equal(verdict.questions.authentic.answer, 'fail');
    assert.equal(verdict.questions.recognised.answer, 'unknown');
    assert.equal(verdict.certificate, undefined);
  });

  it('refuses a certificate outside the accreditation, by reason', async () => {
    const json = await signed({
      level: { framework: 'cn-skill-5', value: '1' },
      certificateNumber: 'S000051000123261000045',
    });
    const verdict = await ask(AUTHORITY, { json });
    assert.deepEqual(
      [verdict.headline, verdict.questions.authorised.answer, verdict.questions.authorised.code],
      ['refused', 'fail', 'LEVEL_OUT_OF_SCOPE'],
    );
  });

  it('refuses a number of another institution, year or level', async () => {
    for (const [certificateNumber, code] of [
      ['S000051000999263000045', 'NUMBER_INSTITUTION_MISMATCH'],
      ['S000051000123253000045', 'NUMBER_YEAR_MISMATCH'],
      ['S000051000123264000045', 'NUMBER_LEVEL_MISMATCH'],
    ] as const) {
      const verdict = await ask(AUTHORITY, { json: await signed({ certificateNumber }) });
      assert.deepEqual([verdict.headline, verdict.questions.authorised.code], ['refused', code]);
    }
  });

  it('refuses when revoked or suspended', async () => {
    assert.deepEqual(answers(await ask(AUTHORITY, { revoked: [4711] }))[2], 'fail CERTIFICATE_REVOKED');
    const suspended = await ask(PARTNER, { suspended: [4711] });
    assert.deepEqual([suspended.headline, suspended.questions.current.code], ['refused', 'CERTIFICATE_SUSPENDED']);
  });

  it('never accepts without a status list: it cannot say', async () => {
    const verdict = await ask(AUTHORITY, { lists: false });
    assert.deepEqual([verdict.headline, verdict.questions.current.code], ['undetermined', 'STATUS_LIST_UNKNOWN']);
  });

  it('never accepts on stale data, but still refuses what was revoked', async () => {
    const later = '2027-03-01T00:00:00Z';
    const stale = await ask(AUTHORITY, { now: later });
    assert.equal(stale.headline, 'undetermined');
    assert.equal(stale.decision?.wouldBe, 'recognised');
    assert.equal((await ask(AUTHORITY, { now: later, revoked: [4711] })).headline, 'refused');
  });

  it('refuses what has expired or is not valid yet', async () => {
    const json = await signed({ expiresOn: '2026-11-20' });
    assert.equal((await ask(AUTHORITY, { json })).questions.current.code, 'CERTIFICATE_EXPIRED');
    const early = await signed({ issuedOn: '2026-11-22' });
    assert.equal((await ask(AUTHORITY, { json: early })).questions.current.code, 'NOT_YET_VALID');
  });

  it('judges at the time of the trust data when the clock of the device is behind it', async () => {
    const json = await signed({ expiresOn: '2026-11-20', issuedOn: '2026-11-20' });
    const clockBehind = '2026-11-20T11:00:00Z';
    const ahead = { issuedAt: '2026-11-20T17:00:00Z' };
    const verdict = await ask(AUTHORITY, { json, now: clockBehind, changes: ahead });
    assert.equal(verdict.questions.current.code, 'CERTIFICATE_EXPIRED');
  });

  it('does not take an appointment for begun before its first day', async () => {
    const appointment = { position: '首席技师', from: '2030-01-01' };
    const json = JSON.stringify(await sign({ ...sampleRecord('appointment'), appointment }));
    const verdict = await ask(AUTHORITY, { json });
    assert.deepEqual([verdict.questions.current.answer, verdict.questions.current.code], ['fail', 'NOT_YET_VALID']);
  });

  it('says not-recognised to machines when a certificate is revoked, and still answers each question for people', async () => {
    const verdict = await ask(AUTHORITY, { revoked: [4711] });
    assert.equal(verdict.decision?.outcome, 'not-recognised');
    assert.equal(verdict.questions.recognised.answer, 'pass');
  });

  it('judges whatever calls itself a certificate as a certificate, in any order or spelling', async () => {
    const certificate = JSON.parse(await signed()) as { type: string[] };
    for (const type of [
      ['SkillLevelCertificate', 'VerifiableCredential'],
      ['VerifiableCredential', 'OpenBadgeCredential', 'SkillLevelCertificate'],
      ['VerifiableCredential', 'https://yizheng.example/ns/v1#SkillLevelCertificate'],
      ['VerifiableCredential'],
    ]) {
      const verdict = await ask(AUTHORITY, { json: JSON.stringify({ ...certificate, type }) });
      assert.equal(verdict.questions.authentic.answer, 'fail', type.join());
    }
  });

  it('calls a foreign credential foreign, not forged', async () => {
    const json = JSON.stringify({ '@context': [], type: ['VerifiableCredential', 'OpenBadgeCredential'] });
    const verdict = await ask(AUTHORITY, { json });
    assert.deepEqual([verdict.headline, verdict.questions.authentic.code], ['undetermined', 'UNKNOWN_CREDENTIAL_TYPE']);
  });

  it('gives the same verdict for the same input, byte for byte', async () => {
    const json = await signed();
    assert.equal(JSON.stringify(await ask(PARTNER, { json })), JSON.stringify(await ask(PARTNER, { json })));
  });
});
