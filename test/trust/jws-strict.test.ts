import assert from 'node:assert/strict';
import { compactVerify, importJWK } from 'jose';
import { signCompact, verifyCompact } from '../../shared/trust/jws.js';
import { key } from './publisher.js';

const SC = 'did:web:sc.example';

/** What the library alone makes of a token; our own data is never read through it. */
async function libraryAccepts(token: string): Promise<boolean> {
  const { kty, crv, x } = key(SC, 'registry').jwk;
  return compactVerify(token, await importJWK({ kty, crv, x }, 'EdDSA')).then(
    () => true,
    () => false,
  );
}

describe('signed statements have one spelling (SECURITY F12)', () => {
  const signer = key(SC, 'registry');
  const oursAccepts = (token: string): boolean => {
    try {
      verifyCompact('vc+jwt', token, (kid) => (kid === signer.method ? signer.jwk : undefined));
      return true;
    } catch {
      return false;
    }
  };
  const signRaw = async (header: string): Promise<string> => {
    const input = `${Buffer.from(header).toString('base64url')}.${Buffer.from('{}').toString('base64url')}`;
    return `${input}.${Buffer.from(await signer.sign(Buffer.from(input))).toString('base64url')}`;
  };

  it('takes the ordinary one, as the library does', async () => {
    const token = await signCompact('vc+jwt', '{}', { kid: signer.method, sign: signer.sign });
    assert.deepEqual([oursAccepts(token), await libraryAccepts(token)], [true, true]);
  });

  it('refuses padding and blanks in the signature, which the library alone accepts', async () => {
    const token = await signCompact('vc+jwt', '{}', { kid: signer.method, sign: signer.sign });
    const dot = token.lastIndexOf('.') + 1;
    for (const other of [`${token}==`, `${token.slice(0, dot + 10)} ${token.slice(dot + 10)}`, `${token}\n`]) {
      assert.equal(await libraryAccepts(other), true, JSON.stringify(other.slice(-6)));
      assert.equal(oursAccepts(other), false);
    }
  });

  it('refuses a header that names a member twice, which the library alone accepts', async () => {
    const token = await signRaw(`{"alg":"EdDSA","typ":"jwt","typ":"vc+jwt","kid":"${signer.method}"}`);
    assert.equal(await libraryAccepts(token), true);
    assert.equal(oursAccepts(token), false);
  });
});
