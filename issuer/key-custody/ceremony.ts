import { YizhengError } from '../../shared/errors.js';

/**
 * What two custodians do to a key of their institution together: `prepare` makes the next key, which does not sign yet; `activate` lets it
 * take over; `retire` ends a key without successor, or drops a next one; `compromise` records that a key is in other hands.
 */
export const CEREMONY_KINDS = ['prepare', 'activate', 'retire', 'compromise'] as const;

/** One of {@link CEREMONY_KINDS}. */
export type CeremonyKind = (typeof CEREMONY_KINDS)[number];

/** `confirmed`: two people agreed and the act or its record is not finished; `expired`: nobody confirmed it in time. */
export const CEREMONY_STATES = ['proposed', 'confirmed', 'done', 'cancelled', 'expired'] as const;

/** One of {@link CEREMONY_STATES}. */
export type CeremonyState = (typeof CEREMONY_STATES)[number];

/** How long a second custodian has, in milliseconds: two hours. */
export const CEREMONY_MS = 2 * 3600_000;

/** A ceremony as it is stored. */
export interface CeremonyRow {
  id: string;
  institution: string;
  kind: CeremonyKind;
  state: Exclude<CeremonyState, 'expired'>;
  /** Verification method URL; null before `prepare` made the key. */
  key_id: string | null;
  compromised_since: string | null;
  reason: string;
  proposed_by: string;
  proposed_at: string;
  expires_at: string;
  confirmed_by: string | null;
  confirmed_at: string | null;
  cancelled_by: string | null;
  cancelled_at: string | null;
  done_at: string | null;
  /** Text of the signed record. */
  record: string | null;
  /** SHA-256 of `record`, hex. */
  record_sha256: string | null;
}

/** A ceremony as its institution sees it. Actors are ids of accounts or API keys, instants RFC 3339. */
export interface Ceremony {
  id: string;
  kind: CeremonyKind;
  state: CeremonyState;
  keyId?: string;
  compromisedSince?: string;
  reason: string;
  proposedBy: string;
  proposedAt: string;
  expiresAt: string;
  confirmedBy?: string;
  confirmedAt?: string;
  cancelledBy?: string;
  cancelledAt?: string;
  doneAt?: string;
  recordSha256?: string;
}

/** The outside view of a stored ceremony. @param now a proposal nobody confirmed until then is `expired` */
export function ceremonyOf(row: CeremonyRow, now: Date): Ceremony {
  const known = {
    keyId: row.key_id,
    compromisedSince: row.compromised_since,
    confirmedBy: row.confirmed_by,
    confirmedAt: row.confirmed_at,
    cancelledBy: row.cancelled_by,
    cancelledAt: row.cancelled_at,
    doneAt: row.done_at,
    recordSha256: row.record_sha256,
  };
  return {
    id: row.id,
    kind: row.kind,
    state: isExpired(row, now) ? 'expired' : row.state,
    reason: row.reason,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    expiresAt: row.expires_at,
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)),
  };
}

/** Was it proposed so long ago that nobody may confirm it any more? */
export function isExpired({ state, expires_at }: CeremonyRow, now: Date): boolean {
  return state === 'proposed' && now.getTime() >= Date.parse(expires_at);
}

/** @throws YizhengError `CEREMONY_EXPIRED`, `CEREMONY_STATE` (409) unless it waits for its second person */
export function refuseUnlessOpen(row: CeremonyRow, now: Date): void {
  if (isExpired(row, now))
    throw new YizhengError('CEREMONY_EXPIRED', 'Nobody confirmed this in time; propose it again.', { status: 409 });
  if (row.state !== 'proposed')
    throw new YizhengError('CEREMONY_STATE', `This ceremony is ${row.state} already.`, { status: 409 });
}
