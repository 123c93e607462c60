import { levelRank } from '../../certificate/level.js';
import { decide } from '../decide.js';
import { instant, rfc3339 } from '../time.js';
import type { TrustView } from '../trust-view.js';
import type { Decision } from '../types.js';
import type { Cell } from './cells.js';
import type { PreviewChange, PreviewStanding } from './types.js';

/** A cell with what its certificates count as without and with the draft. */
export interface JudgedCell {
  cell: Cell;
  before: PreviewStanding;
  after: PreviewStanding;
  /** Undefined when nothing changes. */
  change: PreviewChange | undefined;
}

/**
 * Judges one cell as a verifier of the anchor would, with each view.
 * @param at milliseconds; a certificate still to be issued is judged when it is signed
 */
export function judgeCell(
  cell: Cell,
  views: { before: TrustView; after: TrustView },
  anchor: string,
  at: number,
): JudgedCell {
  const now = rfc3339(Math.max(at, instant(cell.facts.signedAt)));
  const before = standing(decide(cell.facts, views.before, { anchor, now }), cell);
  const after = standing(decide(cell.facts, views.after, { anchor, now }), cell);
  return { cell, before, after, change: changeOf(before, after) };
}

/** True when two standings are worth the same, whatever statements they rest on. */
export function countsTheSame(a: PreviewStanding, b: PreviewStanding): boolean {
  return worth(a) === worth(b);
}

/** An occupation that is not mapped stays each certificate's own. */
function standing(decision: Decision, { facts, grant }: Cell): PreviewStanding {
  const { outcome, treatment, obligations, entitlements, reasons, path, mutual } = decision;
  const isOwn = decision.as?.occupation !== undefined && decision.as.occupation === facts.occupation?.code;
  const as = decision.as && {
    ...decision.as,
    ...(isOwn && grant.occupation && { occupation: grant.occupation.pattern }),
  };
  return { outcome, ...(as && { as }), treatment, obligations, entitlements, reasons, path, mutual };
}

function worth({ outcome, as, treatment, obligations, entitlements, reasons }: PreviewStanding): string {
  const isPositive = outcome === 'recognised' || outcome === 'recognised-with-conditions';
  // What a positive answer warns of, an employer reads; why an answer is negative does not change it.
  const warnings = isPositive
    ? reasons
        .slice(1)
        .map(({ code }) => code)
        .sort()
    : [];
  return JSON.stringify([outcome, as, treatment.toSorted(), obligations, entitlements, warnings]);
}

function changeOf(before: PreviewStanding, after: PreviewStanding): PreviewChange | undefined {
  if (countsTheSame(before, after)) return undefined;
  if (before.outcome === 'undetermined' || after.outcome === 'undetermined') return 'unclear';
  if (before.outcome === 'not-recognised') return 'gained';
  if (after.outcome === 'not-recognised') return 'lost';
  const steps = [
    after.outcome === before.outcome ? 0 : after.outcome === 'recognised' ? 1 : -1,
    Math.sign(before.obligations.length - after.obligations.length),
    Math.sign(after.entitlements.length - before.entitlements.length),
    levelStep(before, after),
  ];
  const up = steps.includes(1);
  const down = steps.includes(-1);
  return up === down ? 'different' : up ? 'better' : 'worse';
}

function levelStep(before: PreviewStanding, after: PreviewStanding): number {
  const [a, b] = [before.as?.level, after.as?.level];
  return a && b?.framework === a.framework ? Math.sign((levelRank(b) ?? 0) - (levelRank(a) ?? 0)) : 0;
}
