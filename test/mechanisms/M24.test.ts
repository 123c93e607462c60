import assert from 'node:assert/strict';
import { accredited, allowed, ask, codes, five, JIANGSU, recordOf, WELDER } from './world.js';

const leader = accredited('jiangsu.example:2025-024');
const ASSEMBLER = { code: '6-25-04-07', catalogueEdition: '2022', name: '广电和通信设备电子装接工' };
const certificate = (employer: object | undefined, changes: object = {}) =>
  recordOf('skill-level', leader, {
    occupation: ASSEMBLER,
    level: five('4'),
    issuedOn: '2025-11-01',
    ...(employer && { candidateEmployer: employer }),
    ...changes,
  });
const own = { uscc: leader.unifiedSocialCreditCode, name: leader.legalName };
const upstream = { uscc: '91320500MA00000A1X', name: '示例上游封装有限公司', supplyChainAgreement: '链协〔2025〕1号' };
const downstream = {
  uscc: '91320500MA00000B2Y',
  name: '示例下游测试有限公司',
  supplyChainAgreement: '链协〔2025〕2号',
};
const outsider = { uscc: '91320500MA00000C3T', name: '示例链外有限公司' };

describe('M24 chain leaders', () => {
  it('AC-24a may assess their own employees', () => {
    assert.equal(allowed(certificate(own)).answer, 'pass');
  });

  it('AC-24b not those of others without an agreement, and not those whose employer is not named', () => {
    assert.deepEqual(codes(allowed(certificate(outsider)))[0], 'CANDIDATE_NOT_IN_SUPPLY_CHAIN');
    const forged = allowed(certificate({ ...outsider, supplyChainAgreement: '链协〔2025〕1号' }));
    assert.deepEqual([forged.answer, codes(forged)[0]], ['fail', 'CANDIDATE_NOT_IN_SUPPLY_CHAIN']);
    const unnamed = allowed(certificate(undefined));
    assert.deepEqual([unnamed.answer, codes(unnamed)[0]], ['unknown', 'CANDIDATE_EMPLOYER_UNKNOWN']);
  });

  it('AC-24c those of a supplier in the agreement, shown as a chain leader’s assessment', () => {
    const found = allowed(certificate(upstream));
    assert.deepEqual([found.answer, codes(found)], ['pass', ['ACCREDITED']]);
    assert.equal(found.accreditation?.institutionKind, 'chain-leader');
    assert.equal(found.accreditation.actions[0]?.scope.candidates, 'supply-chain');
    assert.equal(ask(JIANGSU, certificate(upstream)).outcome, 'recognised');
    assert.equal(
      codes(allowed(certificate({ ...upstream, supplyChainAgreement: '链协〔2025〕2号' })))[0],
      'CANDIDATE_NOT_IN_SUPPLY_CHAIN',
    );
  });

  it('AC-24d after the agreement ended no more; what was issued before goes on counting', () => {
    const late = allowed(certificate(downstream, { issuedOn: '2026-03-02' }));
    assert.deepEqual([late.answer, codes(late)[0]], ['fail', 'CANDIDATE_NOT_IN_SUPPLY_CHAIN']);
    assert.equal(allowed(certificate(downstream, { issuedOn: '2026-02-27' })).answer, 'pass');
    assert.equal(ask(JIANGSU, certificate(downstream, { issuedOn: '2026-02-27' })).outcome, 'recognised');
  });

  it('AC-24e not in an occupation or level they are not accredited for', () => {
    assert.equal(codes(allowed(certificate(upstream, { occupation: WELDER })))[0], 'OCCUPATION_OUT_OF_SCOPE');
    assert.equal(codes(allowed(certificate(upstream, { level: five('2') })))[0], 'LEVEL_OUT_OF_SCOPE');
  });
});
