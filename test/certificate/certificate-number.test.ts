import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  checkCertificateNumber,
  composeCertificateNumber,
  institutionCodeOf,
  numberFormat,
  padShanghaiNumber,
  parseCertificateNumber,
  type NumberFormat,
} from '../../shared/certificate/certificate-number.js';

const level = (value: string) => ({ framework: 'cn-skill-5', value });
const special = { framework: 'cn-skill-8', value: 'special' };
const facts = { institutionCode: 'S000051000123', issuedOn: '2026-11-20', level: level('3'), serial: 45 };

describe('certificate numbers', () => {
  it('reads the seven segments of a 22-character number', () => {
    assert.deepEqual(parseCertificateNumber('S000051000123263000045'), {
      institutionKind: 'S',
      ministryCode: '0000',
      province: '51',
      institutionSerial: '000123',
      year: '26',
      levelCode: '3',
      serial: '000045',
    });
    assert.equal(institutionCodeOf('S000051000123263000045'), facts.institutionCode);
  });

  it('composes a number that reads back and agrees with its certificate, for every level and serial', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('1', '2', '3', '4', '5'),
        fc.integer({ min: 1, max: 999_999 }),
        fc.constantFrom('S000051000123', 'Y000123000888', 'S000050000001'),
        fc.integer({ min: 2000, max: 2099 }),
        (value, serial, institutionCode, year) => {
          const claims = { institutionCode, issuedOn: `${year}-06-30`, level: level(value) };
          const number = composeCertificateNumber({ ...claims, serial });
          assert.equal(Number(parseCertificateNumber(number).serial), serial);
          assert.deepEqual(checkCertificateNumber(number, claims), []);
        },
      ),
    ));

  it('names each claim the number contradicts', () => {
    const number = composeCertificateNumber(facts);
    assert.deepEqual(checkCertificateNumber(number, { ...facts, institutionCode: 'S000051000124' }), [
      'NUMBER_INSTITUTION_MISMATCH',
    ]);
    assert.deepEqual(checkCertificateNumber(number, { ...facts, issuedOn: '2025-11-20' }), ['NUMBER_YEAR_MISMATCH']);
    assert.deepEqual(checkCertificateNumber(number, { ...facts, level: level('2') }), ['NUMBER_LEVEL_MISMATCH']);
    assert.deepEqual(checkCertificateNumber('X', facts), ['NUMBER_FORMAT']);
  });

  it('composes no special-grade code unless asked: no official rule was found for it', () => {
    assert.throws(() => composeCertificateNumber({ ...facts, level: special }), { code: 'NUMBER_LEVEL_CODE_UNKNOWN' });
    assert.equal(
      composeCertificateNumber({ ...facts, level: special }, { allowInferredLevelCodes: true }),
      'S00005100012326T000045',
    );
    assert.throws(
      () =>
        composeCertificateNumber(
          { ...facts, level: { framework: 'cn-skill-8', value: 'chief' } },
          { allowInferredLevelCodes: true },
        ),
      { code: 'NUMBER_LEVEL_CODE_UNKNOWN' },
    );
  });

  for (const serial of [0, -1, 1_000_000, 1.5, NaN])
    it(`has no serial ${serial}`, () =>
      assert.throws(() => composeCertificateNumber({ ...facts, serial }), { code: 'NUMBER_SERIAL_EXHAUSTED' }));

  for (const institutionCode of ['S00005100012', 'S000099000123', 'X000051000123', ''])
    it(`composes nothing for the institution ${JSON.stringify(institutionCode)}`, () =>
      assert.throws(() => composeCertificateNumber({ ...facts, institutionCode }), { code: 'NUMBER_FORMAT' }));

  it('pads only the 13 digits of an old Shanghai number', () => {
    assert.equal(padShanghaiNumber('1234567890123'), '0001234567890123');
    assert.equal(padShanghaiNumber('123'), '123');
  });

  it('follows the numbers of the domain facts', function () {
    const path = '../shared/domain/certificate-number-tests.json';
    if (!existsSync(path)) this.skip();
    type Family = { valid: string[]; invalid?: (string | { value: string; why: string })[] };
    const families = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Family>;
    const formats: Record<string, NumberFormat> = {
      levelCert22: 'skill-level-22',
      qualification16: 'qualification-16',
      constructionSpecialOps14: 'construction-special-14',
    };
    for (const [family, format] of Object.entries(formats)) {
      const { valid, invalid = [] } = families[family]!;
      assert.ok(valid.length > 0);
      for (const number of valid) assert.equal(numberFormat(number), format, number);
      for (const one of invalid) {
        const number = typeof one === 'string' ? one : one.value;
        assert.notEqual(numberFormat(number), format, number);
        if (format === 'skill-level-22')
          assert.throws(() => parseCertificateNumber(number), { code: 'NUMBER_FORMAT' }, number);
      }
    }
  });
});
