import type { IssuerEffects } from '../effects.js';
import type { AccreditationStore } from '../accreditation-store.js';
import { CredentialOffers } from './credential-offers.js';
import { TokenStatusLists } from './token-status-lists.js';

/** Handing certificates to wallets (OpenID4VCI 1.0), without its HTTP border. */
export class OpenId4Vci {
  readonly offers: CredentialOffers;
  readonly tokenStatusLists: TokenStatusLists;

  /** @param options `walletUrl`: address of the web wallet that links open beside the standard ones */
  constructor(
    readonly effects: IssuerEffects,
    readonly accreditations: AccreditationStore,
    options: { walletUrl?: string | undefined } = {},
  ) {
    this.offers = new CredentialOffers(effects, options.walletUrl);
    this.tokenStatusLists = new TokenStatusLists(effects);
  }

  /** Removes tokens that expired and what was sealed for offers nobody took. */
  async tidy(): Promise<void> {
    const { database, clock } = this.effects;
    const now = clock().toISOString();
    await database.write(async (transaction) => {
      const over = transaction('access_tokens').where('expires_at', '<', now).select('token_hash');
      await transaction('deferred_credentials').whereIn('token_hash', over).delete();
      await transaction('access_tokens').where('expires_at', '<', now).delete();
      await transaction('dpop_proofs').where('expires_at', '<', now).delete();
      await transaction('credential_offers')
        .where('expires_at', '<', now)
        .whereNotNull('sealed')
        .update({ sealed: null });
    });
  }
}
