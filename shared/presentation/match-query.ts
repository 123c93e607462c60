import type { JsonObject } from '../json/parse-json.js';
import { holdsClaim } from './claims-path.js';
import type { ClaimPath, ClaimQuery, CredentialQuery, DcqlQuery } from './dcql-query.js';

/** A credential as DCQL sees it. */
export interface DcqlCandidate {
  format: string;
  /** `vct` of an SD-JWT VC. */
  vct?: string;
  /** W3C types, short or expanded, as far as they are known; both spellings of a type may be given. */
  types?: readonly string[];
  /** The claims: of an SD-JWT VC those shown, of a W3C credential the credential itself. */
  claims: JsonObject;
}

/** Whether a credential answers a credential query, and if not why. */
export type DcqlMatch =
  | {
      matches: true;
      /** Claims the verifier gets by it; of several claim sets the first that fits. */ claims: ClaimQuery[];
    }
  | { matches: false; code: DcqlMismatch; /** The claim that is missing, dotted. */ at?: string };

/** Why a credential does not answer a credential query. */
export type DcqlMismatch = 'DCQL_FORMAT_MISMATCH' | 'DCQL_TYPE_MISMATCH' | 'DCQL_CLAIM_MISSING' | 'DCQL_VALUE_MISMATCH';

/**
 * Holds one credential against one credential query (OpenID4VP 1.0 §6.1, §6.4.1, Appendix B). For wallets over what they hold, and for
 * verifiers over what they were shown and have verified (§14.1: the wallet's own selection is never trusted).
 */
export function matchCredential(query: CredentialQuery, candidate: DcqlCandidate): DcqlMatch {
  if (query.format !== candidate.format) return { matches: false, code: 'DCQL_FORMAT_MISMATCH' };
  if (!matchesType(query, candidate)) return { matches: false, code: 'DCQL_TYPE_MISMATCH' };
  const { claims = [] } = query;
  const fitting = claimSetsOf(query).find((set) => set.every((claim) => holdsClaim(candidate.claims, claim)));
  if (fitting) return { matches: true, claims: fitting };
  const wanted = query.claim_sets ? (claimSetsOf(query)[0] ?? []) : claims;
  const missing = wanted.find((claim) => !holdsClaim(candidate.claims, claim));
  if (!missing) return { matches: false, code: 'DCQL_CLAIM_MISSING' };
  const code = holdsClaim(candidate.claims, { path: missing.path }) ? 'DCQL_VALUE_MISMATCH' : 'DCQL_CLAIM_MISSING';
  return { matches: false, code, at: dotted(missing.path) };
}

/** The combinations of claims that answer a credential query, the verifier's favourite first. */
export function claimSetsOf({ claims = [], claim_sets: sets }: CredentialQuery): ClaimQuery[][] {
  if (!sets) return [claims];
  return sets.map((ids) => ids.flatMap((id) => claims.filter((claim) => claim.id === id)));
}

/**
 * Whether answers to some of the credential queries satisfy the whole query (OpenID4VP 1.0 §6.4.2).
 * @param answered ids of the credential queries that were answered by matching credentials
 */
export function satisfiesQuery(query: DcqlQuery, answered: ReadonlySet<string>): boolean {
  const { credentials, credential_sets: sets } = query;
  if (!sets) return credentials.every(({ id }) => answered.has(id));
  return sets
    .filter(({ required }) => required !== false)
    .every(({ options }) => options.some((ids) => ids.every((id) => answered.has(id))));
}

/** A claims path as people write it: `identity_document.last_four`, `*` for all elements. */
export function dotted(path: ClaimPath): string {
  return path.map((step) => (step === null ? '*' : String(step))).join('.');
}

function matchesType({ meta }: CredentialQuery, { vct, types = [] }: DcqlCandidate): boolean {
  if (meta.vct_values && (vct === undefined || !meta.vct_values.includes(vct))) return false;
  return !meta.type_values || meta.type_values.some((wanted) => wanted.every((type) => types.includes(type)));
}
