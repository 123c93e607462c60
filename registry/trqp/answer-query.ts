import { decide, type DecideOptions } from '../../shared/trust/decide.js';
import { explain } from '../../shared/trust/explain.js';
import { instant, within } from '../../shared/trust/time.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { Accreditation, CertificateFacts, Decision, Reason, Scope } from '../../shared/trust/types.js';
import type { Qualification } from './resource.js';

/** What TRQP may ask: `issue` of an authorisation; the others of a recognition, one for each treatment. */
export const RECOGNITION_ACTIONS = [
  'accept',
  'deem-level',
  'exempt-theory',
  'exempt-safety-training',
  'apply-next-level',
] as const;
/** One of {@link RECOGNITION_ACTIONS}. */
export type RecognitionAction = (typeof RECOGNITION_ACTIONS)[number];

/** A question about certificates of an entity, without a certificate. */
export interface EntityQuestion {
  /** DID of the authority whose word counts. */
  anchor: string;
  /** DID of an institution or authority. */
  entity: string;
  qualification: Qualification;
  /** The instant asked about and the instant of issue, RFC 3339; now unless given. */
  time?: string | undefined;
  issuedAt?: string | undefined;
  region?: string | undefined;
  /** RFC 3339. */
  now: string;
}

/** The answer to an {@link EntityQuestion}. */
export interface EntityAnswer {
  granted: boolean;
  decision: Decision;
  /** One English sentence. */
  message: string;
}

/** Name of the institution that stands for “any institution the authority accredits”. It is never published. */
const ANY_INSTITUTION = 'did:web:any-institution.invalid';
const ANY_STATEMENT = 'urn:yizheng:accreditation:any';
const MOST_REGIONS = 16;
const MOST_ACCREDITORS = 8;

/** May the entity issue this qualification, by the word of the anchor itself? Recognition by others is another question. */
export function answerAuthorization(view: TrustView, question: EntityQuestion): EntityAnswer {
  const cases = certificatesOf(question, view, [question.anchor]).map((facts) => ({ facts, view }));
  return answer(cases, question, isRecognised, { maxDepth: 0 });
}

/**
 * Does the anchor recognise this qualification of the entity, with this treatment? The entity is an institution, or an authority: then
 * it is asked for those of any institution it accredits.
 */
export function answerRecognition(view: TrustView, question: EntityQuestion, action: RecognitionAction): EntityAnswer {
  const { entity } = question;
  const accreditors = [...view.accreditorsOf(entity)].sort().slice(0, MOST_ACCREDITORS);
  if (accreditors.length > 0) {
    const cases = certificatesOf(question, view, accreditors).map((facts) => ({ facts, view }));
    return answer(cases, question, GRANTED[action]);
  }
  const standIn = withAnyInstitution(view, question);
  const cases = certificatesOf({ ...question, entity: ANY_INSTITUTION }, standIn, [entity]).map((facts) => ({
    facts,
    view: standIn,
  }));
  const found = answer(cases, question, GRANTED[action]);
  const gap = found.granted || isAuthority(view, question) ? undefined : gapIn(view, question);
  if (!gap) return found;
  const decision: Decision = { ...found.decision, outcome: 'undetermined', reasons: [gap] };
  return {
    ...found,
    decision,
    message: `It is not known whether ${entity} is accredited: ${gap.code} ${gap.ref ?? ''}`,
  };
}

/** True when the view shows the entity to be an authority, so that no other feed could know it as an institution. */
function isAuthority(view: TrustView, { anchor, entity }: EntityQuestion): boolean {
  return view.feedOf(entity) !== undefined || view.recognitionsBy(anchor).has(entity);
}

/** An institution nobody in the view accredits may still be accredited by a recognised authority whose registry is missing or too old. */
function gapIn(view: TrustView, { anchor, now }: EntityQuestion): Reason | undefined {
  for (const authority of [...view.recognitionsBy(anchor).keys()].sort()) {
    if (!view.feedOf(authority)) return { code: 'REGISTRY_PART_MISSING', ref: authority };
    if (view.freshness(authority, now) === 'stale') return { code: 'BUNDLE_STALE', ref: authority };
  }
  return undefined;
}

const isRecognised = ({ outcome }: Decision): boolean => outcome === 'recognised';
const good = ({ outcome }: Decision): boolean => outcome === 'recognised' || outcome === 'recognised-with-conditions';
const GRANTED: Record<RecognitionAction, (decision: Decision) => boolean> = {
  accept: isRecognised,
  'deem-level': (decision) => good(decision) && decision.treatment.includes('deemed-level'),
  'exempt-theory': (decision) => good(decision) && decision.treatment.includes('exempt-theory'),
  'exempt-safety-training': (decision) => good(decision) && decision.treatment.includes('exempt-safety-training'),
  'apply-next-level': (decision) => good(decision) && decision.entitlements.length > 0,
};

