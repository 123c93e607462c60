import { z } from 'zod';
import type { CertificateRecord } from '../../certificate/record.js';
import { levelRank, type Level } from '../../certificate/level.js';
import { levelSchema, schemaError } from '../../certificate/record.js';
import { certificateText } from '../../certificate/text.js';
import { demandConfirmed, sourcedMembers, type Sourced } from '../sourced.js';

/** What a rank in one event of one filed competition is worth (DOMAIN M45). The result itself is never a level (M12). */
export interface CompetitionAward extends Sourced {
  id: string;
  /** Filing number of the competition, as the result names it. */
  filingNumber: string;
  event: string;
  ranks: string[];
  /** Occupation the level is in, code in the 2022 catalogue. */
  occupation?: string;
  /** Level that may be certified. */
  level: Level;
  /** For those who hold that level already: the next one. */
  levelIfHeld?: Level;
  basis: string;
}

const schema = z
  .strictObject({
    id: z.string().min(1).max(120),
    filingNumber: z.string().min(1).max(40),
    event: certificateText(40),
    ranks: z.array(certificateText(20)).min(1).max(20),
    occupation: z
      .string()
      .regex(/^[1-8](?:-\d{2}){3}$/)
      .optional(),
    level: levelSchema,
    levelIfHeld: levelSchema.optional(),
    basis: certificateText(160),
    ...sourcedMembers,
  })
  .superRefine((row, context) => {
    demandConfirmed(row, context);
    const next = row.levelIfHeld;
    if (next && (next.framework !== row.level.framework || levelRank(next) !== (levelRank(row.level) ?? NaN) + 1))
      context.addIssue({ code: 'custom', path: ['levelIfHeld'], message: 'must be the level right above' });
  });

/** @throws YizhengError `CROSSWALK_INVALID` naming the first wrong member by JSON pointer */
export function parseCompetitionAward(input: unknown): CompetitionAward {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw schemaError('CROSSWALK_INVALID', parsed.error);
  return parsed.data as CompetitionAward;
}

/** May a level be certified on the strength of a competition result? */
export type AwardDecision =
  | { outcome: 'may-certify'; award: CompetitionAward; level: Level }
  | {
      outcome: 'refused';
      code: 'COMPETITION_NOT_FILED' | 'RANK_NOT_LISTED' | 'OCCUPATION_NOT_AS_LISTED' | 'LEVEL_BEYOND_RANK';
    }
  | { outcome: 'unverified-rule'; award: CompetitionAward };

/**
 * What level a competition result may lead to. An institution that certifies it still needs its accreditation for that level; the
 * certificate then names the competition as method and basis.
 * @param request `held`: level held already, checked by the caller; `wanted`: level asked for, the most the rank gives by default;
 *   `occupation`: code in the 2022 catalogue of the certificate asked for
 */
export function decideCompetitionAward(
  result: NonNullable<CertificateRecord['competition']>,
  request: { held?: Level; wanted?: Level; occupation?: string },
  table: readonly CompetitionAward[],
): AwardDecision {
  const filed = table.filter((row) => row.filingNumber === result.filingNumber);
  if (filed.length === 0) return { outcome: 'refused', code: 'COMPETITION_NOT_FILED' };
  const fitting = filed.filter((row) => row.event === result.event && row.ranks.includes(result.rank));
  const award = fitting.find((row) => row.enabled);
  if (!award)
    return fitting[0]
      ? { outcome: 'unverified-rule', award: fitting[0] }
      : { outcome: 'refused', code: 'RANK_NOT_LISTED' };
  if (request.occupation !== undefined && award.occupation !== undefined && request.occupation !== award.occupation)
    return { outcome: 'refused', code: 'OCCUPATION_NOT_AS_LISTED' };
  const has = request.held !== undefined && sameLevel(request.held, award.level);
  const most = has && award.levelIfHeld ? award.levelIfHeld : award.level;
  const wanted = request.wanted ?? most;
  const [rank, limit] = [levelRank(wanted), levelRank(most)];
  if (wanted.framework !== most.framework || rank === undefined || limit === undefined || rank > limit)
    return { outcome: 'refused', code: 'LEVEL_BEYOND_RANK' };
  return { outcome: 'may-certify', award, level: wanted };
}

function sameLevel(a: Level, b: Level): boolean {
  return a.framework === b.framework && a.value === b.value;
}
