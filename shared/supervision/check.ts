import type { SupervisionRule } from './rules.js';

/** Why a rule gives no answer. */
export type UnknownReason =
  | 'HISTORY_TOO_SHORT'
  | 'SESSIONS_NOT_RECORDED'
  | 'RESULTS_NOT_RECORDED'
  | 'ACCREDITATION_UNKNOWN'
  | 'TOO_FEW'
  | 'CERTIFICATES_NOT_COUNTED';

/** What one rule says of one month's certificates. `unknown` could not be found out and is neither of the others. */
export interface Check {
  rule: SupervisionRule;
  answer: 'pass' | 'fail' | 'unknown';
  /** What was found; certificates, or percent for rates and shares. */
  value?: number;
  /** Highest value that is not marked, in the same unit. */
  most?: number;
  why?: UnknownReason;
  /** Further figures and names for the sentence. */
  detail?: Readonly<Record<string, string | number>>;
}

/** What a month's certificates are marked as. */
export type Mark = 'unusual' | 'unknown' | 'usual';

/**
 * The mark of some checks: unusual when one fails; usual only when rules were applied and every one passed; unknown otherwise, also when
 * no rule applied.
 */
export function markOf(checks: readonly Check[]): Mark {
  if (checks.some(({ answer }) => answer === 'fail')) return 'unusual';
  return checks.length > 0 && checks.every(({ answer }) => answer === 'pass') ? 'usual' : 'unknown';
}
