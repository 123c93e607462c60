import { trustState, updateHeldTrust } from '../../../../ui/trust/trust-state.js';
import { feedsAddress } from '../../../../ui/trust/offers.js';
import { listCertificates, refreshCertificate } from '../core/certificates/certificates.js';
import type { Platform } from '../core/platform.js';
import type { Vault } from '../core/vault/vault.js';

/**
 * Asks the five questions about everything again.
 * @param how `judge`: by the data held, where a certificate was last judged by older data; `update`: fetches newer data first
 * @throws YizhengError `OFFLINE`, `TRUST_MISSING` and the codes of `updateHeldTrust`; what is kept stays as it was
 */
export async function refreshAll(
  { vault, platform }: { vault: Vault; platform: Platform },
  how: 'judge' | 'update',
): Promise<void> {
  if (how === 'update') await updateHeldTrust(feedsAddress());
  const trust = trustState.get();
  if (trust.phase !== 'ready' || vault.phase !== 'open') return;
  const { anchor, dataAsOf } = trust.summary;
  const today = new Date(platform.now()).toISOString().slice(0, 10);
  for (const { id, verdict, checkedAt } of await listCertificates(vault)) {
    const fresh =
      verdict?.trust.anchor === anchor && verdict.trust.dataAsOf === dataAsOf && checkedAt?.slice(0, 10) === today;
    if (!fresh || how === 'update') await refreshCertificate(vault, id, platform);
  }
}
