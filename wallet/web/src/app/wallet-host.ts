import { z } from 'zod';
import { remember, remembered } from '../../../../ui/app/preferences.js';
import { setTrustHost } from '../../../../ui/trust/offers.js';

const settings = z.object({ verifier: z.url({ protocol: /^https?$/ }).max(300) });

/** The verifier that goes with this wallet; the host of the wallet says which, and it is remembered for when there is no network. */
export function verifierAddress(): string {
  return remembered('wallet-verifier') ?? new URL('./', document.baseURI).href;
}

/** Asks the host this wallet came from which verifier goes with it. Without an answer, what it said last holds. */
export async function readWalletHost(): Promise<void> {
  try {
    const response = await fetch(new URL('wallet.json', document.baseURI), { cache: 'no-store', redirect: 'error' });
    const answer = settings.safeParse(await response.json());
    if (answer.success) remember('wallet-verifier', answer.data.verifier);
  } catch {
    // No network: what was remembered is used.
  }
  setTrustHost(verifierAddress());
}
