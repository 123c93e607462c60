import { DAY } from '../shared/trust/time.js';

/** Milliseconds between two publications at most. */
export const UPDATE_EVERY_MS = 6 * 3_600_000;

/** Days until a client should ask again (TRUST §3.2). */
export const NEXT_UPDATE_DAYS = 7;

/** Days until a client may no longer rely on the data (TRUST §3.2). */
export const STALE_AFTER_DAYS = 30;

/** Milliseconds from a decision until every client has learned of it: it is published, and then every client asks again. */
export const LEAD_TIME_MS = NEXT_UPDATE_DAYS * DAY + UPDATE_EVERY_MS;

/** Days a proposal waits for a second person before it must be made anew. */
export const PROPOSAL_DAYS = 30;
