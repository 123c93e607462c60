import { instant, within } from '../time.js';
import type { TrustView } from '../trust-view.js';
import type { Accreditation, Recognition, RecognizedAction } from '../types.js';

/** Whether a granted action counts at an instant, and when it begins and ends (milliseconds). */
export interface ActionState {
  state: 'live' | 'future' | 'ended' | 'suspended';
  begins: number;
  /** Infinity when open; superseding and revoking end it too. */
  ends: number;
}

/**
 * Does an action of a statement count at this instant? `suspended` when its maker suspended or withdrew the subject then.
 * @param at milliseconds
 */
export function actionState(
  statement: Accreditation | Recognition,
  action: RecognizedAction,
  view: TrustView,
  at: number,
): ActionState {
  const begins = instant(action.validFrom);
  const ends = Math.min(
    action.validUntil === undefined ? Infinity : instant(action.validUntil),
    view.endOf(statement.authority, statement.id) ?? Infinity,
  );
  const subject = 'institution' in statement ? statement.institution : statement.subject;
  const about = 'subject' in statement && statement.homeAuthority !== undefined ? [statement.homeAuthority] : [];
  const stopped = [subject, ...about]
    .flatMap((did) => view.eventsBy(statement.authority, did))
    .some((event) => {
      const from = instant(event.effectiveFrom);
      const until = event.effectiveUntil === undefined ? undefined : instant(event.effectiveUntil);
      if (!within(at, from, until)) return false;
      return event.event === 'suspend' || event.event === 'deny' || (event.event === 'withdraw' && begins < from);
    });
  const state = at >= ends || ends <= begins ? 'ended' : at < begins ? 'future' : stopped ? 'suspended' : 'live';
  return { state, begins, ends };
}
