import { z } from 'zod';
import type { Level } from '../../certificate/level.js';
import { levelSchema, schemaError } from '../../certificate/record.js';
import { certificateText } from '../../certificate/text.js';
import { demandConfirmed, sourcedMembers, type Sourced } from '../sourced.js';
import { INSTITUTION_KINDS } from '../statement-schema.js';
import type { Accreditation, InstitutionKind } from '../types.js';

/** Which levels institutions of a kind may be accredited for by default (DOMAIN M25). */
export interface AssessableLevels extends Sourced {
  institutionKind: InstitutionKind;
  levels: Level[];
  basis: string;
}

const schema = z
  .strictObject({
    institutionKind: z.enum(INSTITUTION_KINDS),
    levels: z.array(levelSchema).min(1).max(20),
    basis: certificateText(160),
    ...sourcedMembers,
  })
  .superRefine(demandConfirmed);

/** @throws YizhengError `CROSSWALK_INVALID` naming the first wrong member by JSON pointer */
export function parseAssessableLevels(input: unknown): AssessableLevels {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw schemaError('CROSSWALK_INVALID', parsed.error);
  return parsed.data;
}

/**
 * Levels an accreditation would grant beyond what the default policy allows institutions of its kind: for an authority to look at
 * before it signs. A kind without a row in the table is not limited.
 */
export function levelsBeyondKind(
  accreditation: Pick<Accreditation, 'institutionKind' | 'actions'>,
  table: readonly AssessableLevels[],
): Level[] {
  const rows = table.filter((row) => row.enabled && row.institutionKind === accreditation.institutionKind);
  if (rows.length === 0) return [];
  const allowed = rows.flatMap((row) => row.levels);
  return accreditation.actions
    .flatMap((action) => action.scope.level ?? [])
    .filter(
      (level) =>
        allowed.some((item) => item.framework === level.framework) &&
        !allowed.some((item) => item.framework === level.framework && item.value === level.value),
    );
}
