import { DEFAULT_POLICY } from '../policy.js';
import { instant, within } from '../time.js';
import type { TrustView } from '../trust-view.js';
import type { Accreditation, Recognition, RegistryEvent } from '../types.js';
import { cellsOf } from './cells.js';
import { draftReach, type Draft, type DraftReach } from './draft-reach.js';
import { judgeCell, type JudgedCell } from './judge-cell.js';
import { rowsOfCells } from './rows.js';
import { PREVIEW_CHANGES, type Preview, type PreviewRow, type PreviewStanding } from './types.js';

/** What a preview is made from. */
export interface PreviewOptions {
  anchor: string;
  draft: Draft;
  /** Statements the draft replaces or revokes. */
  cited: readonly (Accreditation | Recognition)[];
  before: TrustView;
  after: TrustView;
  /** RFC 3339: the instant that is looked at; both views must be fresh then. */
  at: string;
  /** Most cells judged. */
  mostCells: number;
  /** Most rows shown. */
  mostRows: number;
}

/**
 * What changes for certificates when a draft is published: judged for real, with the decision every verifier makes, once with each view.
 * Certificates are judged without a log proof, as none are logged yet.
 *
 * A generator, so that whoever runs it can let others work in between: it yields after every cell and returns the preview.
 */
export function* previewDraft(options: PreviewOptions): Generator<undefined, Preview> {
  const { anchor, draft, cited, before, after, mostCells, mostRows } = options;
  const at = instant(options.at);
  const reach = draftReach(draft, cited, [before, after], DEFAULT_POLICY.maxDepth);
  const changed: JudgedCell[] = [];
  const chains = { before: new Map<string, string[]>(), after: new Map<string, string[]>() };
  let [judged, notJudged, unchanged] = [0, 0, 0];
  for (const cell of cellsOf([before, after], anchor, reach, at)) {
    if (cell && judged >= mostCells) notJudged++;
    else if (cell) {
      judged++;
      const found = judgeCell(cell, { before, after }, anchor, at);
      if (found.change === undefined) unchanged++;
      else changed.push(found);
      keepChain(chains.before, found.before, before, anchor, cell.home);
      keepChain(chains.after, found.after, after, anchor, cell.home);
    }
    yield undefined;
  }
  const rows = rowsOfCells(changed);
  return {
    rows: rows.slice(0, mostRows),
    rowsLeftOut: Math.max(0, rows.length - mostRows),
    totals: totalsOf(rows),
    unchanged,
    judged,
    notJudged,
    paths: {
      opened: [...chains.after].filter(([key]) => !chains.before.has(key)).map(([, chain]) => chain),
      closed: [...chains.before].filter(([key]) => !chains.after.has(key)).map(([, chain]) => chain),
    },
    conflicts: conflictsOf(before, anchor, reach, at),
  };
}

/** Counted before rows are left out: they come in order of what changes, and what is lost comes late. */
function totalsOf(rows: readonly PreviewRow[]): Preview['totals'] {
  const totals = PREVIEW_CHANGES.map((change) => {
    const own = rows.filter((row) => row.change === change);
    return [change, { rows: own.length, institutions: new Set(own.flatMap((row) => row.institutions)).size }] as const;
  });
  return Object.fromEntries(totals) as Preview['totals'];
}

/** Remembers along which authorities a certificate counts, anchor first. */
function keepChain(
  chains: Map<string, string[]>,
  { outcome, path }: PreviewStanding,
  view: TrustView,
  anchor: string,
  home: string,
): void {
  if (outcome !== 'recognised' && outcome !== 'recognised-with-conditions') return;
  const chain = [anchor];
  for (const id of path.slice(0, -1)) {
    const maker = chain.at(-1) ?? anchor;
    const said = [...view.recognitionsBy(maker)].find(([, rows]) => rows.some((row) => row.id === id));
    chain.push(said?.[0] ?? home);
  }
  chains.set(chain.join(' '), chain);
}

/** What the anchor itself said against those a draft speaks of, as long as it is in force. */
function conflictsOf(view: TrustView, anchor: string, { authorities, named }: DraftReach, at: number): RegistryEvent[] {
  return [...new Set([...named, ...authorities])]
    .flatMap((about) => view.eventsBy(anchor, about))
    .filter(
      ({ event, effectiveFrom, effectiveUntil }) =>
        (event === 'deny' || event === 'suspend' || event === 'withdraw') &&
        within(at, instant(effectiveFrom), effectiveUntil === undefined ? undefined : instant(effectiveUntil)),
    );
}
