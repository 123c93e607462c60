import { z } from 'zod';
import { defineRoute, toProblem, type Reply, type ServiceApp } from '../server/index.js';
import { YizhengError } from '../shared/errors.js';
import { CREDENTIAL_LIMITS } from '../shared/json/parse-json.js';
import { anchorOf, type VerifierContext } from './verifier-context.js';
import type { Problem } from './worker-messages.js';

const anchorQuery = z.strictObject({ anchor: z.string().max(200).optional() });
const document = z.record(z.string(), z.unknown());
/** Of the request; the credential's own limits, tighter, are kept where it is verified. */
const bodyLimits = { maxBytes: 300_000, maxDepth: CREDENTIAL_LIMITS.maxDepth + 1, maxNodes: 5000 };
const verified = z.looseObject({ verified: z.literal(true) });

/**
 * The verifier's part of the W3C VC-API: `POST /credentials/verify` and `POST /presentations/verify`.
 *
 * 200 says verified and nothing else does: every other outcome is a problem (400 for what is malformed, 422 for what did not verify)
 * whose member `problems` names each reason. For our own certificates "verified" means authentic, authorised and current;
 * whether it is recognised here is `/verify`'s business.
 */
export function addVcApiRoutes(app: ServiceApp, context: VerifierContext): void {
  defineRoute(app, {
    method: 'post',
    path: '/credentials/verify',
    summary: 'VC-API: verify a credential',
    access: 'public',
    query: anchorQuery,
    body: z.strictObject({ verifiableCredential: document, options: z.looseObject({}).optional() }),
    bodyLimits,
    responses: { 200: { description: 'Verified', schema: verified } },
    handler: async ({ body, query, requestId }) => {
      const result = await context.pool.run({
        kind: 'credential',
        json: JSON.stringify(body.verifiableCredential),
        anchor: anchorOf(context, query.anchor),
        documents: await context.foreignDids.documentsFor(body.verifiableCredential),
        now: context.clock().toISOString(),
      });
      if (result.kind !== 'credential') throw new TypeError('the pool answered another question');
      const { problems, verdict } = result;
      return reply(problems, requestId, { credential: body.verifiableCredential, ...(verdict && { verdict }) });
    },
  });
  defineRoute(app, {
    method: 'post',
    path: '/presentations/verify',
    summary: 'VC-API: verify a presentation',
    access: 'public',
    query: anchorQuery,
    body: z.strictObject({
      verifiablePresentation: document,
      options: z.looseObject({
        /** What the holder was asked to sign; the caller made it and accepts it once. */
        challenge: z.string().min(1).max(500),
        domain: z.string().min(1).max(500),
      }),
    }),
    bodyLimits,
    responses: { 200: { description: 'Verified', schema: verified } },
    handler: async ({ body, query, requestId }) => {
      const result = await context.pool.run({
        kind: 'presentation',
        json: JSON.stringify(body.verifiablePresentation),
        anchor: anchorOf(context, query.anchor),
        documents: await context.foreignDids.documentsFor(body.verifiablePresentation),
        now: context.clock().toISOString(),
        challenge: body.options.challenge,
        domain: body.options.domain,
      });
      if (result.kind !== 'presentation') throw new TypeError('the pool answered another question');
      const { problems, holder } = result;
      return reply(problems, requestId, { presentation: body.verifiablePresentation, ...(holder && { holder }) });
    },
  });
}

function reply(problems: readonly Problem[], requestId: string, found: object): Reply {
  const [first] = problems;
  if (!first) return { body: { verified: true, warnings: [], ...found } };
  const error = new YizhengError(first.code, 'It did not verify; the member problems names every reason.', {
    status: 422,
  });
  return {
    status: 422,
    type: 'application/problem+json',
    body: { ...toProblem(error, requestId), verified: false, problems },
  };
}
