import { z } from 'zod';
import { IDEMPOTENCY_HEADER, parseIdempotencyKey, type Principal, type Reply } from '../../server/index.js';
import type { Submitted, Writer } from '../proposals.js';
import { anyObject } from './params.js';

/** A proposal as it is shown. */
export const proposalSchema = z
  .strictObject({
    id: z.string(),
    kinds: z.array(z.string()),
    operation: z.enum(['accredit', 'signing-keys', 'recognise', 'event', 'root', 'dual-control']),
    input: anyObject,
    urgentReason: z.string().optional(),
    state: z.enum(['open', 'approved', 'rejected', 'stale', 'expired']),
    proposedBy: z.string(),
    proposedAt: z.string(),
    decidedBy: z.string().optional(),
    decidedAt: z.string().optional(),
    reason: z.string().optional(),
    result: anyObject.optional(),
  })
  .meta({ id: 'Proposal' });

/** Answer of a write that waits for a second person. */
export const proposed = {
  202: { description: 'It waits for a second person: the proposal', schema: proposalSchema },
};

/** Who writes, with the `Idempotency-Key` where one was sent. @throws YizhengError `IDEMPOTENCY_KEY_INVALID` */
export function writerOf(call: {
  principal: Principal | undefined;
  header: (name: string) => string | undefined;
}): Writer {
  const header = call.header(IDEMPOTENCY_HEADER);
  return {
    actor: call.principal?.keyId ?? '',
    roles: call.principal?.roles ?? [],
    ...(header === undefined ? {} : { idempotencyKey: parseIdempotencyKey(header) }),
  };
}

/** 202 with the proposal, or what was made. */
export function replyOf(submitted: Submitted, made = 201): Reply {
  return submitted.state === 'proposed'
    ? { status: 202, body: submitted.proposal }
    : { status: made, body: submitted.result };
}
