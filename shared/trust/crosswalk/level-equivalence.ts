import { z } from 'zod';
import { levelRank, type Level } from '../../certificate/level.js';
import { levelSchema, schemaError } from '../../certificate/record.js';
import { certificateText } from '../../certificate/text.js';
import { demandConfirmed, sourcedMembers, type Sourced } from '../sourced.js';

/** Two levels of different frameworks that an authority declares to be the same level (DOMAIN M39). Goes both ways. */
export interface LevelEquivalence extends Sourced {
  id: string;
  levels: [Level, Level];
  basis: string;
}

const schema = z
  .strictObject({
    id: z.string().min(1).max(120),
    levels: z.tuple([levelSchema, levelSchema]),
    basis: certificateText(160),
    ...sourcedMembers,
  })
  .superRefine((row, context) => {
    demandConfirmed(row, context);
    if (row.levels[0].framework === row.levels[1].framework)
      context.addIssue({ code: 'custom', path: ['levels'], message: 'are of one framework' });
  });

/** @throws YizhengError `CROSSWALK_INVALID` naming the first wrong member by JSON pointer */
export function parseLevelEquivalence(input: unknown): LevelEquivalence {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw schemaError('CROSSWALK_INVALID', parsed.error);
  return parsed.data;
}

/** Whether a level meets a requirement, and by which equivalence. */
export interface LevelMatch {
  meets: boolean;
  /** The equivalence used; absent when the frameworks are the same or nothing relates them. */
  equivalence?: LevelEquivalence;
}

/**
 * Does the level held meet the level a post asks for (M21, M39)? One equivalence at most is used: they are not chained. The
 * certificate keeps the level and name it was issued with; this compares and renames nothing.
 */
export function meetsLevel(held: Level, wanted: Level, table: readonly LevelEquivalence[]): LevelMatch {
  const atLeast = (level: Level): boolean => {
    const [own, least] = [levelRank(level), levelRank(wanted)];
    return level.framework === wanted.framework && own !== undefined && least !== undefined && own >= least;
  };
  if (held.framework === wanted.framework) return { meets: atLeast(held) };
  for (const equivalence of table.filter((row) => row.enabled)) {
    const other = otherSide(equivalence, held);
    if (other?.framework === wanted.framework) return { meets: atLeast(other), equivalence };
  }
  return { meets: false };
}

function otherSide({ levels: [a, b] }: LevelEquivalence, level: Level): Level | undefined {
  const same = (item: Level): boolean => item.framework === level.framework && item.value === level.value;
  return same(a) ? b : same(b) ? a : undefined;
}
