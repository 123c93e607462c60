import { setImmediate as turn } from 'node:timers/promises';
import { YizhengError } from '../shared/errors.js';
import { previewDraft } from '../shared/trust/preview/preview-draft.js';
import type { Preview } from '../shared/trust/preview/types.js';
import { instant, rfc3339 } from '../shared/trust/time.js';
import { createTrustView, type FeedContent, type TrustView } from '../shared/trust/trust-view.js';
import type { Accreditation, Recognition, RecognizedAction, RegistryEvent } from '../shared/trust/types.js';
import type { Authorities, Authority } from './authorities.js';
import type { StatementChange } from './change.js';
import { needsApproval, readDualControl } from './dual-control.js';
import type { RegistryEffects } from './effects.js';
import { PartnerContents, type PartnerData } from './partner-contents.js';
import { saidContent } from './said-content.js';
import { keysEndedWith } from './signing-keys.js';
import type { LeadTimeLack } from './statement-guards.js';
import type { DraftStatement, Statements } from './statements.js';

/** A preview with what a page shows beside it. */
export interface ShownPreview extends Preview {
  statement: DraftStatement['statement'];
  /** What it replaces, revokes or updates. */
  cited: DraftStatement['cited'];
  /** The instant that was looked at, RFC 3339. */
  at: string;
  /** Instants from now on at which something of the draft begins or ends. */
  moments: string[];
  needsSecondPerson: boolean;
  leadTime?: LeadTimeLack;
  /** The feeds it rests on, the authority's own first. */
  data: (Omit<PartnerData, 'source'> & { source: PartnerData['source'] | 'own' })[];
  /** Own statements that no publication holds yet; they are part of both sides. */
  unpublished: number;
  /** For names. */
  view: TrustView;
}

const MOST_CELLS = 20_000;
const MOST_ROWS = 500;
const MOST_MOMENTS = 20;
/** So long a preview works before others have a turn, milliseconds. */
const SLICE_MS = 15;

/** Says what a change would do to verdicts, for real and without making it. */
export class Previews {
  private readonly partners: PartnerContents;
  private readonly running = new Set<string>();

  constructor(
    private readonly effects: RegistryEffects,
    private readonly authorities: Authorities,
    private readonly statements: Statements,
    private readonly unpublished: (slug: string) => Promise<number>,
  ) {
    this.partners = new PartnerContents(effects);
  }

  /**
   * Compares the verdicts of every verifier that asks this authority, with what it says now and with the change made. Both are taken as
   * published: what is said already and not published yet is part of both.
   * @param prepare looks up what the change needs from outside
   * @param at RFC 3339: looks at this instant instead of the one at which the change has effect; never before now
   * @throws YizhengError `NOT_FOUND` (404), `PREVIEW_BUSY` (429), as `prepare` and `Statements.draft`
   */
  async preview(slug: string, prepare: () => Promise<StatementChange>, at?: string): Promise<ShownPreview> {
    const authority = await this.authorities.get(slug);
    if (this.running.has(slug))
      throw new YizhengError(
        'PREVIEW_BUSY',
        'Another preview of this authority is being made; ask again in a moment.',
        {
          status: 429,
        },
      );
    this.running.add(slug);
    try {
      return await this.make(authority, await prepare(), at);
    } finally {
      this.running.delete(slug);
    }
  }

  private async make(authority: Authority, change: StatementChange, at: string | undefined): Promise<ShownPreview> {
    const { knex } = this.effects.database;
    const { slug, did } = authority;
    const now = this.effects.clock().getTime();
    const draft = await this.statements.draft(knex, authority, change);
    const moments = momentsOf(draft).filter((moment) => moment > now);
    const begins = Math.min(...beginsOf(draft));
    const when = Math.max(now, at === undefined ? begins : instant(at));
    const said = await saidContent(this.statements, authority, when);
    const drafted = withDraft(said, draft);
    const [without, with_] = [await this.partners.reach(slug, said), await this.partners.reach(slug, drafted)];
    const view = (own: FeedContent, partners: readonly PartnerData[]): TrustView =>
      createTrustView([own, ...partners.flatMap(({ content }) => (content ? [later(content, when - now)] : []))], did);
    const before = view(said, without);
    const after = view(drafted, with_);
    const { kind, statement, cited, lack } = draft;
    const preview = await this.run(
      previewDraft({
        anchor: did,
        draft: { kind, statement },
        cited,
        before,
        after,
        at: rfc3339(when),
        mostCells: MOST_CELLS,
        mostRows: MOST_ROWS,
      }),
    );
    return {
      ...preview,
      statement,
      cited,
      at: rfc3339(when),
      moments: [...new Set(moments)]
        .sort((a, b) => a - b)
        .slice(0, MOST_MOMENTS)
        .map(rfc3339),
      needsSecondPerson: needsApproval(await readDualControl(knex, slug), change),
      ...(lack && change.urgentReason === undefined && { leadTime: lack }),
      data: [{ authority: did, source: 'own', content: said }, ...with_],
      unpublished: await this.unpublished(slug),
      view: after,
    };
  }

  /** Lets others work between the steps, and works on one cell after the other. */
  private async run(steps: Generator<undefined, Preview>): Promise<Preview> {
    let since = performance.now();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (performance.now() - since < SLICE_MS) continue;
      await turn();
      since = performance.now();
    }
  }
}

/** What an authority says, with the draft said too. */
function withDraft(said: FeedContent, { kind, statement, how }: DraftStatement): FeedContent {
  if (how === 'update') {
    const updated = statement as Accreditation;
    const accreditations = said.accreditations.map((row) =>
      row.id === updated.id ? updated : (keysEndedWith(updated, row) ?? row),
    );
    return { ...said, accreditations };
  }
  switch (kind) {
    case 'accreditation':
      return { ...said, accreditations: [...said.accreditations, statement as Accreditation] };
    case 'recognition':
      return { ...said, recognitions: [...said.recognitions, statement as Recognition] };
    default:
      return { ...said, events: [...said.events, statement as RegistryEvent] };
  }
}

/** A feed as it is some time later, when it is kept as fresh as it is now. */
function later(content: FeedContent, milliseconds: number): FeedContent {
  if (milliseconds === 0) return content;
  const moved = (text: string): string => rfc3339(instant(text) + milliseconds);
  const { issuedAt, nextUpdate, staleAfter } = content;
  return { ...content, issuedAt: moved(issuedAt), nextUpdate: moved(nextUpdate), staleAfter: moved(staleAfter) };
}

function beginsOf({ kind, statement, how }: DraftStatement): number[] {
  if (how === 'update') return [-Infinity];
  return kind === 'event'
    ? [instant((statement as RegistryEvent).effectiveFrom)]
    : (statement as { actions: RecognizedAction[] }).actions.map(({ validFrom }) => instant(validFrom));
}

function momentsOf({ kind, statement }: DraftStatement): number[] {
  const texts =
    kind === 'event'
      ? [(statement as RegistryEvent).effectiveFrom, (statement as RegistryEvent).effectiveUntil]
      : (statement as { actions: RecognizedAction[] }).actions.flatMap(({ validFrom, validUntil }) => [
          validFrom,
          validUntil,
        ]);
  return texts.flatMap((text) => (text === undefined ? [] : [instant(text)]));
}
