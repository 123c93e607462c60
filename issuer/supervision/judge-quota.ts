import { outsideScope } from '../../shared/trust/scope.js';
import type { Check } from '../../shared/supervision/check.js';
import type { GrantedScope } from '../accreditation-scope.js';
import type { Series } from './count-cells.js';

/** A quota of an accreditation with the lines it covers. */
interface Quota {
  grant: GrantedScope;
  limit: number;
  per: 'year' | 'month';
  covered: ReadonlySet<string>;
  /** Certificates it covers, by month. */
  sums: Map<string, number>;
}

/**
 * Quotas of one institution against what it issued. All its certificates within a quota's scope count, under whichever of its
 * accreditations they were issued, in the calendar month or year of their day of issue (China Standard Time), as the trust decision counts
 * (`QUOTA_EXCEEDED`); what was revoked later was issued all the same.
 */
export class QuotaJudge {
  private readonly quotas: Quota[];

  /**
   * @param grants what the institution's accreditations grant; undefined when that is not known
   * @param series its lines
   * @param issued certificates of a line in a month
   */
  constructor(
    private readonly grants: readonly GrantedScope[] | undefined,
    series: readonly Series[],
    private readonly issued: (series: string, month: string) => number,
  ) {
    this.quotas = (grants ?? []).flatMap((grant) =>
      grant.quota
        ? [{ grant, ...grant.quota, covered: coveredBy(grant, series), sums: new Map<string, number>() }]
        : [],
    );
  }

  /**
   * Holds a line's month against the quotas that cover it: certificates from the beginning of the quota's period to the end of the month.
   * @returns of several quotas the one used up most; undefined when none covers it
   */
  check(series: string, month: string): Check | undefined {
    if (this.grants === undefined) return { rule: 'quota', answer: 'unknown', why: 'ACCREDITATION_UNKNOWN' };
    const checks = this.quotas
      .filter(({ covered, grant, per }) => covered.has(series) && isInForce(grant, per, month))
      .map((quota): Check & { value: number; most: number } => {
        const value = this.upTo(quota, month);
        return {
          rule: 'quota',
          answer: value > quota.limit ? 'fail' : 'pass',
          value,
          most: quota.limit,
          detail: {
            per: quota.per,
            period: quota.per === 'year' ? month.slice(0, 4) : month,
            accreditation: quota.grant.accreditation,
          },
        };
      });
    return checks.toSorted((a, b) => b.value / b.most - a.value / a.most)[0];
  }

  private upTo(quota: Quota, month: string): number {
    const first = quota.per === 'year' ? 1 : Number(month.slice(5));
    let sum = 0;
    for (let one = first; one <= Number(month.slice(5)); one++)
      sum += this.inMonth(quota, `${month.slice(0, 5)}${String(one).padStart(2, '0')}`);
    return sum;
  }

  private inMonth(quota: Quota, month: string): number {
    const known = quota.sums.get(month);
    if (known !== undefined) return known;
    let sum = 0;
    for (const series of quota.covered) sum += this.issued(series, month);
    quota.sums.set(month, sum);
    return sum;
  }
}

function coveredBy({ kind, occupation, level }: GrantedScope, series: readonly Series[]): Set<string> {
  const scope = {
    ...(kind && { kind }),
    ...(occupation && { occupation }),
    ...(level && { level }),
    region: ['*'],
  };
  return new Set(
    series
      .filter(
        (line) =>
          outsideScope(
            scope,
            {
              kind: line.kind,
              region: '',
              ...(line.occupation !== '' && { occupation: { code: line.occupation, catalogueEdition: line.edition } }),
              ...(line.level !== '' && { level: { framework: line.framework, value: line.level } }),
            },
            'nothing',
          ).length === 0,
      )
      .map((line) => line.series),
  );
}

/** Whether an accreditation is in force on some of a quota's period. */
function isInForce({ validFrom, validUntil }: GrantedScope, per: 'year' | 'month', month: string): boolean {
  const year = Number(month.slice(0, 4));
  const first = per === 'year' ? 1 : Number(month.slice(5));
  const begins = Date.UTC(year, first - 1, 1) - CHINA;
  const ends = Date.UTC(year, per === 'year' ? 12 : first, 1) - CHINA;
  return Date.parse(validFrom) < ends && (validUntil === undefined || Date.parse(validUntil) > begins);
}

const CHINA = 8 * 3600_000;
