import type { PlannedCertificate, PlannedCertificates, TextRanges } from '../bulk-signer.js';

/** Planned certificates for a message: their drafts as bytes that change hands, one after the other. */
export type PackedPlans = Omit<PlannedCertificates, 'draft'> & {
  drafts: Uint8Array<ArrayBuffer>;
  ends: Uint32Array<ArrayBuffer>;
};

/** The plans from one place to before another. */
export function slicePlans(all: PlannedCertificates, start: number, end: number): PlannedCertificates {
  if (start === 0 && end >= all.number.length) return all;
  const { draft, ...plans } = all;
  return {
    draft: { bytes: draft.bytes, starts: draft.starts.subarray(start, end), ends: draft.ends.subarray(start, end) },
    ...sliceLists(plans, start, end),
  };
}

/** Packs the plans from one place to before another for a message. */
export function packPlans({ draft, ...plans }: PlannedCertificates, start: number, end: number): PackedPlans {
  return { ...packRanges(draft, start, end), ...sliceLists(plans, start, end) };
}

/** What of it changes hands with a message. */
export function transferablePlans({ drafts, ends }: PackedPlans): ArrayBuffer[] {
  return [drafts.buffer, ends.buffer];
}

/** Makes something of the draft that lies in UTF-8 between two places. */
export type ReadDraft<Draft> = (bytes: Buffer, start: number, end: number) => Draft;

/** The plans {@link packPlans} packed, one after the other. */
export function* unpackPlans<Draft>(
  { drafts, ends, ...packed }: PackedPlans,
  read: ReadDraft<Draft>,
): Generator<PlannedCertificate<Draft>> {
  const bytes = Buffer.from(drafts.buffer, drafts.byteOffset, drafts.length);
  let start = 0;
  for (const [i, end] of ends.entries()) {
    yield {
      draft: read(bytes, start, end),
      number: packed.number[i] ?? '',
      revision: packed.revision[i] ?? 0,
      issuedOn: packed.issuedOn[i] ?? '',
      under: packed.under[i] ?? 0,
      list: packed.list[i] ?? 0,
      index: packed.index[i] ?? 0,
    };
    start = end;
  }
}

function packRanges(
  { bytes, starts, ends }: TextRanges,
  from: number,
  to: number,
): Pick<PackedPlans, 'drafts' | 'ends'> {
  const count = Math.max(0, Math.min(to, ends.length) - from);
  let size = 0;
  for (let i = from; i < from + count; i++) size += (ends[i] ?? 0) - (starts[i] ?? 0);
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // Of its own memory: what is transferred leaves, and a small Buffer would share a pool.
  const drafts = new Uint8Array(size);
  const placed = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    at += source.copy(drafts, at, starts[from + i], ends[from + i]);
    placed[i] = at;
  }
  return { drafts, ends: placed };
}

type Lists = Omit<PlannedCertificates, 'draft'>;

function sliceLists({ number, revision, issuedOn, under, list, index }: Lists, start: number, end: number): Lists {
  return {
    number: number.slice(start, end),
    revision: revision.slice(start, end),
    issuedOn: issuedOn.slice(start, end),
    under: under.slice(start, end),
    list: list.slice(start, end),
    index: index.slice(start, end),
  };
}
