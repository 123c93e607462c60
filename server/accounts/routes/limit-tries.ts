import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { YizhengError } from '../../../shared/errors.js';

/** So many tries to sign in or to prove oneself one address has in a minute; beyond, `RATE_LIMITED`. */
export function limitTries(limit: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    validate: { xForwardedForHeader: false },
    handler: (_request, _response, next) =>
      next(new YizhengError('RATE_LIMITED', 'Too many requests from this address; wait a minute.', { status: 429 })),
  });
}
