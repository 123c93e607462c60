import type { Port } from './rpc.js';
import { roleModule, type Role } from './roles.js';

/** The message by which a worker says that it listens. */
export const READY = 'ready';

/** Runs in a worker: begins the role its name says, then says that it listens. */
export async function beginRole(scope: Port & { name: string }): Promise<void> {
  const role = await roleModule(scope.name as Role)();
  role.start(scope);
  scope.postMessage(READY, []);
}
