import type { Knex } from 'knex';
import { freshnessSchema, readEnvelope, readPayload } from '../shared/trust/feed-metadata.js';
import type { PartName } from '../shared/trust/feed-part.js';
import type { StatementKind } from '../shared/trust/types.js';
import type { HeldFeed } from '../shared/trust/verify-feed.js';
import type { Authority } from './authorities.js';
import { PublishedRows } from './published-rows.js';
import type { KeptStatement } from './statements.js';

/** What of an authority is published, and what it rests on. */
export interface PublicationState {
  /** 0 before the first. */
  sequence: number;
  issuedAt?: string;
  nextUpdate?: string;
  staleAfter?: string;
  /** Rows of the newest publication. */
  published: Record<StatementKind | 'statusLists', number>;
  /** Said, and not published yet. */
  waiting: { kind: StatementKind; id: string; about: string }[];
  /** Whom it recognises, directly or onward. */
  partners: {
    did: string;
    name: string;
    sequence?: number;
    /** When the partner last confirmed what is held. */
    asOf?: string;
    staleAfter?: string;
    /** `FEED_MISSING`: nothing of it is held. */
    problem?: string;
  }[];
}

/** Puts it together. */
export async function publicationState(
  knex: Knex,
  { slug, sequence }: Authority,
  known: { waiting: readonly KeptStatement[]; partners: readonly { did: string; name: string; held?: HeldFeed }[] },
): Promise<PublicationState> {
  const { manifest } = await PublishedRows.read(knex, slug);
  const row = await knex('registry_authorities')
    .where({ slug })
    .first<{ freshness: string | null } | undefined>('freshness');
  const freshness =
    row?.freshness == null ? undefined : readPayload(readEnvelope(JSON.parse(row.freshness)), freshnessSchema).value;
  const rows = (name: PartName): number => manifest?.parts.find((part) => part.name === name)?.rows ?? 0;
  return {
    sequence,
    ...(freshness && { issuedAt: freshness.issuedAt, nextUpdate: freshness.nextUpdate }),
    ...(manifest && { staleAfter: manifest.staleAfter }),
    published: {
      accreditation: rows('accreditations'),
      recognition: rows('recognitions'),
      event: rows('events'),
      review: rows('reviews'),
      'supply-chain': rows('supply-chain'),
      statusLists: rows('status'),
    },
    waiting: known.waiting.map(({ kind, statement }) => ({ kind, id: statement.id, about: aboutOf(statement) })),
    partners: known.partners.map(({ did, name, held }) => ({
      did,
      name,
      ...(held
        ? {
            sequence: held.manifest.sequence,
            asOf: held.freshness.issuedAt,
            staleAfter: held.manifest.staleAfter,
          }
        : { problem: 'FEED_MISSING' }),
    })),
  };
}

/** DID of whom a statement is about. */
export function aboutOf(statement: KeptStatement['statement']): string {
  if ('institution' in statement) return statement.institution;
  if ('subject' in statement) return statement.subject;
  return 'chainLeader' in statement ? statement.chainLeader : statement.about;
}
