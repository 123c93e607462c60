import type { Request } from 'express';

/** Id of a request (UUID); stands in its log lines, in `X-Request-Id` and in the `instance` of a problem. */
export function requestIdOf(request: Request): string {
  return typeof request.id === 'string' ? request.id : 'none';
}
