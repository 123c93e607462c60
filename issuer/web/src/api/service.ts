import { z } from 'zod';
import { createStore, useStore } from '../../../../ui/app/store.js';
import { call } from './call.js';

/** The service this console is served by: institutions work in the issuer, authorities in the registry. */
export type ConsoleService = 'issuer' | 'registry';

const nameSchema = z.object({ 'zh-CN': z.string(), en: z.string() });
const consoleSchema = z.object({
  service: z.enum(['issuer', 'registry']),
  identityProvider: z.object({ name: nameSchema }).optional(),
});
const TENANTS: Record<ConsoleService, string> = { issuer: '/institutions', registry: '/authorities' };

/** See {@link ConsoleService}; asked once, before anything else. */
export const serviceState = createStore<ConsoleService | undefined>(undefined);

/** What people call the identity provider they may sign in with; undefined where none is set up. */
const providerState = createStore<z.infer<typeof nameSchema> | undefined>(undefined);

/** Name of the identity provider in the reader's language; undefined where none is set up. */
export function useProviderName(tag: string): string | undefined {
  return useStore(providerState)?.[tag === 'en' ? 'en' : 'zh-CN'];
}

/** Asks which service this is. @throws YizhengError as `call` */
export async function loadService(): Promise<void> {
  if (serviceState.get() !== undefined) return;
  const { service, identityProvider } = await call('/console.json', consoleSchema);
  providerState.set(identityProvider?.name);
  serviceState.set(service);
}

/** Address of all tenants of this service. */
export function tenantsPath(): string {
  return TENANTS[serviceState.get() ?? 'issuer'];
}

/** Address below which everything of a tenant is; the one place that knows what a service calls its tenants. */
export function tenantPath(tenant: string | undefined): string {
  return `${tenantsPath()}/${tenant ?? ''}`;
}
