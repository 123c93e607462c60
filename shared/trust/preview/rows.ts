import type { Cell } from './cells.js';
import { countsTheSame, type JudgedCell } from './judge-cell.js';
import { chinaDay } from './periods-of-issue.js';
import { PREVIEW_CHANGES, type PreviewRow } from './types.js';

/**
 * Puts cells that change alike together: first neighbouring periods of issue, then regions, then narrower
 * occupations with the wider ones, then institutions.
 * @returns rows in order of what changes, then by authority, kind, occupation and level
 */
export function rowsOfCells(cells: readonly JudgedCell[]): PreviewRow[] {
  const periods = merge(
    cells.flatMap(rowOf).sort((a, b) => a.from - b.from),
    samePlace,
    joinPeriods,
    (a, b) => b.from <= a.until,
  );
  const regions = merge(periods, sameOverRegions, joinRegions);
  const occupations = merge(widestFirst(regions), sameOverOccupations, joinOccupations, mayJoinOccupations);
  return merge(occupations, sameOverInstitutions, joinInstitutions).sort(inOrder).map(shownRow);
}

interface Row extends Omit<PreviewRow, 'occupationExcept' | 'regionExcept'> {
  occupationExcept: string[];
  regionExcept: string[];
  /** Milliseconds. */
  from: number;
  until: number;
}

function rowOf({ cell, before, after, change }: JudgedCell): Row[] {
  if (change === undefined) return [];
  const { home, institutions, grant, key, period } = cell;
  return [
    withDates({
      home,
      institutions: institutions.toSorted(),
      kind: grant.kind,
      ...(grant.occupation && { occupation: grant.occupation.pattern }),
      occupationExcept: grant.occupation?.except ?? [],
      ...(grant.level && { level: grant.level }),
      region: [grant.region.pattern],
      regionExcept: grant.region.except,
      ...(grant.standard !== undefined && { standard: grant.standard }),
      ...(key !== undefined && { key }),
      issued: { from: '' },
      before,
      after,
      change,
      ...(grant.quota && { quota: grant.quota }),
      from: period.from,
      until: untilOf(period),
    }),
  ];
}

function untilOf({ until }: Cell['period']): number {
  return until ?? Infinity;
}

function withDates(row: Row): Row {
  const { from, until } = row;
  const issued = { from: chinaDay(from), ...(until !== Infinity && { until: chinaDay(until) }) };
  return { ...row, issued };
}

/** Joins rows with the same key that count the same, where they may be joined. */
function merge(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  join: (a: Row, b: Row) => Row,
  mayJoin: (a: Row, b: Row) => boolean = () => true,
): Row[] {
  const kept = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const same = kept.get(key) ?? [];
    const alike = same.findIndex((one) => fareAlike(one, row) && mayJoin(one, row));
    const one = same[alike];
    if (one) same[alike] = join(one, row);
    else same.push(row);
    kept.set(key, same);
  }
  return [...kept.values()].flat();
}

/** A wider pattern takes in a narrower one that fares alike; what is mapped to an occupation stays apart. */
function mayJoinOccupations(a: Row, b: Row): boolean {
  return b.occupation !== undefined && a.occupationExcept.includes(b.occupation);
}

function joinOccupations(a: Row, b: Row): Row {
  return { ...a, occupationExcept: a.occupationExcept.filter((one) => one !== b.occupation) };
}

function widestFirst(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => b.occupationExcept.length - a.occupationExcept.length);
}

function fareAlike(a: Row, b: Row): boolean {
  const [one, other] = [a, b].map(({ before, after, occupation }) =>
    [before, after].map(({ as, ...rest }) => ({
      ...rest,
      ...(as && { as: as.occupation === occupation ? { ...as, occupation: 'own' } : as }),
    })),
  );
  return (one ?? []).every((standing, i) => {
    const same = other?.[i];
    return same !== undefined && countsTheSame(standing, same);
  });
}

function shownRow({ from: _from, until: _until, occupationExcept, regionExcept, ...row }: Row): PreviewRow {
  return {
    ...row,
    ...(occupationExcept.length > 0 && { occupationExcept }),
    ...(regionExcept.length > 0 && { regionExcept }),
  };
}

function samePlace(row: Row): string {
  return [row.institutions.join(), ...what(row), row.region.join()].join(' ');
}

function sameOverRegions(row: Row): string {
  return [row.institutions.join(), ...what(row), row.issued.from, row.issued.until].join(' ');
}

function sameOverOccupations({ occupation: _, ...row }: Row): string {
  return [row.institutions.join(), ...what(row), row.region.join(), row.issued.from, row.issued.until].join(' ');
}

function sameOverInstitutions(row: Row): string {
  const excepted = [...row.occupationExcept, ...row.regionExcept].join();
  return [...what(row), row.region.join(), excepted, row.issued.from, row.issued.until, standingKey(row)].join(' ');
}

function what(row: Omit<Row, 'occupation'> & { occupation?: string }): (string | undefined)[] {
  const { home, kind, occupation, level, standard, key, change, quota } = row;
  return [
    home,
    kind,
    occupation,
    level?.framework,
    level?.value,
    standard,
    key,
    change,
    quota && `${quota.limit}/${quota.per}`,
  ];
}

function standingKey({ before, after }: Row): string {
  return [before, after].map(({ outcome, as, obligations }) => JSON.stringify([outcome, as, obligations])).join(' ');
}

function joinPeriods(a: Row, b: Row): Row {
  return withDates({ ...a, until: Math.max(a.until, b.until) });
}

function joinRegions(a: Row, b: Row): Row {
  const region = [...new Set([...a.region, ...b.region])].sort();
  const regionExcept = [...new Set([...a.regionExcept, ...b.regionExcept])].filter((one) => !region.includes(one));
  return { ...a, region, regionExcept };
}

function joinInstitutions(a: Row, b: Row): Row {
  return { ...a, institutions: [...new Set([...a.institutions, ...b.institutions])].sort() };
}

function inOrder(a: Row, b: Row): number {
  const keys = (row: Row): string =>
    [row.home, row.kind, row.occupation ?? '', row.level?.value ?? '', row.issued.from].join(' ');
  const order = PREVIEW_CHANGES.indexOf(a.change) - PREVIEW_CHANGES.indexOf(b.change);
  return order !== 0 ? order : keys(a) < keys(b) ? -1 : 1;
}
