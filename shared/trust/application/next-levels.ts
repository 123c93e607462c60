import { findLevel, levelRank, type Level } from '../../certificate/level.js';
import type { CertificateRecord } from '../../certificate/record.js';
import type { Answer } from '../types.js';
import { LEVEL_LADDER, type LadderCondition, type LadderRule } from './level-ladder.js';

/** One condition, as far as the certificate tells. */
export interface ConditionState extends LadderCondition {
  /**
   * `fail`: not yet, until {@link earliest}. `unknown`: the certificate cannot tell; years of work, schooling and titles are proven to the
   * assessing institution. Never `pass`: a certificate alone admits nobody.
   */
  met: Extract<Answer, 'fail' | 'unknown'>;
  /** First day on which the years since the level can be full, YYYY-MM-DD. */
  earliest?: string;
}

/** What one edition of the rules asks for the next level. */
export interface EditionRule extends Omit<LadderRule, 'conditions'> {
  conditions: ConditionState[];
}

/** The level right above the one held. */
export interface NextLevel {
  level: Level;
  nameZh: string;
  nameEn: string;
  editions: EditionRule[];
}

const LADDER = 'cn-skill-8';
const FRAMEWORKS = ['cn-skill-5', 'cn-skill-8'];

/**
 * "What can I apply for next?" (DOMAIN §4, M11): the next level of a skill-level certificate, by every edition of the rules side by side,
 * as it is the assessing institution's edition that counts. Pure.
 * @param now RFC 3339
 * @returns undefined for a certificate without level of the national ladder, or at its top
 */
export function nextLevel(
  { level, issuedOn }: Pick<CertificateRecord, 'level' | 'issuedOn'>,
  now: string,
): NextLevel | undefined {
  if (!level || !FRAMEWORKS.includes(level.framework)) return undefined;
  const rank = levelRank({ framework: LADDER, value: level.value });
  const rule =
    rank === undefined
      ? undefined
      : LEVEL_LADDER.find((row) => levelRank({ framework: LADDER, value: row.level }) === rank + 1);
  if (!rule) return undefined;
  const next: Level = {
    framework: findLevel({ framework: 'cn-skill-5', value: rule.level }) ? 'cn-skill-5' : LADDER,
    value: rule.level,
  };
  const names = findLevel(next);
  return {
    level: next,
    nameZh: names?.nameZh ?? rule.level,
    nameEn: names?.nameEn ?? rule.level,
    editions: admissionRules(next, [{ level, issuedOn }], now),
  };
}

/**
 * What each edition of the rules asks of whoever wants to be assessed for a level (DOMAIN §4), as far as the certificates held tell. Pure.
 * @param wanted the level applied for
 * @param held certificates of the same occupation that are known to be good
 * @param now RFC 3339
 * @returns empty for a level that is not of the national ladder, or that nothing is asked for
 */
export function admissionRules(
  wanted: Level,
  held: readonly Pick<CertificateRecord, 'level' | 'issuedOn'>[],
  now: string,
): EditionRule[] {
  if (!FRAMEWORKS.includes(wanted.framework)) return [];
  const ladder = held.filter(({ level }) => level !== undefined && FRAMEWORKS.includes(level.framework));
  return LEVEL_LADDER.filter((row) => row.level === wanted.value).map((row) => ({
    ...row,
    conditions: row.conditions.map((condition) => stateOf(condition, ladder, now)),
  }));
}

function stateOf(
  condition: LadderCondition,
  held: readonly Pick<CertificateRecord, 'level' | 'issuedOn'>[],
  now: string,
): ConditionState {
  const { after } = condition;
  const days = held.flatMap(({ level, issuedOn }) => (level?.value === after?.level ? [issuedOn] : []));
  const [first] = days.toSorted();
  if (!after || first === undefined) return { ...condition, met: 'unknown' };
  const earliest = addYears(first, after.years);
  const isOver = Date.parse(now) >= Date.parse(`${earliest}T00:00:00+08:00`);
  return { ...condition, met: isOver ? 'unknown' : 'fail', earliest };
}

/** The same day some years later; 29 February becomes 1 March where there is none. */
function addYears(day: string, years: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year + years, month - 1, date)).toISOString().slice(0, 10);
}
