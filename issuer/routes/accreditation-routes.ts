import { z } from 'zod';
import { BUNDLE_LIMITS } from '../../shared/json/parse-json.js';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { grantedScopes } from '../accreditation-scope.js';
import { MAX_BUNDLE_BYTES } from '../accreditation-store.js';
import type { IssuerService } from '../service.js';
import { anyObject, institutionParams } from './params.js';

const importSchema = z
  .strictObject({
    /** The authority's bundle file, as JSON or as its text; fetched from the authority's address when left out. */
    bundle: z.union([z.string(), anyObject]).optional(),
  })
  .meta({ id: 'AccreditationImport' });

const scopeSchema = z
  .strictObject({
    accreditation: z.string(),
    validFrom: z.string(),
    validUntil: z.string().optional(),
    kind: z.array(z.enum(KIND_IDS)).optional(),
    occupation: z
      .array(z.string())
      .optional()
      .meta({ description: 'Codes and patterns like `6-18-*`; `permit:` and an item for permits' }),
    level: z.array(z.strictObject({ framework: z.string(), value: z.string() })).optional(),
    region: z.array(z.string()).optional().meta({ description: 'GB/T 2260 codes and patterns like `51*`' }),
    standard: z.array(z.string()).optional(),
    candidates: z.enum(['public', 'own-employees', 'supply-chain']).optional(),
    quota: z.strictObject({ limit: z.number(), per: z.enum(['year', 'month']) }).optional(),
  })
  .meta({ id: 'GrantedScope', description: 'A member left out grants nothing' });

/** What the institution's authority lets it issue. */
export function accreditationRoutes(app: ServiceApp, service: IssuerService): void {
  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/accreditations',
    summary: 'What the authority lets this institution issue: kinds, occupations, levels, regions, candidates, quota',
    access: ['clerk', 'approver', 'officer', 'auditor', 'admin'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    responses: {
      200: {
        description: 'Granted scopes, and how old the knowledge of them is',
        schema: z.strictObject({ accreditations: z.array(scopeSchema), dataAsOf: z.string().nullable() }),
      },
    },
    handler: async ({ params }) => {
      const { authority, did, code } = await service.institutions.get(params.institutionCode);
      const view = await service.accreditations.view(authority);
      const own = (view?.accreditations(authority, did) ?? []).filter((row) => row.institutionCode === code);
      const now = service.effects.clock().getTime();
      const inForce = own.filter(({ id }) => (view?.endOf(authority, id) ?? Infinity) > now);
      return { body: { accreditations: grantedScopes(inForce), dataAsOf: view?.feedOf(authority)?.issuedAt ?? null } };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: '/institutions/:institutionCode/accreditation',
    summary: "Import the authority's signed bundle with this institution's accreditation",
    access: ['admin', 'officer'],
    tenantParam: 'institutionCode',
    params: institutionParams,
    body: importSchema,
    bodyLimits: { ...BUNDLE_LIMITS, maxBytes: MAX_BUNDLE_BYTES },
    responses: {
      200: {
        description: 'What the bundle says of this institution',
        schema: z.strictObject({
          accreditations: z.array(anyObject),
          findings: z.array(z.strictObject({ code: z.string(), authority: z.string().optional(), detail: z.string() })),
          dataAsOf: z.string().nullable(),
        }),
      },
    },
    handler: async ({ params, body, principal }) => {
      const institution = await service.institutions.get(params.institutionCode);
      const bundle = typeof body.bundle === 'object' ? JSON.stringify(body.bundle) : body.bundle;
      const { accreditations, findings, dataAsOf } = await service.accreditations.import(
        institution,
        principal?.keyId ?? '',
        bundle,
      );
      await service.issuing.completeReserved(institution.code);
      return { body: { accreditations, findings, dataAsOf } };
    },
  });
}
