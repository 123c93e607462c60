import type { Port } from './rpc.js';

/** What a worker of ours may be for. A role's module is loaded in the worker only, and exports `start(port)`. */
export const ROLES = {
  engine: () => import('../verify/engine-worker.js'),
  scan: () => import('../scan/scan-worker.js'),
} satisfies Record<string, () => Promise<{ start(port: Port): void }>>;

/** One of {@link ROLES}. */
export type Role = keyof typeof ROLES;
