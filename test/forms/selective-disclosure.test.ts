import assert from 'node:assert/strict';
import { presentSdJwt, readSdJwtClaims } from '../../shared/proof/forms/present-sd-jwt.js';
import { openSdJwt } from '../../shared/proof/sd-jwt/open-sd-jwt.js';
import { createReceipt } from '../../shared/verdict/receipt.js';
import { recheckReceipt } from '../../shared/verdict/receipt-recheck.js';
import { parseReceipt } from '../../shared/verdict/receipt-schema.js';
import { verdictText } from '../../shared/verdict/verdict-text.js';
import { AUTHORITY, sampleRecord } from '../certificate/sample-records.js';
import { NOW, trustOf } from '../verdict/sample-trust.js';
import { answers, ask, AUDIENCE, holder, holderKey, NONCE, secured } from './world.js';

const ID_NUMBER = '110101199001011234';
const scores = { assessment: { ...sampleRecord().assessment, theoryScore: '88.5', practicalScore: '91' } };
const keyBinding = { audience: AUDIENCE, nonce: NONCE };
const kb = { signer: holder.signer, ...keyBinding, now: NOW };

/** A real citizen number ends in its check character, so the last four follow from it. */
const citizen = '11010119900307002X';
const full = () =>
  secured(
    'dc+sd-jwt',
    { ...scores, holder: { ...sampleRecord().holder, identityDocumentLastFour: '002X' } },
    {
      personal: {
        idNumber: citizen,
        birthDate: '1990-03-07',
        photo: { mediaType: 'image/png', bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3) },
      },
    },
  );

describe('dc+sd-jwt: the holder chooses what to show', () => {
  it('[SD-JWT §7.2] may hide name, identity number, birth date, photo and scores, and nothing a verdict rests on', async () => {
    const { disclosable } = readSdJwtClaims(await full());
    assert.deepEqual(disclosable.map((path) => path.join('.')).sort(), [
      'assessment.practical_score',
      'assessment.theory_score',
      'birthdate',
      'identity_document.last_four',
      'identity_document.number',
      'name',
      'picture',
    ]);
  });

  it('answers all five questions about level and occupation alone, without name and number', async () => {
    const shown = await presentSdJwt(await full(), { disclose: [], keyBinding: kb });
    const verdict = await ask(shown, { input: { keyBinding } });
    assert.equal(verdict.headline, 'accepted');
    assert.deepEqual(answers(verdict), [
      'pass PROOF_VALID',
      'pass ACCREDITED',
      'pass CURRENT',
      'pass ACCREDITED_BY_ANCHOR',
      'pass HOLDER_BOUND',
    ]);
    assert.deepEqual(verdict.certificate?.level, { framework: 'cn-skill-5', value: '3' });
    assert.deepEqual(verdict.certificate.holder, { id: holder.did, identityDocumentType: 'resident-identity-card' });
    assert.equal(verdict.personal, undefined);
    assert.deepEqual(verdict.notShown, [
      'name',
      'birthdate',
      'picture',
      'identity_document.last_four',
      'identity_document.number',
      'assessment.theory_score',
      'assessment.practical_score',
      'assessment.comprehensive_score',
    ]);
    assert.doesNotMatch(JSON.stringify([shown, verdict]), /张伟|002X|88\.5|1990/);
  });

  it('says in words what was not shown', async () => {
    const shown = await presentSdJwt(await full(), { disclose: [['name']] });
    const { certificate } = verdictText(await ask(shown), 'zh-CN');
    const row = certificate.find(({ label }) => label === '没有出示');
    assert.match(row?.value ?? '', /出生日期.*证件号码/);
    assert.equal(certificate.find(({ label }) => label === '姓名')?.value, '张伟');
  });

  it('shows what was chosen, apart from the certificate what is more than it', async () => {
    const disclose = [['name'], ['identity_document'], ['birthdate'], ['picture']];
    const verdict = await ask(await presentSdJwt(await full(), { disclose }));
    assert.deepEqual(verdict.personal, {
      idNumber: citizen,
      birthDate: '1990-03-07',
      picture: 'data:image/png;base64,iVBORwECAw==',
    });
    assert.deepEqual(verdict.notShown, [
      'assessment.theory_score',
      'assessment.practical_score',
      'assessment.comprehensive_score',
    ]);
    assert.equal(verdict.questions.holder.code, 'HOLDER_NOT_BOUND');
  });

  it('cannot tell the person when neither name nor a proof was shown', async () => {
    const verdict = await ask(await presentSdJwt(await full(), { disclose: [] }));
    assert.deepEqual([verdict.headline, answers(verdict)[4]], ['accepted', 'unknown HOLDER_NOT_SHOWN']);
  });

  it('lists nothing as hidden that the certificate never held', async () => {
    assert.equal((await ask(await secured('dc+sd-jwt'))).notShown, undefined);
  });

  it('makes no presentation of a claim that is not there', async () => {
    await assert.rejects(presentSdJwt(await full(), { disclose: [['nickname']] }), { code: 'SD_JWT_PATH' });
  });

  it('refuses to issue personal facts that are not this person’s', async () => {
    const issue = (personal: object) => secured('dc+sd-jwt', {}, { personal });
    await assert.rejects(issue({ idNumber: citizen }), { code: 'PERSONAL_FACTS_MISMATCH' });
    await assert.rejects(issue({ idNumber: ID_NUMBER }), { code: 'ID_NUMBER_INVALID' });
    await assert.rejects(issue({ birthDate: '1990-02-30' }), { code: 'PERSONAL_FACTS_MISMATCH' });
    await assert.rejects(issue({ birthDate: '1990-03-07' }), { code: 'PERSONAL_FACTS_MISMATCH' });
    for (const bytes of [Uint8Array.of(0x3c, 0x73, 0x76, 0x67), new Uint8Array(40_000).fill(0x89)])
      await assert.rejects(issue({ photo: { mediaType: 'image/png', bytes } }), { code: 'PHOTO_INVALID' });
    await assert.rejects(secured('vc+jwt', {}, { personal: { birthDate: '1990-01-01' } }), { code: 'FORM_OPTION' });
  });

  it('keeps a receipt that can be read, checked again, and knows no more than was shown', async () => {
    const json = await presentSdJwt(await full(), { disclose: [['name']] });
    const trust = await trustOf(AUTHORITY);
    const verdict = await ask(json, { trust });
    const receipt = createReceipt({ verdict, json, trust, version: '0.1.0' });
    assert.equal(receipt.data.statusLists.length, 2);
    assert.deepEqual(parseReceipt(JSON.stringify(receipt)), receipt);
    assert.doesNotMatch(JSON.stringify(receipt), /002X|1990/);
    const again = await recheckReceipt(receipt, { trust, now: NOW, version: '0.1.0', then: trust });
    assert.deepEqual([again.intact.code, again.then.code], ['RECEIPT_INTACT', 'RECEIPT_CONFIRMED']);
  });
});

