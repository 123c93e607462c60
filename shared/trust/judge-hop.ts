import { checkEvents } from './check-events.js';
import type { JudgeContext } from './check-accreditation.js';
import { isHolderLevel } from './holder-level.js';
import { failure, reason, type Failure } from './judgement.js';
import { institutionOutsideScope, outsideScope, type ScopeQuestion } from './scope.js';
import { DAY, instant, within } from './time.js';
import type {
  Accreditation,
  Action,
  CertificateFacts,
  Decision,
  LevelMapping,
  Obligation,
  Reason,
  Recognition,
  RecognizedAction,
  Treatment,
} from './types.js';

/** What a certificate counts as after the hops judged so far, from the certificate up. */
export interface Standing {
  /** The certificate as mapped so far; the next hop sees this (TRUST §2.4-4). */
  as: ScopeQuestion;
  /** True when it counts as a level or qualification; only then has an upper hop something to speak about. */
  counts: boolean;
  treatment: Treatment[];
  obligations: Obligation[];
  entitlements: Decision['entitlements'];
  mappings: number;
  warnings: Reason[];
  /** Statement ids, from the lowest hop up. */
  statements: string[];
  /** True while every hop cites a memorandum that the other side's live statement cites too. */
  mutual: boolean;
}

/** The hop to judge: what `maker` says about `subject`, `below` statements above the accreditation. */
export interface Hop {
  maker: string;
  subject: string;
  /** Statements on the path below this one. */
  below: number;
  /** The accreditation the path ends in. */
  accreditation: Accreditation;
}

const STAGE = 10;

/**
 * Judges one hop for every live statement and action of its maker (TRUST §2.4-3): action, depth, scope, window of issue, in force or
 * surviving, events, level mapping, treatment.
 * @returns the standings that pass, and why the others fail
 */
export function judgeHop(
  facts: CertificateFacts,
  standing: Standing,
  hop: Hop,
  context: JudgeContext,
): { standings: Standing[]; failures: Failure[] } {
  const standings: Standing[] = [];
  const failures: Failure[] = [];
  for (const statement of context.view.recognitionsBy(hop.maker).get(hop.subject) ?? []) {
    if (statement.homeAuthority !== undefined && statement.subject !== facts.issuer) {
      failures.push(failure('INSTITUTION_NOT_PERMITTED', STAGE * (hop.below + 1), statement.id));
      continue;
    }
    for (const action of statement.actions) {
      const judged = judgeAction(facts, standing, hop, statement, action, context);
      if (judged === undefined) continue;
      if ('code' in judged) failures.push(judged);
      else standings.push(judged);
    }
  }
  if (standings.length === 0 && failures.length === 0)
    failures.push(failure('NO_RECOGNITION_OF_AUTHORITY', STAGE, hop.subject));
  return { standings, failures };
}

