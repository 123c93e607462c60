import type { SupervisionSettings } from '../../shared/supervision/rules.js';
import { grantedScopes, type GrantedScope } from '../accreditation-scope.js';
import type { AccreditationStore } from '../accreditation-store.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { countMonths, countPeaks, countUnplaced, listSeries, type CountedRange } from './count-cells.js';
import { countSessions, listExceeded } from './count-sessions.js';
import type { InstitutionFacts } from './judge-months.js';
import { monthBefore } from './months.js';

/** What the facts come from. */
export interface SupervisionTools {
  effects: IssuerEffects;
  accreditations: AccreditationStore;
}

/**
 * Everything the months of some institutions are judged by, summed in the database.
 * @param institutions all of the host, or one
 * @param range months that are shown; what history and yearly quotas need of earlier ones is added
 */
export async function loadFacts(
  { effects, accreditations }: SupervisionTools,
  institutions: readonly Institution[],
  range: CountedRange,
  settings: SupervisionSettings,
): Promise<Map<string, InstitutionFacts>> {
  const { knex } = effects.database;
  const earliest = monthBefore(range.from, settings.history?.months ?? 0);
  const january = `${range.from.slice(0, 4)}-01`;
  const counted = { ...range, from: earliest < january ? earliest : january };
  // One after the other, so that looking takes one connection and leaves the others to those who issue.
  const series = await listSeries(knex, counted);
  const counts = await countMonths(knex, counted);
  const sessions = await countSessions(knex, range);
  const exceeded = sessions.some((one) => one.exceeded > 0) ? await listExceeded(knex, range) : [];
  const peaks = await countPeaks(knex, range);
  const notCounted = await countUnplaced(knex, range.institution);
  const owner = new Map(series.map((line) => [line.series, line.institution]));
  const of = <T extends { series: string }>(rows: readonly T[]): Map<string, T[]> =>
    grouped(rows, (row) => owner.get(row.series) ?? '');
  const byInstitution = {
    series: grouped(series, (line) => line.institution),
    counts: of(counts),
    sessions: of(sessions),
    exceeded: of(exceeded),
    peaks: grouped(peaks, (peak) => peak.institution),
  };
  const facts = new Map<string, InstitutionFacts>();
  for (const institution of institutions) {
    const { code } = institution;
    facts.set(code, {
      series: byInstitution.series.get(code) ?? [],
      counts: byInstitution.counts.get(code) ?? [],
      sessions: byInstitution.sessions.get(code) ?? [],
      exceeded: byInstitution.exceeded.get(code) ?? [],
      peaks: byInstitution.peaks.get(code) ?? [],
      grants: await grantsOf(accreditations, institution),
      notCounted: notCounted.get(code) ?? 0,
    });
  }
  return facts;
}

async function grantsOf(
  accreditations: AccreditationStore,
  { authority, did }: Institution,
): Promise<GrantedScope[] | undefined> {
  const view = await accreditations.view(authority);
  const held = view?.accreditations(authority, did) ?? [];
  return held.length === 0 ? undefined : grantedScopes(held);
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