describe('dc+sd-jwt: key binding', () => {
  const presented = (changes: object = {}, disclose = [['name'], ['identity_document', 'last_four']]) =>
    full().then((sdJwt) => presentSdJwt(sdJwt, { disclose, keyBinding: { ...kb, ...changes } }));
  const holderOf = async (json: string, expected: object = {}) => {
    const verdict = await ask(json, { input: { keyBinding: { ...keyBinding, ...expected } } });
    return `${verdict.headline} ${verdict.questions.holder.answer} ${verdict.questions.holder.code}`;
  };

  it('[SD-JWT §7.3] binds the holder for this audience and nonce', async () => {
    assert.equal(await holderOf(await presented()), 'accepted pass HOLDER_BOUND');
  });

  it('[SD-JWT §7.3] refuses one made for another audience, or for another request', async () => {
    const json = await presented();
    assert.equal(await holderOf(json, { audience: 'x509_san_dns:other.example' }), 'refused fail HOLDER_PROOF_INVALID');
    assert.equal(
      await holderOf(json, { nonce: 'another-nonce-0123456789abcdef' }),
      'refused fail HOLDER_PROOF_INVALID',
    );
  });

  it('[SD-JWT §7.3] refuses an old one and one of the future', async () => {
    assert.equal(await holderOf(await presented({ now: '2026-11-20T23:30:00Z' })), 'refused fail HOLDER_PROOF_EXPIRED');
    assert.equal(await holderOf(await presented({ now: '2026-11-21T00:30:00Z' })), 'refused fail HOLDER_PROOF_INVALID');
  });

  it('refuses one of another key', async () => {
    const json = await presented({ signer: holderKey(8).signer });
    assert.equal(await holderOf(json), 'refused fail HOLDER_PROOF_INVALID');
  });

  it('[SD-JWT §7.3] refuses one taken from another presentation of the same certificate', async () => {
    const one = await presented();
    const two = await presented({}, [['name']]);
    const swapped = openSdJwt(two).presented + (openSdJwt(one).keyBindingJwt ?? '');
    assert.equal(await holderOf(swapped), 'refused fail HOLDER_PROOF_INVALID');
  });

  it('refuses a presentation without one where it was asked for', async () => {
    const json = await presentSdJwt(await full(), { disclose: [] });
    assert.equal(await holderOf(json), 'refused fail HOLDER_PROOF_INVALID');
  });

  it('proves nothing to a reader who asked for nothing', async () => {
    const verdict = await ask(await presented());
    assert.equal(verdict.questions.holder.code, 'HOLDER_NOT_BOUND');
  });
});
