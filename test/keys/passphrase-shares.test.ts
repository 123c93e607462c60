import assert from 'node:assert/strict';
import { joinPassphrase, splitPassphrase } from '../../keys/passphrase-shares.js';
import { errorCode } from '../../shared/errors.js';

const PASSPHRASE = '正确的口令 correct horse';
const withCode = (code: string) => (error: unknown) => errorCode(error) === code;

describe('a passphrase in the hands of several custodians', () => {
  it('any two of three give it back, in any order, however they were typed', async () => {
    const [a = '', b = '', c = ''] = await splitPassphrase(PASSPHRASE, { custodians: 3, needed: 2 });
    assert.match(a, /^(?:[0-9A-HJKMNP-TV-Z]{4}-)+[0-9A-HJKMNP-TV-Z]{1,4}$/);
    for (const pair of [
      [a, b],
      [b, a],
      [c, a],
      [a, b, c],
    ])
      assert.equal(await joinPassphrase(pair), PASSPHRASE);
    const typed = b.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    assert.equal(await joinPassphrase([typed, `${c}\n`]), PASSPHRASE);
  });

  it('one alone, the same one twice, and those of two sets give nothing', async () => {
    const [a = '', b = ''] = await splitPassphrase(PASSPHRASE, { custodians: 5, needed: 3 });
    const [other = ''] = await splitPassphrase(PASSPHRASE, { custodians: 5, needed: 3 });
    await assert.rejects(joinPassphrase([]), withCode('SHARES_TOO_FEW'));
    await assert.rejects(joinPassphrase([a, b]), withCode('SHARES_TOO_FEW'));
    await assert.rejects(joinPassphrase([a, b, a]), withCode('SHARES_REPEATED'));
    await assert.rejects(joinPassphrase([a, b, other]), withCode('SHARES_MIXED'));
  });

  it('a typing mistake is found and its share named; a forged share is told from it', async () => {
    const shares = await splitPassphrase(PASSPHRASE, { custodians: 2, needed: 2 });
    const [a = '', b = ''] = shares;
    for (let place = 0; place < b.length; place += 7) {
      if (b[place] === '-') continue;
      const wrong = b.slice(0, place) + (b[place] === '7' ? '8' : '7') + b.slice(place + 1);
      await assert.rejects(joinPassphrase([a, wrong]), (error: Error & { at?: string }) => {
        return errorCode(error) === 'SHARE_FORMAT' && error.at === 'share 2';
      });
    }
    for (const nonsense of ['', 'hello', 'U'.repeat(80), '0'.repeat(5000)])
      await assert.rejects(joinPassphrase([a, nonsense]), withCode('SHARE_FORMAT'));
  });

  it('a share does not tell how long the passphrase is', async () => {
    const lengths = ['short one', 'a passphrase of some forty characters...'].map(
      async (text) => (await splitPassphrase(text, { custodians: 2, needed: 2 }))[0]?.length,
    );
    const [short, long] = await Promise.all(lengths);
    assert.equal(short, long);
  });

  it('refuses numbers that make no sense', async () => {
    for (const [custodians, needed] of [
      [1, 1],
      [3, 1],
      [2, 3],
      [17, 2],
      [2.5, 2],
    ] as const)
      await assert.rejects(splitPassphrase(PASSPHRASE, { custodians, needed }), withCode('SHARES_COUNT'));
    await assert.rejects(splitPassphrase('x'.repeat(1025), { custodians: 2, needed: 2 }), withCode('PASSPHRASE_INVALID')); // prettier-ignore
  });
});
