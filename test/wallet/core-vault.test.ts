import assert from 'node:assert/strict';
import { errorCode } from '../../shared/errors.js';
import { checkSignature } from '../../shared/proof/check-signature.js';
import { holderPublicKey } from '../../shared/proof/holder-check.js';
import { listCertificates, removeCertificate } from '../../wallet/web/src/core/certificates/certificates.js';
import { holderDids, loadHolderKey } from '../../wallet/web/src/core/keys/holder-key.js';
import type { TabChannel } from '../../wallet/web/src/core/platform.js';
import { createMemoryStore } from '../../wallet/web/src/core/store/memory-store.js';
import type { WalletStore } from '../../wallet/web/src/core/store/wallet-store.js';
import { openVault, type Vault } from '../../wallet/web/src/core/vault/vault.js';
import { signed } from '../verdict/sample-trust.js';
import { hold, keyIn, openWallet, PASSPHRASE, testPlatform } from './core-world.js';

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', errorCode);

describe('vault: what the wallet keeps is readable to nobody else', () => {
  it('opens with the passphrase, in whichever way the same characters are written, and with no other', async () => {
    const platform = await testPlatform();
    const vault = await openVault(platform);
    assert.equal(vault.phase, 'new');
    await vault.create({ passphrase: 'Cafe\u0301 焊工 42' });
    await vault.write([{ key: 'certificate/a', value: { name: '张伟' } }]);
    vault.lock();
    assert.equal(vault.phase, 'locked');
    assert.equal(await codeOf(vault.read('certificate/a')), 'VAULT_LOCKED');
    assert.equal(await codeOf(vault.unlock({ passphrase: 'Cafe 焊工 42' })), 'VAULT_PASSPHRASE_WRONG');
    await vault.unlock({ passphrase: 'Caf\u00e9 焊工 42' });
    assert.deepEqual(await vault.read('certificate/a'), { name: '张伟' });
  });

  it('refuses passphrases that would be guessed first', async () => {
    const vault = await openVault(await testPlatform());
    const created = (passphrase: string): Promise<string> => codeOf(vault.create({ passphrase }));
    assert.equal(await created('1234567'), 'VAULT_PASSPHRASE_SHORT');
    for (const weak of ['12345678', '87654321', 'aaaaaaaa', 'abababab'])
      assert.equal(await created(weak), 'VAULT_PASSPHRASE_WEAK');
    assert.equal(vault.phase, 'new');
  });

  it('writes nothing a thief could read: no name, number, token or private key in any stored byte', async () => {
    const store = createMemoryStore();
    const platform = await testPlatform({ store });
    const vault = await openWallet(platform);
    const key = await keyIn(vault, platform);
    await hold(vault, platform, [{ format: 'ldp_vc', text: await signed(), holder: key.did }]);
    const rows = await store.list('');
    for (const [name, value] of rows) {
      if (name === 'vault') continue;
      if (name === 'device-key') {
        assert.ok(value instanceof CryptoKey && !value.extractable);
        continue;
      }
      assert.ok(value instanceof Uint8Array, name);
      const text = Buffer.from(value).toString('latin1') + Buffer.from(value).toString('utf8');
      for (const secret of ['张伟', '1234', 'proofValue', 'pkcs8', 'credentialSubject'])
        assert.ok(!text.includes(secret), `${name} holds ${secret}`);
    }
    assert.ok(!JSON.stringify(rows.find(([name]) => name === 'vault')).includes('焊工'));
  });

  it('notices a stored value that was changed, or put in the place of another', async () => {
    const store = createMemoryStore();
    const vault = await openWallet(await testPlatform({ store }));
    await vault.write([
      { key: 'certificate/a', value: { of: 'a' } },
      { key: 'certificate/b', value: { of: 'b' } },
    ]);
    const a = await store.get('record/certificate/a');
    await store.write([{ key: 'record/certificate/b', value: a }], () => undefined);
    assert.equal(await codeOf(vault.read('certificate/b')), 'VAULT_DAMAGED');
    assert.ok(a instanceof Uint8Array);
    a[20] = (a[20] ?? 0) ^ 1;
    await store.write([{ key: 'record/certificate/a', value: a }], () => undefined);
    assert.equal(await codeOf(vault.read('certificate/a')), 'VAULT_DAMAGED');
  });

  it('is of no use on another device: the passphrase opens it here only', async () => {
    const store = createMemoryStore();
    const vault = await openWallet(await testPlatform({ store }));
    vault.lock();
    const other = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    await store.write([{ key: 'device-key', value: other }], () => undefined);
    assert.equal(await codeOf(vault.unlock({ passphrase: PASSPHRASE })), 'VAULT_DAMAGED');
  });

  it('opens with a passkey too, keeps one passphrase, and never loses its last lock', async () => {
    const vault = await openWallet(await testPlatform());
    const output = new Uint8Array(32).fill(9);
    const salt = vault.newPasskeySalt();
    const current = { passphrase: PASSPHRASE };
    assert.equal(await codeOf(vault.addLock({ passphrase: 'another one 1' }, current)), 'VAULT_PASSPHRASE_WRONG');
    await vault.addLock(current, { passkey: { credentialId: 'abc', salt, output, label: '手机' } });
    await vault.addLock(current, { passphrase: '新的口令 2027!' });
    vault.lock();
    assert.equal(await codeOf(vault.unlock({ passkey: { credentialId: 'abc', output: new Uint8Array(32) } })), 'VAULT_PASSKEY'); // prettier-ignore
    assert.equal(await codeOf(vault.unlock({ passkey: { credentialId: 'xyz', output } })), 'VAULT_NO_SUCH_LOCK');
    await vault.unlock({ passkey: { credentialId: 'abc', output } });
    const { passkeys, passphrase } = await vault.locks();
    assert.deepEqual([passphrase, passkeys.map(({ label }) => label)], [true, ['手机']]);
    assert.deepEqual([...(passkeys[0]?.salt ?? [])], [...salt]);
    vault.lock();
    assert.equal(await codeOf(vault.unlock(current)), 'VAULT_PASSPHRASE_WRONG');
    await vault.unlock({ passphrase: '新的口令 2027!' });
    await vault.removePasskey('abc');

    const only = await openVault(await testPlatform());
    await only.create({ passkey: { credentialId: 'abc', salt, output } });
    assert.equal(await codeOf(only.removePasskey('abc')), 'VAULT_LAST_LOCK');
  });

  it('says that the storage was cleared, and that a half of it was', async () => {
    const store = createMemoryStore();
    const vault = await openWallet(await testPlatform({ store }));
    await store.clear();
    assert.equal(await codeOf(vault.read('certificate/a')), 'VAULT_REPLACED');
    assert.equal(vault.phase, 'new');
    assert.equal(await codeOf(vault.unlock({ passphrase: PASSPHRASE })), 'VAULT_MISSING');

    const half = createMemoryStore();
    await openWallet(await testPlatform({ store: half }));
    await half.write([{ key: 'device-key', value: undefined }], () => undefined);
    assert.equal((await openVault(await testPlatform({ store: half }))).phase, 'damaged');
  });

  it('keeps the keys of the holder unreadable while they are used', async () => {
    const platform = await testPlatform();
    const vault = await openWallet(platform);
    const { did } = await keyIn(vault, platform);
    const { signer, jwk } = await loadHolderKey(vault, did, platform);
    const data = new TextEncoder().encode('hello');
    assert.match(did, /^did:key:zDn/);
    assert.equal(signer.id, `${did}#${did.slice('did:key:'.length)}`);
    assert.ok(checkSignature(holderPublicKey(did), data, await signer.sign({ data })));
    assert.deepEqual(Object.keys(jwk).toSorted(), ['crv', 'kty', 'x', 'y']);
    assert.equal(await codeOf(loadHolderKey(vault, 'did:key:zNobody', platform)), 'HOLDER_KEY_MISSING');
  });

  it('forgets a key with the last certificate that needs it', async () => {
    const platform = await testPlatform();
    const vault = await openWallet(platform);
    const { did } = await keyIn(vault, platform);
    const text = await signed();
    await hold(vault, platform, [{ format: 'ldp_vc', text, holder: did }], 'a');
    await hold(vault, platform, [{ format: 'ldp_vc', text, holder: did }], 'b');
    await removeCertificate(vault, 'a');
    assert.deepEqual(await holderDids(vault), [did]);
    await removeCertificate(vault, 'b');
    assert.deepEqual([await holderDids(vault), await listCertificates(vault)], [[], []]);
  });

  describe('two tabs', () => {
    async function tabs(): Promise<{ first: Vault; second: Vault; store: WalletStore }> {
      const store = createMemoryStore();
      const [a, b] = channels();
      const first = await openVault(await testPlatform({ store, channel: a }));
      const second = await openVault(await testPlatform({ store, channel: b }));
      return { first, second, store };
    }
    const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

    it('make one wallet, not two', async () => {
      const { first, second } = await tabs();
      await first.create({ passphrase: PASSPHRASE });
      await settled();
      assert.equal(second.phase, 'locked');
      assert.equal(await codeOf(second.create({ passphrase: PASSPHRASE })), 'VAULT_EXISTS');
    });

    it('see what the other wrote, and lock together', async () => {
      const { first, second } = await tabs();
      await first.create({ passphrase: PASSPHRASE });
      await settled();
      await second.unlock({ passphrase: PASSPHRASE });
      let told = 0;
      second.subscribe(() => told++);
      await first.write([{ key: 'certificate/a', value: { n: 1 } }]);
      await settled();
      assert.equal(told, 1);
      assert.deepEqual(await second.read('certificate/a'), { n: 1 });
      first.lock();
      await settled();
      assert.equal(second.phase, 'locked');
    });

    it('never write into a wallet the other has replaced meanwhile', async () => {
      const { first, second, store } = await tabs();
      await first.create({ passphrase: PASSPHRASE });
      await settled();
      await second.unlock({ passphrase: PASSPHRASE });
      const quiet = await openVault(await testPlatform({ store }));
      await quiet.unlock({ passphrase: PASSPHRASE });
      await first.destroy();
      await first.create({ passphrase: PASSPHRASE });
      assert.equal(await codeOf(quiet.write([{ key: 'certificate/a', value: 1 }])), 'VAULT_REPLACED');
      assert.equal(quiet.phase, 'locked');
      assert.deepEqual(await store.list('record/'), []);
    });
  });
});

/** Two ends that hear each other and not themselves. */
function channels(): [TabChannel, TabChannel] {
  const listeners: ((event: { data: unknown }) => void)[][] = [[], []];
  const end = (own: number): TabChannel => ({
    postMessage: (data) => setTimeout(() => listeners[1 - own]?.forEach((listener) => listener({ data }))),
    addEventListener: (_, listener) => listeners[own]?.push(listener),
  });
  return [end(0), end(1)];
}
