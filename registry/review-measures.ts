import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import type { RegistryEvent, ReviewFinding } from '../shared/trust/types.js';
import type { Authorities } from './authorities.js';
import type { RegistryEffects } from './effects.js';
import { isStatementResult, type Proposals, type Submitted, type Writer } from './proposals.js';
import { prepareEvent, type Statements } from './statements.js';

/** What a finding led to: an event, or the proposal of one. */
export interface ReviewMeasure {
  proposal?: string;
  event?: string;
}

/** A finding of a cross-review (交叉互审, DOMAIN M05) with what it led to. */
export interface ReviewedFinding {
  review: ReviewFinding;
  about: { id: string; name: string };
  measures: ReviewMeasure[];
}

interface Row {
  review: string;
  proposal: string | null;
  event: string | null;
}

/** A finding has no effect of its own; what an authority does about it is an event of its own, and says which finding it rests on. */
export class ReviewMeasures {
  constructor(
    private readonly effects: RegistryEffects,
    private readonly authorities: Authorities,
    private readonly statements: Statements,
    private readonly proposals: Proposals,
  ) {}

  /** Findings of an authority, in order of id. @throws YizhengError `NOT_FOUND` (404) */
  async list(slug: string): Promise<ReviewedFinding[]> {
    await this.authorities.get(slug);
    const { knex } = this.effects.database;
    const rows = await knex('registry_review_measures').where({ slug }).orderBy(['review', 'n']).select<Row[]>();
    const events = await eventsOf(knex, slug, rows);
    const names = new Map(
      (await this.statements.list(slug, 'accreditation')).map(({ statement }) => [
        statement.institution,
        statement.legalName,
      ]),
    );
    return (await this.statements.list(slug, 'review')).map(({ statement: review }) => ({
      review,
      about: { id: review.about, name: names.get(review.about) ?? review.about },
      measures: rows
        .filter((row) => row.review === review.id)
        .map((row) => {
          const event = row.event ?? events.get(row.proposal ?? '');
          return { ...(row.proposal !== null && { proposal: row.proposal }), ...(event !== undefined && { event }) };
        }),
    }));
  }

  /**
   * Suspends or withdraws the institution a finding is about, or proposes that; the finding and the measure are bound together.
   * @param input an event without `about`
   * @throws YizhengError `NOT_FOUND` (404), `REVIEW_PASSED` (409: nothing was found), as `Proposals.submit`
   */
  async take(slug: string, id: string, input: Record<string, unknown>, writer: Writer): Promise<Submitted> {
    const { kind, statement } = await this.statements.get(slug, id);
    if (kind !== 'review') throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    const { about, result } = statement as ReviewFinding;
    if (result === 'pass')
      throw new YizhengError('REVIEW_PASSED', 'This review found nothing to act on.', { status: 409 });
    const event = { ...input, about };
    const prepare = () => Promise.resolve(prepareEvent(event));
    return this.proposals.submit(slug, writer, { review: id, event }, prepare, async (transaction, made) => {
      const before = await transaction('registry_review_measures').where({ slug, review: id }).select('n');
      await transaction('registry_review_measures').insert({
        slug,
        review: id,
        n: before.length + 1,
        proposal: made.state === 'proposed' ? made.proposal.id : null,
        event: made.state === 'made' && isStatementResult(made.result) ? made.result.id : null,
        proposed_at: this.effects.clock().toISOString(),
      });
    });
  }
}

/** Events made by approved proposals, by proposal. */
async function eventsOf(knex: Knex, slug: string, rows: readonly Row[]): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ proposal }) => proposal ?? []);
  const made: { id: string; result: string | null }[] = await knex('registry_proposals')
    .where({ slug, state: 'approved' })
    .whereIn('id', ids)
    .select('id', 'result');
  return new Map(made.map(({ id, result }) => [id, (JSON.parse(result ?? '{}') as Partial<RegistryEvent>).id ?? '']));
}
