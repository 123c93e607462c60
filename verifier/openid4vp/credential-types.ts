import type { KindId } from '../../shared/certificate/kind.js';
import { credentialTypeUrl } from '../../shared/proof/forms/credential-type.js';
import type { TrustView } from '../../shared/trust/trust-view.js';

/** Most types named in one request; a country's institutions share a few origins. */
const MAX_TYPES = 100;

/** The `vct` of a kind by every issuer that the trust data know, for `vct_values`. */
export function knownCredentialTypes(trust: TrustView, kind: KindId): string[] {
  const issuers = trust.feeds.flatMap(({ authority }) =>
    (trust.feedOf(authority)?.accreditations ?? []).map(({ institution }) => institution),
  );
  const types = new Set(issuers.map((issuer) => credentialTypeUrl(issuer, kind)));
  return [...types].slice(0, MAX_TYPES);
}
