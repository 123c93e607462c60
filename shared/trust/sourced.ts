import { z } from 'zod';

/**
 * How sure we are of a fact (DOMAIN, head): `A` original text or two independent sources, `B` one usable source, `C` common knowledge
 * without the text, `D` inferred, `unknown` the text breaks off. `demo`: made up for the demonstration, a fact of no place.
 */
export const CONFIDENCES = ['A', 'B', 'C', 'D', 'unknown', 'demo'] as const;
/** One of {@link CONFIDENCES}. */
export type FactConfidence = (typeof CONFIDENCES)[number];

/** Where a fact comes from and whether it may have an effect. */
export interface Sourced {
  /** Address or document the fact was read in. */
  source: string;
  confidence: FactConfidence;
  /** A fact that is off has no effect; it is kept so that people see what is not known for sure (BR12). */
  enabled: boolean;
  /** True for a fact nobody has confirmed. Such a fact is always off. */
  unverified?: boolean | undefined;
}

const CONFIRMED: readonly FactConfidence[] = ['A', 'B', 'demo'];

/** Members of every sourced fact. */
export const sourcedMembers = {
  source: z.string().min(1).max(400),
  confidence: z.enum(CONFIDENCES),
  enabled: z.boolean(),
  unverified: z.boolean().optional(),
};

/** Refuses an unconfirmed fact that is on, and one that does not say it is unverified. */
export function demandConfirmed(fact: Sourced, context: z.RefinementCtx): void {
  const confirmed = CONFIRMED.includes(fact.confidence);
  if (fact.enabled && (!confirmed || fact.unverified === true))
    context.addIssue({ code: 'custom', path: ['enabled'], message: 'a fact nobody confirmed stays off' });
  if (!confirmed && fact.unverified !== true)
    context.addIssue({ code: 'custom', path: ['unverified'], message: 'must say that nobody confirmed it' });
}
