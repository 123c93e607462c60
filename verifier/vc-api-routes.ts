import { z } from 'zod';
import { defineRoute, problemSchema, toProblem, vcApiBody, type Reply, type ServiceApp } from '../server/index.js';
import { YizhengError } from '../shared/errors.js';
import { CREDENTIAL_LIMITS } from '../shared/json/parse-json.js';
import { anchorOf, type VerifierContext } from './verifier-context.js';
import type { PresentationJob, Problem } from './worker-messages.js';

const anchorQuery = z.strictObject({ anchor: z.string().max(200).optional() });
const document = z.record(z.string(), z.unknown());
/** Of the request; the credential's own limits, tighter, are kept where it is verified. */
const bodyLimits = { maxBytes: 300_000, maxDepth: CREDENTIAL_LIMITS.maxDepth + 1, maxNodes: 5000 };
const problemItem = z.strictObject({
  code: z.string(),
  answer: z.enum(['fail', 'unknown']),
  question: z.string().optional(),
});
const verified = z.looseObject({
  verified: z.literal(true),
  warnings: z.array(problemItem).meta({ description: 'What "verified" does not say' }),
});

const refused = {
  description: 'Did not verify, or cannot be read',
  type: 'application/problem+json',
  schema: problemSchema.extend({
    verified: z.literal(false).optional(),
    proofRight: z.literal(false).optional(),
    problems: z.array(problemItem).optional().meta({ description: 'Every reason why it did not verify' }),
  }),
};

const asked = {
  /** Names of checks; all are always made, and `credentialStatus` makes an unknown status a problem. */
  checks: z.array(z.string().max(100)).max(20).optional(),
  challenge: z.string().min(1).max(500).optional(),
  domain: z.string().min(1).max(500).optional(),
  expectedProofPurpose: z.string().max(100).optional(),
  returnProblemDetails: z.boolean().optional(),
  returnResults: z.boolean().optional(),
};
const credentialBody = z
  .strictObject({
    verifiableCredential: document,
    options: z.strictObject({ ...asked, returnCredential: z.boolean().optional() }).optional(),
  })
  .meta({ id: 'VerifyCredentialRequest' });
const presentationBody = z
  .strictObject({
    verifiablePresentation: document,
    options: z.strictObject({ ...asked, returnPresentation: z.boolean().optional() }).optional(),
  })
  .meta({ id: 'VerifyPresentationRequest' });
const proofOnlyBody = z
  .strictObject({
    document,
    /** The key, where the verification method is no DID. */
    publicKeyMultibase: z.string().max(200).optional(),
  })
  .meta({ id: 'ProofOnlyRequest' });

/**
 * The verifier's part of the W3C VC-API: `POST /credentials/verify` and `POST /presentations/verify`.
 *
 * 200 says verified and nothing else does: every other outcome is a problem (400 for what is malformed, 422 for what did not verify)
 * whose member `problems` names each reason. For our own certificates "verified" means authentic, authorised and current;
 * whether it is recognised here is `/verify`'s business. A signature counts only when its key is the issuer's (or holder's).
 */
