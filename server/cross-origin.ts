import type { RequestHandler } from 'express';

/** What a page of another origin may read of an answer beside its body. */
const EXPOSED = 'DPoP-Nonce, WWW-Authenticate, Retry-After, X-Request-Id';

/** Lets pages of every origin read the answer, whatever it becomes. */
export const allowOtherOrigins: RequestHandler = (_request, response, next) => {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', EXPOSED);
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  next();
};

/** Answers the question a browser asks before it sends such a request (Fetch standard §3.2.2). */
export function answerPreflight(method: string): RequestHandler {
  return (_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Methods', method.toUpperCase());
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, DPoP');
    response.setHeader('Access-Control-Max-Age', '7200');
    response.status(204).end();
  };
}
