import type { PlannedCertificate, PlannedCertificates } from '../../keys/bulk-signer.js';

/** Plans as a signer takes them: member by member. */
export function plansOf(plans: readonly PlannedCertificate<string>[]): PlannedCertificates {
  const drafts = plans.map(({ draft }) => Buffer.from(draft));
  const starts = new Uint32Array(plans.length);
  const ends = new Uint32Array(plans.length);
  let at = 0;
  for (const [i, { length }] of drafts.entries()) {
    // Something may lie between them.
    starts[i] = at += i % 3;
    ends[i] = at += length;
  }
  const bytes = Buffer.alloc(at, '-');
  for (const [i, draft] of drafts.entries()) bytes.set(draft, starts[i]);
  return {
    draft: { bytes, starts, ends },
    number: plans.map(({ number }) => number),
    revision: plans.map(({ revision }) => revision),
    issuedOn: plans.map(({ issuedOn }) => issuedOn),
    under: plans.map(({ under }) => under),
    list: plans.map(({ list }) => list),
    index: plans.map(({ index }) => index),
  };
}
