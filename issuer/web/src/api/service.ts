import { z } from 'zod';
import { createStore } from '../../../../ui/app/store.js';
import { call } from './call.js';

/** The service this console is served by: institutions work in the issuer, authorities in the registry. */
export type ConsoleService = 'issuer' | 'registry';

const consoleSchema = z.object({ service: z.enum(['issuer', 'registry']) });
const TENANTS: Record<ConsoleService, string> = { issuer: '/institutions', registry: '/authorities' };

/** See {@link ConsoleService}; asked once, before anything else. */
export const serviceState = createStore<ConsoleService | undefined>(undefined);

/** Asks which service this is. @throws YizhengError as `call` */
export async function loadService(): Promise<void> {
  if (serviceState.get() === undefined) serviceState.set((await call('/console.json', consoleSchema)).service);
}

/** Address of all tenants of this service. */
export function tenantsPath(): string {
  return TENANTS[serviceState.get() ?? 'issuer'];
}

/** Address below which everything of a tenant is; the one place that knows what a service calls its tenants. */
export function tenantPath(tenant: string | undefined): string {
  return `${tenantsPath()}/${tenant ?? ''}`;
}