export function addVcApiRoutes(app: ServiceApp, context: VerifierContext): void {
  const { pool, foreignDids, foreignStatusLists, clock } = context;
  defineRoute(app, {
    method: 'post',
    path: '/credentials/verify',
    summary: 'VC-API: verify a credential',
    access: 'public',
    query: anchorQuery,
    body: credentialBody,
    readBody: vcApiBody(credentialBody),
    bodyLimits,
    responses: { 200: { description: 'Verified', schema: verified }, 422: refused },
    handler: async ({ body: { verifiableCredential, options = {} }, query, requestId }) => {
      if (options.expectedProofPurpose !== undefined && options.expectedProofPurpose !== 'assertionMethod')
        return reply([{ answer: 'fail', code: 'PROOF_PURPOSE' }], [], requestId, {});
      const result = await pool.run({
        kind: 'credential',
        json: JSON.stringify(verifiableCredential),
        anchor: anchorOf(context, query.anchor),
        documents: await foreignDids.documentsFor(verifiableCredential),
        statusLists: await foreignStatusLists.listsFor(verifiableCredential),
        now: clock().toISOString(),
        ...questionOf(options),
      });
      if (result.kind !== 'credential') throw new TypeError('the pool answered another question');
      const { problems, warnings, verdict } = result;
      return reply(problems, warnings, requestId, { credential: verifiableCredential, ...(verdict && { verdict }) });
    },
  });
  defineRoute(app, {
    method: 'post',
    path: '/presentations/verify',
    summary: 'VC-API: verify a presentation; challenge and domain are what the holder was asked to sign',
    access: 'public',
    query: anchorQuery,
    body: presentationBody,
    readBody: vcApiBody(presentationBody),
    bodyLimits,
    responses: { 200: { description: 'Verified', schema: verified }, 422: refused },
    handler: async ({ body: { verifiablePresentation, options = {} }, query, requestId }) => {
      if (options.expectedProofPurpose !== undefined && options.expectedProofPurpose !== 'authentication')
        return reply([{ answer: 'fail', code: 'PROOF_PURPOSE' }], [], requestId, {});
      const result = await pool.run({
        kind: 'presentation',
        json: JSON.stringify(verifiablePresentation),
        anchor: anchorOf(context, query.anchor),
        documents: await foreignDids.documentsFor(verifiablePresentation),
        statusLists: await foreignStatusLists.listsFor(verifiablePresentation),
        now: clock().toISOString(),
        ...questionOf(options),
      });
      if (result.kind !== 'presentation') throw new TypeError('the pool answered another question');
      const { problems, warnings, holder } = result;
      return reply(problems, warnings, requestId, { presentation: verifiablePresentation, ...(holder && { holder }) });
    },
  });
  defineRoute(app, {
    method: 'post',
    path: '/proof-only/verify',
    summary: 'Test vectors only: is a proof cryptographically right? Says NOTHING of whose it is, and never "verified"',
    access: 'public',
    body: proofOnlyBody,
    readBody: vcApiBody(proofOnlyBody),
    bodyLimits,
    responses: {
      200: { description: 'The mathematics is right', schema: z.strictObject({ proofRight: z.literal(true) }) },
      422: refused,
    },
    handler: async ({ body, requestId }) => {
      const { publicKeyMultibase } = body;
      const result = await pool.run({
        kind: 'proof-only',
        json: JSON.stringify(body.document),
        documents: await foreignDids.documentsFor(body.document),
        now: clock().toISOString(),
        ...(publicKeyMultibase !== undefined && { publicKeyMultibase }),
      });
      if (result.kind !== 'proof-only') throw new TypeError('the pool answered another question');
      return result.problems.length === 0
        ? { body: { proofRight: true } }
        : refusal(result.problems, requestId, { proofRight: false });
    },
  });
}

interface AskedOptions {
  checks?: readonly string[] | undefined;
  challenge?: string | undefined;
  domain?: string | undefined;
}

function questionOf({
  checks,
  challenge,
  domain,
}: AskedOptions): Pick<PresentationJob, 'challenge' | 'domain' | 'statusWanted'> {
  return {
    ...(challenge !== undefined && { challenge }),
    ...(domain !== undefined && { domain }),
    statusWanted: checks?.includes('credentialStatus') === true,
  };
}

function reply(problems: readonly Problem[], warnings: readonly Problem[], requestId: string, found: object): Reply {
  if (problems.length > 0) return refusal(problems, requestId, { verified: false });
  return { body: { verified: true, warnings, ...found } };
}

function refusal(problems: readonly Problem[], requestId: string, answer: object): Reply {
  const error = new YizhengError(
    problems[0]?.code ?? 'INTERNAL',
    'It did not verify; the member problems names every reason.',
    { status: 422 },
  );
  return {
    status: 422,
    type: 'application/problem+json',
    body: { ...toProblem(error, requestId), ...answer, problems },
  };
}
