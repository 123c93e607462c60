import type { KindId } from '../../certificate/kind.js';
import type { Level } from '../../certificate/level.js';
import type { Decision, RegistryEvent, Scope } from '../types.js';

/** What a certificate counts as at the anchor, without what only an inspector needs. */
export type PreviewStanding = Pick<
  Decision,
  'outcome' | 'as' | 'treatment' | 'obligations' | 'entitlements' | 'reasons' | 'path' | 'mutual'
>;

/**
 * What a draft does to a verdict. `better` and `worse`: recognised before and after, with less or more still to be done or with a
 * higher or lower level; `different`: neither; `unclear`: one of the two cannot be found out.
 */
export const PREVIEW_CHANGES = ['gained', 'better', 'different', 'worse', 'lost', 'unclear'] as const;

/** One of {@link PREVIEW_CHANGES}. */
export type PreviewChange = (typeof PREVIEW_CHANGES)[number];

/** Certificates a draft speaks of that all fare the same, of institutions that all fare the same. */
export interface PreviewRow {
  /** DID of the authority that accredits the institutions. */
  home: string;
  /** Their DIDs, sorted. */
  institutions: string[];
  kind: KindId;
  /** Pattern of occupations or permit items that fare the same; absent where the kind names none. */
  occupation?: string;
  /** Narrower patterns that fare otherwise. */
  occupationExcept?: string[];
  level?: Level;
  /** Patterns of regions, sorted. */
  region: string[];
  /** Narrower patterns of regions that fare otherwise. */
  regionExcept?: string[];
  /** The standard assessed against, where a statement asks for one: its id, or `*` for every other national one. */
  standard?: string;
  /** Id of the signing key, where the draft speaks of keys. */
  key?: string;
  /** Days of issue in China, `until` excluded; without it also what is still to be issued. */
  issued: { from: string; until?: string };
  before: PreviewStanding;
  after: PreviewStanding;
  change: PreviewChange;
  /** What each of the institutions may issue, where the same is laid down for all of them. */
  quota?: NonNullable<Scope['quota']>;
}

/** What a draft changes. */
export interface Preview {
  rows: PreviewRow[];
  /** Rows beyond the limit, not shown. */
  rowsLeftOut: number;
  /** Of all rows, those not shown included. */
  totals: Record<PreviewChange, { rows: number; institutions: number }>;
  /** Cells that fare as before. */
  unchanged: number;
  /** Cells judged with and without the draft. */
  judged: number;
  /** Cells beyond the limit: nothing is said about them. */
  notJudged: number;
  /** Chains of authorities, anchor first, along which certificates count only with, or no longer with, the draft. */
  paths: { opened: string[][]; closed: string[][] };
  /** The anchor's own denials and suspensions in force, of whom the draft speaks or opens a path to. */
  conflicts: RegistryEvent[];
}
