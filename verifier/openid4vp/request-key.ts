import type { Keystore } from '../../keys/keystore.js';
import { didWebOf } from '../../shared/did/did-web-url.js';
import { decentralizedIdentifierClient, type ClientIdentifier } from './client-identifier.js';

/**
 * The client that signs requests by the verifier's own did:web, with a P-256 key of the keystore, which is made when there is none:
 * ES256 is what every wallet knows.
 * @param options `baseUrl`: where wallets find the DID document; `now`: from when a new key may sign
 * @throws YizhengError `KEYSTORE_*`
 */
export async function openRequestClient(
  keystore: Keystore,
  options: { baseUrl: string; now: Date },
): Promise<ClientIdentifier> {
  const { baseUrl, now } = options;
  const controller = didWebOf(baseUrl);
  const purpose = 'presentation-request';
  if (keystore.list({ controller, purpose, state: 'active' }).length === 0)
    await keystore.createKey({ controller, purpose, algorithm: 'P-256', now });
  return decentralizedIdentifierClient({
    baseUrl,
    signer: async () => {
      await keystore.refresh();
      return keystore.signer(keystore.activeKey(controller, purpose).id);
    },
  });
}
