import { z } from 'zod';
import { KIND_IDS, type KindId } from '../../certificate/kind.js';
import { findLevel, levelRank, type Level } from '../../certificate/level.js';
import { levelSchema, schemaError } from '../../certificate/record.js';
import { certificateText } from '../../certificate/text.js';
import { demandConfirmed, sourcedMembers, type Sourced } from '../sourced.js';
import { dateTime, regionPattern } from '../statement-schema.js';
import type { Interval } from '../types.js';

/** What an applicant may be spared, or must still do, for another certificate (DOMAIN §6.1). */
export const REQUIREMENTS = [
  'safety-training',
  'hot-work-safety-exam',
  'exam',
  'remaining-exams',
  'next-level-exam',
] as const;
/** One of {@link REQUIREMENTS}. */
export type Requirement = (typeof REQUIREMENTS)[number];

/** A qualification as a rule names it. A member left out means any. */
export interface QualificationPattern {
  kind: KindId;
  /** Permit item (准操项目), e.g. `低压电工作业`. */
  item?: string;
  /** Code in the 2022 catalogue. */
  occupation?: string;
  level?: Level;
}

/**
 * What holders of one qualification are spared when they apply for another (DOMAIN §6). It never says that they hold the other one:
 * nothing here can make a certificate (BR7).
 */
export interface ApplicationRule extends Interval, Sourced {
  id: string;
  name: string;
  from: QualificationPattern;
  to: QualificationPattern;
  /** `exempt`: spared a part; `may-apply`: counts as a level for the sole purpose of applying for the next one. */
  effect: 'exempt' | 'may-apply';
  waive: Requirement[];
  stillRequired: Requirement[];
  /** For `may-apply`: the level the holder is treated as having reached. */
  deemed?: Level;
  /** GB/T 2260 patterns of where the application is made; absent = everywhere. */
  region?: string[];
  /** Only in regions that issue the wanted certificate at all (DOMAIN §6.1 row 4). */
  onlyWhereIssued?: boolean;
  /** Document the rule stands in. */
  basis: string;
}

/** Where a certificate is issued at all. A region in neither list is not known. */
export interface IssuingRegions extends Sourced {
  of: Pick<QualificationPattern, 'kind' | 'item'>;
  issuedIn: string[];
  notIssuedIn: string[];
}

const pattern = z.strictObject({
  kind: z.enum(KIND_IDS),
  item: certificateText(60).optional(),
  occupation: z
    .string()
    .regex(/^[1-8](?:-\d{2}){3}$/)
    .optional(),
  level: levelSchema.optional(),
});
const requirement = z.enum(REQUIREMENTS);

const rule = z
  .strictObject({
    id: z
      .string()
      .max(120)
      .regex(/^urn:yizheng:application-rule:[A-Za-z0-9:._-]+$/),
    name: certificateText(120),
    from: pattern,
    to: pattern,
    effect: z.enum(['exempt', 'may-apply']),
    waive: z.array(requirement).max(5),
    stillRequired: z.array(requirement).max(5),
    deemed: levelSchema.optional(),
    region: z.array(regionPattern).min(1).optional(),
    onlyWhereIssued: z.boolean().optional(),
    validFrom: dateTime,
    validUntil: dateTime.optional(),
    basis: certificateText(160),
    ...sourcedMembers,
  })
  .superRefine((row, context) => {
    const problem = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    demandConfirmed(row, context);
    if (row.enabled && row.stillRequired.length === 0)
      problem('stillRequired', 'is empty: an exemption never gives the certificate itself');
    if (row.waive.some((item) => row.stillRequired.includes(item))) problem('waive', 'waives what is still required');
    if (row.effect === 'exempt' && row.enabled && row.waive.length === 0) problem('waive', 'waives nothing');
    if ((row.effect === 'may-apply') !== (row.deemed !== undefined))
      problem('deemed', 'belongs to a rule with effect may-apply, and only there');
    if (row.deemed && !isNextAbove(row.deemed, row.to.level))
      problem('to', 'must name the level right above the deemed one');
  });

const issuingRegions = z
  .strictObject({
    of: pattern.pick({ kind: true, item: true }),
    issuedIn: z.array(regionPattern),
    notIssuedIn: z.array(regionPattern),
    ...sourcedMembers,
  })
  .superRefine(demandConfirmed);

function isNextAbove(deemed: Level, wanted: Level | undefined): boolean {
  if (wanted === undefined || findLevel(wanted) === undefined || wanted.framework !== deemed.framework) return false;
  return levelRank(wanted) === (levelRank(deemed) ?? NaN) + 1;
}

/** @throws YizhengError `APPLICATION_RULE_INVALID` naming the first wrong member by JSON pointer */
export function parseApplicationRule(input: unknown): ApplicationRule {
  const parsed = rule.safeParse(input);
  if (!parsed.success) throw schemaError('APPLICATION_RULE_INVALID', parsed.error);
  return parsed.data as ApplicationRule;
}

/** @throws YizhengError `ISSUING_REGIONS_INVALID` naming the first wrong member by JSON pointer */
export function parseIssuingRegions(input: unknown): IssuingRegions {
  const parsed = issuingRegions.safeParse(input);
  if (!parsed.success) throw schemaError('ISSUING_REGIONS_INVALID', parsed.error);
  return parsed.data as IssuingRegions;
}
