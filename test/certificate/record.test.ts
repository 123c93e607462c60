import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CERTIFICATE_KINDS, KIND_IDS, type KindId } from '../../shared/certificate/kind.js';
import { LEVEL_FRAMEWORKS, levelRank } from '../../shared/certificate/level.js';
import { parseCertificateRecord } from '../../shared/certificate/record.js';
import { sampleRecord } from './sample-records.js';

const refuses = (kind: KindId, changes: object, at: string): void => {
  assert.throws(
    () => parseCertificateRecord({ ...sampleRecord(kind), ...changes }),
    (error: { code?: string; at?: string; status?: number }) => {
      assert.deepEqual([error.code, error.at, error.status], ['RECORD_INVALID', at, 422]);
      return true;
    },
  );
};
const level = { framework: 'cn-skill-5', value: '3' };
const record = sampleRecord();

describe('certificate records', () => {
  const facts = ['specification', 'competition', 'appointment', 'permit', 'training'] as const;
  for (const { id, frameworks, hasOccupation } of CERTIFICATE_KINDS)
    describe(id, () => {
      const sample = sampleRecord(id);

      if (frameworks.length === 0)
        it('shows no level', () => {
          refuses(id, { level }, '/level');
        });
      else {
        it('needs a level', () => {
          refuses(id, { level: undefined }, '/level');
        });
        it('refuses a level of every framework that is not its own', () => {
          for (const framework of LEVEL_FRAMEWORKS.filter((one) => !frameworks.includes(one.id)))
            refuses(id, { level: { framework: framework.id, value: framework.values[0]!.value } }, '/level/framework');
        });
        it('refuses a level its framework does not have', () => {
          for (const value of ['0', '6', '', '三级', '3 '])
            refuses(id, { level: { framework: frameworks[0], value } }, '/level');
        });
      }

      if (hasOccupation)
        it('needs an occupation', () => {
          refuses(id, { occupation: undefined }, '/occupation');
        });
      else
        it('names no occupation', () => {
          refuses(id, { occupation: record.occupation }, '/occupation');
        });

      for (const fact of facts)
        if (sample[fact] !== undefined)
          it(`needs its ${fact}`, () => {
            refuses(id, { [fact]: undefined }, `/${fact}`);
          });
        else
          it(`has no ${fact}`, () => {
            const owner = KIND_IDS.find((kind) => sampleRecord(kind)[fact] !== undefined)!;
            refuses(id, { [fact]: sampleRecord(owner)[fact] }, `/${fact}`);
          });
    });

  const wrong: [string, object, string][] = [
    ['an unknown member', { grade: 'A' }, '/'],
    ['a number that holds an identity number', { certificateNumber: '11010519491231002X' }, '/certificateNumber'],
    ['an identity number inside a number', { certificateNumber: 'T-110105194912310021' }, '/certificateNumber'],
    ['an end before the issue', { expiresOn: '2026-11-19' }, '/expiresOn'],
    ['an assessment after the issue', { assessment: { ...record.assessment, date: '2026-11-21' } }, '/assessment/date'],
    ['a day that does not exist', { issuedOn: '2026-02-30' }, '/issuedOn'],
    ['an issuer that is no did:web', { issuer: { id: 'https://issuer.example', name: 'x' } }, '/issuer/id'],
    [
      'a full identity number in place of four characters',
      { holder: { ...record.holder, identityDocumentLastFour: '110105194912310021' } },
      '/holder/identityDocumentLastFour',
    ],
    ['a holder without name', { holder: { ...record.holder, name: '' } }, '/holder/name'],
    ['a name of 61 characters', { holder: { ...record.holder, name: '张'.repeat(61) } }, '/holder/name'],
    ['a name with a control character', { holder: { ...record.holder, name: '张\u0000伟' } }, '/holder/name'],
    ['a name with a bidi control', { holder: { ...record.holder, name: '张\u202e伟' } }, '/holder/name'],
    ['a holder’s DID of another method', { holder: { ...record.holder, id: 'did:web:holder.example' } }, '/holder/id'],
    ['revision 0', { revision: 0 }, '/revision'],
    ['a status index beyond the largest list', { status: { list: 1, index: 16_777_216 } }, '/status/index'],
    [
      'an occupation code of another form',
      { occupation: { ...record.occupation, code: '6-18-2-4' } },
      '/occupation/code',
    ],
    [
      'an unknown catalogue edition',
      { occupation: { ...record.occupation, catalogueEdition: '2020' } },
      '/occupation/catalogueEdition',
    ],
    ['a score of 101', { assessment: { ...record.assessment, theoryScore: '101' } }, '/assessment/theoryScore'],
    ['a score as number', { assessment: { ...record.assessment, theoryScore: 88 } }, '/assessment/theoryScore'],
    ['a prototype', { ['__proto__x']: 1 }, '/'],
  ];
  for (const [name, changes, at] of wrong)
    it(`refuses ${name} and says where`, () => {
      refuses('skill-level', changes, at);
    });

  it('never puts what a person typed into the error message', () => {
    const secret = '110105194912310021';
    for (const changes of [
      { certificateNumber: secret },
      { holder: { ...record.holder, identityDocumentLastFour: secret } },
    ])
      assert.throws(
        () => parseCertificateRecord({ ...record, ...changes }),
        (error: Error) => !error.message.includes(secret),
      );
  });

  it('refuses an identity number anywhere, in either case of its check letter', () => {
    const assessment = record.assessment;
    for (const changes of [
      { certificateNumber: 'T51012319900101123x' },
      { certificateNumber: 'T51012319900101123X' },
      { assessment: { ...assessment, id: '110105194912310021' } },
      { assessment: { ...assessment, batch: 'B-110105194912310021' } },
    ])
      assert.throws(() => parseCertificateRecord({ ...record, ...changes }), /holds an identity number/);
  });

  it('refuses a certificate number that would be too long as an address', () => {
    assert.throws(() => parseCertificateRecord({ ...record, certificateNumber: '川'.repeat(17) }), /too long/);
  });

  it('takes every level of every framework a kind may use', () => {
    for (const { id, frameworks } of CERTIFICATE_KINDS)
      for (const framework of LEVEL_FRAMEWORKS.filter((one) => frameworks.includes(one.id)))
        for (const { value } of framework.values)
          assert.equal(sampleRecord(id, { level: { framework: framework.id, value } }).level?.value, value);
  });

  it('ranks levels inside one framework from lowest to highest', () =>
    fc.assert(
      fc.property(fc.constantFrom(...LEVEL_FRAMEWORKS), ({ id, values }) => {
        const ranks = values.map(({ value }) => levelRank({ framework: id, value }));
        assert.deepEqual(ranks, [...values.keys()]);
        assert.equal(levelRank({ framework: id, value: 'none' }), undefined);
      }),
    ));
});
