import assert from 'node:assert/strict';
import { isCitizenNumber, lastFourOf, type IdentityDocumentType } from '../../shared/certificate/identity-document.js';

describe('identity document numbers', () => {
  it('give the last four characters, upper case', () => {
    const good: [IdentityDocumentType, string, string][] = [
      ['resident-identity-card', '11010519491231002x', '002X'],
      ['passport', 'e12345678', '5678'],
      ['macau-resident-identity-card', '1234567(8)', '5678'],
    ];
    for (const [type, number, last] of good) assert.equal(lastFourOf(type, number), last);
  });

  it('refuse a wrong check character, day, length or card of another kind, and never repeat the number', () => {
    const bad: [IdentityDocumentType, string][] = [
      ['resident-identity-card', '110105194912310021'],
      ['resident-identity-card', '11010519491331002X'],
      ['resident-identity-card', '1101051949123100'],
      ['resident-identity-card', 'E12345678'],
      ['hk-macau-taiwan-residence-permit', '11010519491231002X'],
      ['passport', '12'],
      ['passport', 'E1234567;DROP'],
    ];
    for (const [type, number] of bad)
      assert.throws(
        () => lastFourOf(type, number),
        (error: { code?: string; message: string }) =>
          error.code === 'ID_NUMBER_INVALID' && !error.message.includes(number),
      );
  });

  it('a residence permit has a citizen number of Hong Kong, Macau or Taiwan', () => {
    for (const number of ['810000199001010019', '820000199001010029', '830000199001010039'])
      assert.equal(lastFourOf('hk-macau-taiwan-residence-permit', number), number.slice(-4));
  });

  it('every other check character is wrong', () => {
    const valid = [...'0123456789X'].filter((check) => isCitizenNumber(`11010519491231002${check}`));
    assert.deepEqual(valid, ['X']);
  });
});
