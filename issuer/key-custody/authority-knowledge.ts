import type { KeyInfo } from '../../keys/custody.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { Institution } from '../institutions.js';

/**
 * What the authority says of a key: `no-data`: no bundle was imported; `unknown`: it names no such key; `other-key`: it has other key
 * material under this name; `later`: not from now on yet; `listed`: certificates signed with it count; `ended`, `compromised`: no more.
 */
export const AUTHORITY_STATES = ['no-data', 'unknown', 'other-key', 'later', 'listed', 'ended', 'compromised'] as const;

/** What the authority knows of one key, as its newest imported bundle says. Instants RFC 3339. */
export interface AuthorityKnowledge {
  state: (typeof AUTHORITY_STATES)[number];
  /** From when on it lets the key sign. */
  since?: string;
  until?: string;
  compromisedSince?: string;
  /** Accreditations that name the key. */
  accreditations: string[];
}

/** Compares a key in custody with what the authority published of it. */
export function authorityKnowledge(
  view: TrustView | undefined,
  { did, authority }: Pick<Institution, 'did' | 'authority'>,
  key: Pick<KeyInfo, 'id' | 'publicKeyMultibase'>,
  now: Date,
): AuthorityKnowledge {
  if (!view) return { state: 'no-data', accreditations: [] };
  const accreditations = view
    .accreditations(authority, did)
    .filter(({ signingKeys }) => signingKeys.some(({ id }) => id === key.id))
    .map(({ id }) => id);
  const published = view.keysOf(authority)(key.id);
  if (!published) return { state: 'unknown', accreditations };
  const { validFrom: since, validUntil: until, compromisedSince } = published;
  const at = now.getTime();
  return {
    state:
      published.publicKeyMultibase !== key.publicKeyMultibase || published.controller !== did
        ? 'other-key'
        : compromisedSince !== undefined
          ? 'compromised'
          : until !== undefined && Date.parse(until) <= at
            ? 'ended'
            : Date.parse(since) > at
              ? 'later'
              : 'listed',
    since,
    ...(until === undefined ? {} : { until }),
    ...(compromisedSince === undefined ? {} : { compromisedSince }),
    accreditations,
  };
}
