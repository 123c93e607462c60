import { findLevel, levelRank, type Level } from '../../../../../shared/certificate/level.js';
import type { CertificateRecord } from '../../../../../shared/certificate/record.js';
import type { Answer } from '../../../../../shared/trust/types.js';
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
    editions: LEVEL_LADDER.filter((row) => row.level === rule.level).map((row) => ({
      ...row,
      conditions: row.conditions.map((condition) => stateOf(condition, level.value, issuedOn, now)),
    })),
  };
}

function stateOf(condition: LadderCondition, held: string, issuedOn: string, now: string): ConditionState {
  const { after } = condition;
  if (after?.level !== held) return { ...condition, met: 'unknown' };
  const earliest = addYears(issuedOn, after.years);
  const isOver = Date.parse(now) >= Date.parse(`${earliest}T00:00:00+08:00`);
  return { ...condition, met: isOver ? 'unknown' : 'fail', earliest };
}

/** The same day some years later; 29 February becomes 1 March where there is none. */
function addYears(day: string, years: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year + years, month - 1, date)).toISOString().slice(0, 10);
}
