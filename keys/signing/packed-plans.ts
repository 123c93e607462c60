import type { PlannedCertificate } from '../bulk-signer.js';

/** Planned certificates member by member: a message of a few lists is cheaper than one of many objects. */
export type PackedPlans = { [Member in keyof PlannedCertificate]: PlannedCertificate[Member][] };

/** Packs plans for a message. */
export function packPlans(plans: readonly PlannedCertificate[]): PackedPlans {
  return {
    draft: plans.map(({ draft }) => draft),
    number: plans.map(({ number }) => number),
    revision: plans.map(({ revision }) => revision),
    issuedOn: plans.map(({ issuedOn }) => issuedOn),
    under: plans.map(({ under }) => under),
    list: plans.map(({ list }) => list),
    index: plans.map(({ index }) => index),
  };
}

/** The plans {@link packPlans} packed, one after the other. */
export function* unpackPlans(packed: PackedPlans): Generator<PlannedCertificate> {
  for (const [i, draft] of packed.draft.entries()) yield { draft, ...rest(packed, i) };
}

function rest(packed: PackedPlans, i: number): Omit<PlannedCertificate, 'draft'> {
  return {
    number: packed.number[i] ?? '',
    revision: packed.revision[i] ?? 0,
    issuedOn: packed.issuedOn[i] ?? '',
    under: packed.under[i] ?? 0,
    list: packed.list[i] ?? 0,
    index: packed.index[i] ?? 0,
  };
}
