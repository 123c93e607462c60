import type { Principal } from '../../../server/index.js';
import type { Actor } from '../tools.js';

/** Who sends a request, as sessions know them. */
export function actorOf(principal: Principal | undefined): Actor {
  return { actor: principal?.keyId ?? '', roles: principal?.roles ?? [] };
}
