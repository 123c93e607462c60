import { verify } from '../../shared/verdict/verify.js';
import { formatOfText } from '../../wallet/web/src/core/certificates/read-form.js';
import { keepCertificate } from '../../wallet/web/src/core/certificates/certificates.js';
import type { HeldCertificate, HeldForm } from '../../wallet/web/src/core/certificates/held-certificate.js';
import { createHolderKey, type HolderKey } from '../../wallet/web/src/core/keys/holder-key.js';
import type { Platform } from '../../wallet/web/src/core/platform.js';
import { createMemoryStore } from '../../wallet/web/src/core/store/memory-store.js';
import { openVault, type Vault } from '../../wallet/web/src/core/vault/vault.js';
import { NOW, PARTNER, trustOf } from '../verdict/sample-trust.js';

export const PASSPHRASE = '焊工老张 2026';
export const VERIFIER = 'https://verify.example/';

/** A device of a worker: its storage, clock and network, all of the test. */
export interface TestPlatform extends Platform {
  /** Moves the clock on. */
  wait(seconds: number): void;
}

/** A platform that judges by the sample trust data, with no network unless `fetch` is given. */
export async function testPlatform(changes: Partial<Platform> = {}): Promise<TestPlatform> {
  const trust = await trustOf(PARTNER);
  let now = Date.parse(NOW);
  const nowOf = changes.now ?? (() => now);
  const at = (): string => new Date(nowOf()).toISOString();
  return {
    store: createMemoryStore(),
    crypto: globalThis.crypto,
    fetch: () => Promise.reject(new TypeError('no network in this test')),
    judge: (json) => verify({ carrier: formatOfText(json), json }, { trust, anchor: PARTNER, now: at() }),
    knownHosts: () => ['wallet.example', 'issuer.example', 'verify.example'],
    verifier: VERIFIER,
    ...changes,
    now: nowOf,
    wait: (seconds) => {
      now += seconds * 1000;
    },
  };
}

/** An open wallet with nothing in it. */
export async function openWallet(platform: Platform): Promise<Vault> {
  const vault = await openVault(platform);
  await vault.create({ passphrase: PASSPHRASE });
  return vault;
}

/** A key in the wallet. */
export async function keyIn(vault: Vault, platform: Platform): Promise<HolderKey> {
  const { key, change } = await createHolderKey(platform);
  await vault.write([change]);
  return key;
}

/** Puts a certificate into the wallet as if it had been received. */
export async function hold(
  vault: Vault,
  platform: Platform,
  forms: HeldForm[],
  id = 'held-1',
): Promise<HeldCertificate> {
  const verdict = await platform.judge(forms[0]?.text ?? '');
  const certificate: HeldCertificate = {
    id,
    forms,
    title: {},
    source: 'offer',
    receivedAt: new Date(platform.now()).toISOString(),
    ...(verdict && { verdict }),
  };
  await vault.write([keepCertificate(certificate)]);
  return certificate;
}
