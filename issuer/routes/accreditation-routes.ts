import { z } from 'zod';
import { BUNDLE_LIMITS } from '../../shared/json/parse-json.js';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import { MAX_BUNDLE_BYTES } from '../accreditation-store.js';
import type { IssuerService } from '../service.js';
import { anyObject, institutionParams } from './params.js';

const importSchema = z
  .strictObject({
    /** The authority's bundle file, as JSON or as its text; fetched from the authority's address when left out. */
    bundle: z.union([z.string(), anyObject]).optional(),
  })
  .meta({ id: 'AccreditationImport' });

/** What the institution's authority lets it issue. */
export function accreditationRoutes(app: ServiceApp, service: IssuerService): void {
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
