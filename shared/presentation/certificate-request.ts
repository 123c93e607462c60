import { z } from 'zod';
import { certificateKind, KIND_IDS, type KindId } from '../certificate/kind.js';
import { findLevelFramework, levelRank, type Level } from '../certificate/level.js';
import { OCCUPATION_CODE } from '../certificate/occupation.js';
import { levelSchema, schemaError } from '../certificate/record.js';
import { YizhengError } from '../errors.js';
import { expandedType } from './certificate-types.js';
import { PRESENTATION_FORMATS, type ClaimQuery, type CredentialQuery, type DcqlQuery } from './dcql-query.js';

/** Facts an employer may ask for, each of which a holder of an SD-JWT can hide. */
export const REQUESTABLE_CLAIMS = [
  'name',
  'occupation',
  'level',
  'certificateNumber',
  'issuedOn',
  'assessment',
  'lastFour',
  'scores',
  'idNumber',
  'birthDate',
  'photo',
] as const;

/** One of {@link REQUESTABLE_CLAIMS}. */
export type RequestableClaim = (typeof REQUESTABLE_CLAIMS)[number];

/** What an employer asks for unless told otherwise: who, what, how good, which paper. */
export const DEFAULT_CLAIMS: readonly RequestableClaim[] = ['name', 'occupation', 'level', 'certificateNumber'];

/** Facts that identify a person far beyond his trade; strangers may not make anybody ask for them. */
export const PERSONAL_CLAIMS: readonly RequestableClaim[] = ['idNumber', 'birthDate', 'photo'];

/** What an employer wants to see. */
export const certificateRequestSchema = z.strictObject({
  kind: z.enum(KIND_IDS).default('skill-level'),
  /** Code of the occupation, e.g. `6-18-02-04`; any unless given. */
  occupation: z.string().regex(OCCUPATION_CODE, 'must be a code like 6-18-02-04').optional(),
  /** This level of its framework or a higher one; any unless given. */
  atLeast: levelSchema.optional(),
  claims: z
    .array(z.enum(REQUESTABLE_CLAIMS))
    .min(1)
    .max(REQUESTABLE_CLAIMS.length)
    .default([...DEFAULT_CLAIMS]),
  /** Most wanted first. `vc+jwt` only where asked for: wallets that do not know the name refuse the whole query. */
  formats: z
    .array(z.enum(PRESENTATION_FORMATS))
    .min(1)
    .max(PRESENTATION_FORMATS.length)
    .default(['dc+sd-jwt', 'ldp_vc', 'jwt_vc_json']),
});

/** See {@link certificateRequestSchema}. */
export type CertificateRequest = z.infer<typeof certificateRequestSchema>;

/**
 * Reads what an employer wants to see.
 * @throws YizhengError `REQUEST_INVALID` (422); `REQUEST_TOO_BROAD` (422) for all personal facts at once: nobody needs
 *   the number of an ID, the date of birth in it, and a photo beside it
 */
export function parseCertificateRequest(value: unknown): CertificateRequest {
  const parsed = certificateRequestSchema.safeParse(value);
  if (!parsed.success) throw schemaError('REQUEST_INVALID', parsed.error);
  const request = parsed.data;
  if (PERSONAL_CLAIMS.every((claim) => request.claims.includes(claim)))
    throw new YizhengError('REQUEST_TOO_BROAD', 'Ask for the personal facts that are needed, not for all there are.', {
      at: '/claims',
      status: 422,
    });
  return request;
}

/** Paths of a claim in an SD-JWT VC; scores are taken where there are any, so they are never demanded. */
const SD_JWT_PATHS: Record<RequestableClaim, (kind: KindId) => string[][]> = {
  name: () => [['name']],
  occupation: (kind) =>
    certificateKind(kind).hasOccupation
      ? [
          ['occupation', 'code'],
          ['occupation', 'name'],
        ]
      : [],
  level: (kind) =>
    hasLevel(kind)
      ? [
          ['level', 'framework'],
          ['level', 'value'],
        ]
      : [],
  certificateNumber: () => [['certificate_number']],
  issuedOn: () => [['issued_on']],
  assessment: () => [['assessment', 'date']],
  lastFour: () => [['identity_document', 'last_four']],
  scores: () => [
    ['assessment', 'theory_score'],
    ['assessment', 'practical_score'],
    ['assessment', 'comprehensive_score'],
  ],
  idNumber: () => [['identity_document', 'number']],
  birthDate: () => [['birthdate']],
  photo: () => [['picture']],
};