/** The first case that grants; else one that could not be found out; else the first, whose reasons are told. */
function answer(
  cases: readonly { facts: CertificateFacts; view: TrustView }[],
  question: EntityQuestion,
  grants: (decision: Decision) => boolean,
  policy?: DecideOptions['policy'],
): EntityAnswer {
  const options: DecideOptions = {
    anchor: question.anchor,
    now: question.now,
    ...(question.time !== undefined && { asOf: question.time }),
    ...(policy && { policy }),
  };
  const decided = cases.map((item) => ({ ...item, decision: decide(item.facts, item.view, options) }));
  const chosen =
    decided.find(({ decision }) => grants(decision)) ??
    decided.find(({ decision }) => decision.outcome === 'undetermined') ??
    decided[0];
  if (!chosen) throw new RangeError('no case to decide');
  const { facts, view, decision } = chosen;
  return {
    granted: grants(decision),
    decision: { ...decision, path: decision.path.filter((id) => id !== ANY_STATEMENT) },
    message: explain(facts, view, { ...options, language: 'en' }).headline,
  };
}

/** A certificate as the entity would issue it: with a key of its own, for an own employee, logged, in a region that is covered. */
function certificatesOf(question: EntityQuestion, view: TrustView, accreditors: readonly string[]): CertificateFacts[] {
  const { entity, qualification, now } = question;
  const time = question.time ?? now;
  const issuedAt = question.issuedAt ?? time;
  return accreditors.flatMap((authority) => {
    const rows = view.accreditations(authority, entity);
    const keys = rows.flatMap((row) => row.signingKeys);
    const key =
      keys.find(({ validFrom, validUntil }) =>
        within(instant(issuedAt), instant(validFrom), validUntil === undefined ? undefined : instant(validUntil)),
      ) ?? keys[0];
    const uscc = rows.find((row) => row.unifiedSocialCreditCode !== undefined)?.unifiedSocialCreditCode;
    return regions(question, view, rows, authority).map((region) => ({
      ...qualification,
      certificateNumber: '',
      issuer: entity,
      verificationMethod: key?.id ?? `${entity}#none`,
      issuedAt,
      signedAt: issuedAt,
      ...(region !== undefined && { region }),
      ...(uscc !== undefined && { candidateEmployer: { uscc } }),
      issuedUnder: { id: rows[0]?.id ?? ANY_STATEMENT, authority },
      provenBy: issuedAt,
    }));
  });
}

/** The region asked for; else one example of each that the statements name, so that “anywhere covered” is enough. */
function regions(
  { region, anchor }: EntityQuestion,
  view: TrustView,
  rows: readonly Accreditation[],
  authority: string,
): (string | undefined)[] {
  if (region !== undefined) return [region];
  const recognitions = [...(view.recognitionsBy(anchor).get(authority) ?? [])];
  const scopes: Scope[] = [...rows, ...recognitions].flatMap((row) => row.actions.map((action) => action.scope));
  const examples = scopes.flatMap((scope) => scope.region ?? []).map((text) => text.replace('*', '').padEnd(6, '0'));
  return [...new Set([undefined, ...examples])].slice(0, MOST_REGIONS);
}

/** The same view with one more institution, which the entity accredits for exactly what is asked about. */
function withAnyInstitution(
  view: TrustView,
  { entity, qualification, issuedAt, time, now }: EntityQuestion,
): TrustView {
  const { kind, occupation, level } = qualification;
  const begins = issuedAt ?? time ?? now;
  const method = `${ANY_INSTITUTION}#key`;
  const row: Accreditation = {
    id: ANY_STATEMENT,
    authority: entity,
    institution: ANY_INSTITUTION,
    legalName: entity,
    institutionKind: 'social',
    institutionCode: 'S000000000000',
    signingKeys: [{ id: method, type: 'Multikey', publicKeyMultibase: '', validFrom: begins }],
    actions: [
      {
        action: 'issue',
        validFrom: begins,
        scope: {
          kind: [kind],
          occupation: occupation ? [`${occupation.catalogueEdition}:${occupation.code}`] : ['*'],
          ...(level && { level: [level] }),
          region: ['*'],
          candidates: 'public',
        },
      },
    ],
  };
  const here = (authority: string, institution: string): boolean =>
    authority === entity && institution === ANY_INSTITUTION;
  return {
    ...view,
    accreditations: (authority, institution) =>
      here(authority, institution) ? [row] : view.accreditations(authority, institution),
    accreditorsOf: (institution) =>
      institution === ANY_INSTITUTION ? new Set([entity]) : view.accreditorsOf(institution),
    institutionName: (did) =>
      did === ANY_INSTITUTION ? (view.authorityName(entity) ?? entity) : view.institutionName(did),
    keysOf: (authority) => (name) =>
      authority === entity && name === method
        ? { id: method, controller: ANY_INSTITUTION, publicKeyMultibase: '', validFrom: begins }
        : view.keysOf(authority)(name),
  };
}
