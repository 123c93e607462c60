import { z } from 'zod';
import { call } from './call.js';
import { institutionSchema, type Institution, type SignedIn } from './schemas.js';
import { serviceState, tenantPath, tenantsPath } from './service.js';

const listSchema = z.object({ institutions: z.array(institutionSchema) });
const authoritySchema = z
  .object({ slug: z.string(), name: z.string(), did: z.string() })
  .transform(({ slug, name, did }): Institution => ({ code: slug, name, did }));
const authoritiesSchema = z.object({ authorities: z.array(authoritySchema) });

/** The institutions, in the registry the authorities, somebody works for; those of the whole host, where they have roles there. */
export async function knownInstitutions({ memberships }: SignedIn): Promise<Institution[]> {
  const isRegistry = serviceState.get() === 'registry';
  if (memberships.some(({ tenant }) => tenant === '*'))
    return isRegistry
      ? (await call(tenantsPath(), authoritiesSchema)).authorities
      : (await call(tenantsPath(), listSchema)).institutions;
  return Promise.all(
    memberships.map(({ tenant }) => call(tenantPath(tenant), isRegistry ? authoritySchema : institutionSchema)),
  );
}
