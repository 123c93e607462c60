import { z } from 'zod';
import { call } from './call.js';
import { institutionSchema, type Institution, type SignedIn } from './schemas.js';

const listSchema = z.object({ institutions: z.array(institutionSchema) });

/** The institutions somebody works for, by name; those of the whole host, where they have roles there. */
export async function knownInstitutions({ memberships }: SignedIn): Promise<Institution[]> {
  if (memberships.some(({ tenant }) => tenant === '*')) return (await call('/institutions', listSchema)).institutions;
  return Promise.all(memberships.map(({ tenant }) => call(`/institutions/${tenant}`, institutionSchema)));
}
