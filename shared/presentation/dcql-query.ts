import { z } from 'zod';
import { schemaError } from '../certificate/record.js';

/** Credential formats of OpenID4VP 1.0 Appendix B that a certificate is presented in; `vc+jwt` is our named extension. */
export const PRESENTATION_FORMATS = ['dc+sd-jwt', 'ldp_vc', 'jwt_vc_json', 'vc+jwt'] as const;

/** One of {@link PRESENTATION_FORMATS}. */
export type PresentationFormat = (typeof PRESENTATION_FORMATS)[number];

const queryId = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/, 'may hold letters, digits, _ and - only');
const text = z.string().min(1).max(400);
const pathStep = z.union([text, z.null(), z.int().min(0).max(10_000)]);

const claimQuery = z.looseObject({
  id: queryId.optional(),
  path: z.array(pathStep).min(1).max(10),
  values: z
    .array(z.union([z.string().max(400), z.int(), z.boolean()]))
    .min(1)
    .max(100)
    .optional(),
});

const credentialQuery = z
  .looseObject({
    id: queryId,
    format: text,
    multiple: z.boolean().optional(),
    meta: z.looseObject({
      vct_values: z.array(text).min(1).max(200).optional(),
      type_values: z.array(z.array(text).min(1).max(10)).min(1).max(60).optional(),
    }),
    require_cryptographic_holder_binding: z.boolean().optional(),
    claims: z.array(claimQuery).min(1).max(60).optional(),
    claim_sets: z.array(z.array(queryId).min(1).max(60)).min(1).max(20).optional(),
  })
  .superRefine(({ claims, claim_sets: sets }, context) => {
    const problem = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const ids = (claims ?? []).map(({ id }) => id).filter((id) => id !== undefined);
    if (new Set(ids).size !== ids.length) problem('claims', 'names an id twice');
    if (!sets) return;
    if (!claims) problem('claim_sets', 'needs claims');
    if ((claims ?? []).some(({ id }) => id === undefined)) problem('claims', 'needs an id at every claim');
    if (sets.flat().some((id) => !ids.includes(id))) problem('claim_sets', 'names a claim that is not there');
  });

const credentialSet = z.looseObject({
  options: z.array(z.array(queryId).min(1).max(16)).min(1).max(16),
  required: z.boolean().optional(),
});

/** A DCQL query (OpenID4VP 1.0 §6). Members that are not known are kept and mean nothing to us. */
export const dcqlQuerySchema = z
  .looseObject({
    credentials: z.array(credentialQuery).min(1).max(16),
    credential_sets: z.array(credentialSet).min(1).max(16).optional(),
  })
  .superRefine(({ credentials, credential_sets: sets }, context) => {
    const problem = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const ids = credentials.map(({ id }) => id);
    if (new Set(ids).size !== ids.length) problem('credentials', 'names an id twice');
    if ((sets ?? []).some(({ options }) => options.flat().some((id) => !ids.includes(id))))
      problem('credential_sets', 'names a credential that is not there');
  });

/** See {@link dcqlQuerySchema}. */
export type DcqlQuery = z.infer<typeof dcqlQuerySchema>;
/** One credential of a query (OpenID4VP 1.0 §6.1). */
export type CredentialQuery = z.infer<typeof credentialQuery>;
/** One claim of a credential query (OpenID4VP 1.0 §6.3). */
export type ClaimQuery = z.infer<typeof claimQuery>;
/** A claims path pointer (OpenID4VP 1.0 §7): a member's name, `null` for all elements, or an index. */
export type ClaimPath = ClaimQuery['path'];

/**
 * Reads a DCQL query that somebody else made.
 * @throws YizhengError `DCQL_INVALID` (422) naming the first wrong member
 */
export function parseDcqlQuery(value: unknown): DcqlQuery {
  const parsed = dcqlQuerySchema.safeParse(value);
  if (!parsed.success) throw schemaError('DCQL_INVALID', parsed.error);
  return parsed.data;
}
