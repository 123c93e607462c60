import type { Knex } from 'knex';
import { DAY, rfc3339 } from '../shared/trust/time.js';
import type { FeedContent } from '../shared/trust/trust-view.js';
import type { StatementKind } from '../shared/trust/types.js';
import type { Authority } from './authorities.js';
import { NEXT_UPDATE_DAYS, STALE_AFTER_DAYS } from './periods.js';
import type { Statements } from './statements.js';

/**
 * Everything an authority has said, published or not, as its feed would hold it if it were published at an instant. Status lists are
 * left out: no recognition depends on them.
 * @param at milliseconds
 */
export async function saidContent(
  statements: Statements,
  { slug, did, name, sequence }: Authority,
  at: number,
  knex?: Knex,
): Promise<FeedContent> {
  const rows = async <K extends StatementKind>(kind: K) =>
    (await statements.list(slug, kind, knex)).map(({ statement }) => statement);
  return {
    authority: did,
    name,
    sequence: sequence + 1,
    manifestSha256: '',
    issuedAt: rfc3339(at),
    nextUpdate: rfc3339(at + NEXT_UPDATE_DAYS * DAY),
    staleAfter: rfc3339(at + STALE_AFTER_DAYS * DAY),
    accreditations: await rows('accreditation'),
    recognitions: await rows('recognition'),
    events: await rows('event'),
    reviews: await rows('review'),
    supplyChain: await rows('supply-chain'),
    statusLists: [],
  };
}
