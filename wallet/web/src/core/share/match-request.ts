import { dcqlCandidate } from '../../../../../shared/presentation/dcql-candidate.js';
import type { ClaimPath, CredentialQuery, DcqlQuery } from '../../../../../shared/presentation/dcql-query.js';
import { holdsClaim } from '../../../../../shared/presentation/claims-path.js';
import {
  claimSetsOf,
  matchCredential,
  satisfiesQuery,
  type DcqlMismatch,
} from '../../../../../shared/presentation/match-query.js';
import { YizhengError } from '../../../../../shared/errors.js';
import type { HeldCertificate, HeldForm } from '../certificates/held-certificate.js';
import { factsIn, isWithin, type Fact } from './facts.js';
import type { PresentationRequest } from './read-request.js';

/** One certificate that can answer a part of a request, with every fact the asker would get. */
export interface Candidate {
  certificateId: string;
  format: HeldForm['format'];
  facts: Fact[];
  /** Nothing can be hidden: this form shows the whole certificate. */
  showsEverything: boolean;
}

/** One credential query with what is held for it. */
export interface QueryMatch {
  queryId: string;
  format: string;
  candidates: Candidate[];
  /** Why nothing that is held answers it, and which claim is missing. */
  problem?: DcqlMismatch;
  missing?: string;
}

/** What can be answered. */
export interface RequestMatch {
  queries: QueryMatch[];
  /** The answer that tells least, ready to be changed; undefined when the request cannot be answered. */
  suggestion?: Choice[];
  /** The asker wants everything there is: more than any trade needs. */
  asksEverything: boolean;
}

/** What a person has chosen to show for one query. */
export interface Choice {
  queryId: string;
  certificateId: string;
  format: HeldForm['format'];
  /** Paths of the facts to tell, of those that can be left out; required ones need not be named. */
  facts: (string | number)[][];
}

/**
 * Holds a request against what is held (OpenID4VP 1.0 §6.4). Certificates without a key of this wallet cannot answer.
 * @param certificates held, newest first
 */
export function matchRequest(request: PresentationRequest, certificates: readonly HeldCertificate[]): RequestMatch {
  const queries = request.query.credentials.map((query) => matchQuery(query, certificates));
  const suggestion = suggest(request.query, queries);
  const shown = queries.flatMap(({ candidates }) => candidates);
  return {
    queries,
    ...(suggestion && { suggestion }),
    asksEverything: shown.some(wantsAll) || request.query.credentials.some(namesAllPersonal),
  };
}

function matchQuery(query: CredentialQuery, certificates: readonly HeldCertificate[]): QueryMatch {
  const candidates: Candidate[] = [];
  let closest: Pick<QueryMatch, 'problem' | 'missing'> = { problem: 'DCQL_FORMAT_MISMATCH' };
  for (const certificate of certificates)
    for (const form of certificate.forms) {
      if (form.format !== query.format || form.holder === undefined) continue;
      const candidate = readCandidate(form);
      if (!candidate) continue;
      const match = matchCredential(query, candidate);
      if (match.matches)
        candidates.push({
          certificateId: certificate.id,
          format: form.format,
          facts: factsOf(query, candidate.claims, form.format === 'dc+sd-jwt' ? candidate.disclosed : undefined),
          showsEverything: form.format !== 'dc+sd-jwt',
        });
      else closest = { problem: match.code, ...(match.at !== undefined && { missing: match.at }) };
    }
  return { queryId: query.id, format: query.format, candidates, ...(candidates.length === 0 && closest) };
}

function readCandidate(form: HeldForm) {
  try {
    return dcqlCandidate(form.format, form.text);
  } catch (error) {
    if (error instanceof YizhengError) return undefined;
    throw error;
  }
}

/**
 * @param disclosable paths an SD-JWT can hide; undefined for a form that always shows everything
 */
function factsOf(
  query: CredentialQuery,
  claims: Parameters<typeof factsIn>[0],
  disclosable: readonly (readonly (string | number)[])[] | undefined,
): Fact[] {
  const fitting = claimSetsOf(query).filter((set) => set.every((claim) => holdsClaim(claims, claim)));
  const asked = fitting.flatMap((set) => set.map(({ path }) => path));
  const everywhere = asked.filter((path) => fitting.every((set) => set.some((claim) => samePath(claim.path, path))));
  return factsIn(claims).flatMap((fact) => {
    const isAsked = asked.some((path) => isWithin(fact.path, path));
    const canHide = disclosable?.some((path) => isWithin(fact.path, path)) ?? false;
    if (canHide && !isAsked) return [];
    return [{ ...fact, asked: isAsked, required: !canHide || everywhere.some((path) => isWithin(fact.path, path)) }];
  });
}

/** The form that hides most first; of sets that are alternatives, the first that can be answered. */
function suggest(query: DcqlQuery, matches: readonly QueryMatch[]): Choice[] | undefined {
  const first = (id: string): Choice[] => {
    const match = matches.find(({ queryId }) => queryId === id);
    const best = match?.candidates[0];
    return best ? [{ queryId: id, certificateId: best.certificateId, format: best.format, facts: [] }] : [];
  };
  const canShow = (ids: readonly string[]): boolean => ids.every((id) => first(id).length > 0);
  const ids = query.credential_sets
    ? query.credential_sets
        .filter(({ required }) => required !== false)
        .flatMap(({ options }) => options.filter(canShow).toSorted((a, b) => openness(b) - openness(a))[0] ?? [])
    : query.credentials.map(({ id }) => id);
  const chosen = [...new Set(ids)];
  return canShow(chosen) && satisfiesQuery(query, new Set(chosen)) ? chosen.flatMap(first) : undefined;

  function openness(option: readonly string[]): number {
    return option.filter((id) => matches.some(({ queryId, format }) => queryId === id && format === 'dc+sd-jwt'))
      .length;
  }
}

function wantsAll({ facts, showsEverything }: Candidate): boolean {
  return !showsEverything && facts.filter(({ asked, personal }) => asked && personal).length >= 2;
}

/** A query that names number, date of birth and photo asks for all of a person, whatever is held. */
function namesAllPersonal({ claims = [] }: CredentialQuery): boolean {
  const named = (word: RegExp): boolean =>
    claims.some(({ path }) => path.some((step) => typeof step === 'string' && word.test(step)));
  return [/number$/i, /birth/i, /picture|photo|portrait/i].filter(named).length >= 2 && claims.length > 3;
}

function samePath(a: ClaimPath, b: ClaimPath): boolean {
  return a.length === b.length && a.every((step, i) => step === b[i]);
}
