import { YizhengError } from '../../../../../shared/errors.js';
import type { TrustView } from '../../../../../shared/trust/trust-view.js';
import { linkWarning } from '../../../../../ui/app/link-warning.js';

/**
 * Refuses an address that is made to look like one the wallet knows, or that hides its host.
 * @param what beginning of the error code: `OFFER` or `REQUEST`
 * @throws YizhengError `<what>_LOOKALIKE_HOST`, `<what>_UNSAFE_LINK`, with the true host in `at`
 */
export function assertHonestAddress(url: string, knownHosts: readonly string[], what: 'OFFER' | 'REQUEST'): void {
  const warning = linkWarning(url, knownHosts);
  if (!warning)
    throw new YizhengError(`${what}_UNSAFE_LINK`, 'This is not an https address.', { at: url.slice(0, 100) });
  const { kind, host } = warning;
  if (knownHosts.includes(host)) return;
  if (kind === 'lookalike')
    throw new YizhengError(`${what}_LOOKALIKE_HOST`, 'This address is made to look like one you know.', { at: host });
  if (kind !== 'foreign')
    throw new YizhengError(`${what}_UNSAFE_LINK`, 'This address hides where it leads.', { at: host });
}

/** Hosts of every authority and institution a reader's trust data knows, for {@link assertHonestAddress}. */
export function hostsOfTrust(view: TrustView): string[] {
  const dids = view.feeds.flatMap(({ authority }) => [
    authority,
    ...(view.feedOf(authority)?.accreditations ?? []).map(({ institution }) => institution),
  ]);
  const hosts = dids.flatMap((did) => /^did:web:([^:]+)/.exec(did)?.[1]?.replace('%3A', ':') ?? []);
  return [...new Set(hosts)].sort();
}