/** The same in a W3C credential; what stands only in SD-JWTs has no path there. */
const W3C_PATHS: Record<RequestableClaim, (kind: KindId) => string[][]> = {
  name: () => [['credentialSubject', 'name']],
  occupation: (kind) =>
    certificateKind(kind).hasOccupation ? [subject('occupation', 'code'), subject('occupation', 'name')] : [],
  level: (kind) => (hasLevel(kind) ? [subject('level', 'framework'), subject('level', 'value')] : []),
  certificateNumber: () => [subject('certificateNumber')],
  issuedOn: () => [],
  assessment: () => [subject('assessment', 'date')],
  lastFour: () => [subject('identityDocumentLastFour')],
  scores: () => [],
  idNumber: () => [],
  birthDate: () => [],
  photo: () => [],
};

/**
 * Writes what an employer wants to see as a DCQL query: one credential query for each format, any one of which is enough. Facts that
 * only an SD-JWT can carry leave no other format.
 * @param request what is wanted
 * @param vctValues types of SD-JWT VCs of this kind by the issuers that are known; none: no SD-JWT is asked for
 * @throws YizhengError `REQUEST_NO_FORMAT` (422) when no format is left
 */
export function certificateQuery(request: CertificateRequest, vctValues: readonly string[]): DcqlQuery {
  const onlySdJwt = request.claims.some((claim) => claim === 'scores' || PERSONAL_CLAIMS.includes(claim));
  const formats = [...new Set(request.formats)].filter((format) =>
    format === 'dc+sd-jwt' ? vctValues.length > 0 : !onlySdJwt,
  );
  if (formats.length === 0)
    throw new YizhengError('REQUEST_NO_FORMAT', 'No format of those asked for can carry what is asked for.', {
      at: '/formats',
      status: 422,
    });
  const credentials = formats.map((format): CredentialQuery => {
    const id = `certificate_${format.replaceAll(/[^A-Za-z0-9]/g, '_')}`;
    if (format === 'dc+sd-jwt')
      return { id, format, meta: { vct_values: [...vctValues] }, ...claimsOf(request, SD_JWT_PATHS, SD_JWT_ROOT) };
    const { type } = certificateKind(request.kind);
    const typeValues = [[expandedType(type)], [type]];
    return { id, format, meta: { type_values: typeValues }, ...claimsOf(request, W3C_PATHS, W3C_ROOT) };
  });
  return {
    credentials,
    ...(credentials.length > 1 && { credential_sets: [{ options: credentials.map(({ id }) => [id]) }] }),
  };
}

const SD_JWT_ROOT: readonly string[] = [];
const W3C_ROOT: readonly string[] = ['credentialSubject'];

function claimsOf(
  { kind, occupation, atLeast, claims }: CertificateRequest,
  paths: typeof SD_JWT_PATHS,
  root: readonly string[],
): Pick<CredentialQuery, 'claims' | 'claim_sets'> {
  const demanded = new Map<string, ClaimQuery>();
  const demand = (path: readonly string[], values?: string[]): void => {
    const id = path.slice(root.length).join('-');
    demanded.set(id, { id, path: [...path], ...(values && { values }) });
  };
  for (const claim of claims) for (const path of claim === 'scores' ? [] : paths[claim](kind)) demand(path);
  if (occupation !== undefined) demand([...root, 'occupation', 'code'], [occupation]);
  if (atLeast) {
    demand([...root, 'level', 'framework'], [atLeast.framework]);
    demand([...root, 'level', 'value'], levelsFrom(atLeast));
  }
  const needed = [...demanded.keys()];
  const wished = claims.includes('scores') ? paths.scores(kind) : [];
  for (const path of wished) demand(path);
  const all = [...demanded.values()];
  if (all.length === 0) return {};
  if (wished.length === 0) return { claims: all };
  return {
    claims: all,
    claim_sets: scoreSets(
      needed,
      wished.map((path) => path.slice(root.length).join('-')),
    ),
  };
}

/** With all scores, with each pair and single one, then without: a certificate states those its exam had. */
function scoreSets(needed: readonly string[], scores: readonly string[]): string[][] {
  const subsets = scores.reduce<string[][]>((sets, score) => sets.flatMap((set) => [[...set, score], set]), [[]]);
  const sorted = subsets.toSorted((a, b) => b.length - a.length);
  return sorted.map((set) => [...needed, ...set]).filter((set) => set.length > 0);
}

function levelsFrom(least: Level): string[] {
  const rank = levelRank(least) ?? 0;
  return (findLevelFramework(least.framework)?.values ?? []).slice(rank).map(({ value }) => value);
}

function hasLevel(kind: KindId): boolean {
  return certificateKind(kind).frameworks.length > 0;
}

function subject(...steps: string[]): string[] {
  return ['credentialSubject', ...steps];
}