function judgeAction(
  facts: CertificateFacts,
  standing: Standing,
  hop: Hop,
  statement: Recognition,
  action: RecognizedAction,
  context: JudgeContext,
): Standing | Failure | undefined {
  const { view, policy, now } = context;
  const fail = (code: string, step: number): Failure => failure(code, STAGE * (hop.below + 1) + step, statement.id);
  const begins = instant(action.validFrom);
  const ends = Math.min(
    action.validUntil === undefined ? Infinity : instant(action.validUntil),
    view.endOf(hop.maker, statement.id) ?? Infinity,
  );
  if (ends <= begins) return undefined;
  if (action.action !== neededAction(hop, statement)) return fail('ACTION_NOT_GRANTED', 1);
  if (hop.below > 0 && hop.below > (action.onward?.maxDepth ?? 0)) return fail('PATH_TOO_LONG', 2);
  const outside =
    outsideScope(action.scope, standing.as, 'all')[0] ??
    institutionOutsideScope(action.scope, facts.issuer, hop.accreditation);
  if (outside !== undefined) return fail(outside, 3);
  const issuedAt = instant(facts.issuedAt);
  const { from, until } = action.certificateIssued ?? {};
  // A date of issue can be set back; only what was also signed inside the window counts.
  const latest = Math.max(issuedAt, instant(facts.signedAt));
  if ((from !== undefined && issuedAt < instant(from)) || (until !== undefined && latest >= instant(until)))
    return fail('ISSUED_OUTSIDE_RECOGNISED_PERIOD', 4);
  if (now < begins) return fail('RECOGNITION_NOT_YET_IN_FORCE', 5);

  const warnings = [...standing.warnings];
  let treatment = action.treatment ?? [];
  if (now >= ends) {
    treatment = treatment.filter((item) => item === 'full' || item === 'deemed-level');
    const issuedInTime = latest < ends;
    if (!issuedInTime || action.expiryEffect === 'lapse' || treatment.length === 0)
      return fail('RECOGNITION_EXPIRED', 5);
    warnings.push(reason('RECOGNITION_EXPIRED_GRANDFATHERED', statement.id));
  }
  if (action.requireLogProof === true && facts.provenBy === undefined) {
    if (now >= issuedAt + policy.logGraceDays * DAY) return fail('LOG_PROOF_REQUIRED', 6);
    warnings.push(reason('LOG_PENDING', statement.id));
  }
  const aboutSubject = view.eventsBy(hop.maker, hop.subject);
  const published =
    statement.subject === hop.subject
      ? aboutSubject
      : [...aboutSubject, ...view.eventsBy(hop.maker, statement.subject)];
  const events = checkEvents(facts, published, { statement: statement.id, begins }, now);
  const worst = events.failures.find((item) => item.weight === 'final') ?? events.failures[0];
  if (worst) return { ...worst, stage: STAGE * (hop.below + 1) + 6 };
  warnings.push(...events.warnings);

  if (!standing.counts) return fail('TREATMENTS_DO_NOT_COMPOSE', 7);
  const mapping = action.levelMapping?.find((item) => maps(item, standing.as));
  if (mapping && standing.mappings >= policy.maxMappings) return fail('MAPPING_INHIBITED', 8);
  const as = mapping ? mapped(standing.as, mapping) : standing.as;
  if (!mapping && treatment.includes('deemed-level')) treatment = treatment.filter((item) => item !== 'deemed-level');
  const above = as.level;
  if (above === undefined || (!mapping && action.treatment?.includes('deemed-level') === true))
    treatment = treatment.filter((item) => item !== 'apply-next-level');
  if (treatment.length === 0) return fail('LEVEL_NOT_MAPPED', 9);

  const counts = treatment.includes('full') || treatment.includes('deemed-level');
  return {
    as,
    counts,
    treatment: standing.treatment.includes('deemed-level')
      ? treatment.map((item) => (item === 'full' ? 'deemed-level' : item))
      : treatment,
    obligations: counts ? [] : obligationsOf(treatment),
    entitlements:
      treatment.includes('apply-next-level') && above !== undefined
        ? [{ type: 'apply-next-level', above: { framework: above.framework, value: above.value } }]
        : [],
    mappings: standing.mappings + (mapping ? 1 : 0),
    warnings,
    statements: [...standing.statements, statement.id],
    mutual: standing.mutual && isMutual(statement, context),
  };
}

/** `issue`: those of the one institution it names; `accredit`: those of institutions it accredits; `recognize`: what it recognises. */
function neededAction(hop: Hop, statement: Recognition): Action {
  if (hop.below > 0) return 'recognize';
  return statement.homeAuthority === undefined ? 'accredit' : 'issue';
}

/** What is still owed when the certificate does not count by itself (TRUST §2.3). */
function obligationsOf(treatment: readonly Treatment[]): Obligation[] {
  const safety = treatment.includes('exempt-safety-training');
  const theory = treatment.includes('exempt-theory');
  if (!safety && !theory) return ['next-level-exam'];
  return [
    ...(safety ? [] : ['safety-training' as const]),
    ...(theory ? [] : ['theory-exam' as const]),
    'practical-exam',
  ];
}

function maps({ from }: LevelMapping, as: ScopeQuestion): boolean {
  const level = as.level
    ? as.level.framework === from.framework && as.level.value === from.value
    : isHolderLevel(from) && from.kind !== undefined;
  return (
    level &&
    (from.kind === undefined || from.kind === as.kind) &&
    (from.occupation === undefined || from.occupation === as.occupation?.code)
  );
}

function mapped(as: ScopeQuestion, { to }: LevelMapping): ScopeQuestion {
  return {
    ...as,
    kind: to.kind ?? as.kind,
    level: { framework: to.framework, value: to.value },
    ...(to.occupation === undefined ? {} : { occupation: { code: to.occupation, catalogueEdition: '2022' } }),
  };
}

/** Derived, never stated: live statements both ways that cite the same memorandum (TRUST §0.2). */
function isMutual(statement: Recognition, { view, now }: JudgeContext): boolean {
  const { memorandum, subject, authority } = statement;
  if (!memorandum) return false;
  return (view.recognitionsBy(subject).get(authority) ?? []).some(
    (other) =>
      other.homeAuthority === undefined &&
      other.memorandum?.id === memorandum.id &&
      other.memorandum.digestMultibase === memorandum.digestMultibase &&
      now < (view.endOf(subject, other.id) ?? Infinity) &&
      other.actions.some((action) =>
        within(
          now,
          instant(action.validFrom),
          action.validUntil === undefined ? undefined : instant(action.validUntil),
        ),
      ),
  );
}
