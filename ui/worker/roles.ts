import type { Port } from './rpc.js';

/** Loads what a role does. */
export type RoleModule = () => Promise<{ start: (port: Port) => void }>;

/** What a worker of ours may be for. A role's module is loaded in the worker only, and exports `start(port)`. */
const ROLES = {
  engine: () => import('../verify/engine-worker.js'),
  scan: () => import('../scan/scan-worker.js'),
} satisfies Record<string, RoleModule>;

/** What a worker may be for. */
export type Role = keyof typeof ROLES;

const roles: Record<Role, RoleModule> = { ...ROLES };

/** Gives a role to a module of the app's own; called first of all in the page and in its workers. */
export function setRole(role: Role, module: RoleModule): void {
  roles[role] = module;
}

/** What stands for a role. */
export function roleModule(role: Role): RoleModule {
  return roles[role];
}
