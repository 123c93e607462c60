import { z } from 'zod';
import { schemaError, webDid } from '../../shared/certificate/record.js';
import { certificateText } from '../../shared/certificate/text.js';
import {
  parseApplicationRule,
  parseIssuingRegions,
  type ApplicationRule,
  type IssuingRegions,
} from '../../shared/trust/application/application-rule.js';
import { parseAssessableLevels, type AssessableLevels } from '../../shared/trust/crosswalk/assessable-levels.js';
import { parseCompetitionAward, type CompetitionAward } from '../../shared/trust/crosswalk/competition-award.js';
import { parseLevelEquivalence, type LevelEquivalence } from '../../shared/trust/crosswalk/level-equivalence.js';
import { parseTitleCrosswalk, type TitleCrosswalk } from '../../shared/trust/crosswalk/title-crosswalk.js';
import { parseAgreedStandards, type AgreedStandards } from '../../shared/trust/notes/agreed-standard.js';
import { demandConfirmed, sourcedMembers } from '../../shared/trust/sourced.js';

/** An authority of the demonstration, and the real one it stands for. */
export interface DemoAuthority {
  did: string;
  name: string;
  nameEn: string;
  /** GB/T 2260 code; 000000 for the whole country. */
  region: string;
  level: 'national' | 'province' | 'city' | 'special-region';
  standsFor: string;
}

/** An agreement as it was reported. It has no effect: only a recognition statement has. */
export interface DemoAgreement {
  name: string;
  parties: string[];
  effect: string;
  /** As precise as the source: a year, a month, a day or a remark. */
  effectiveFrom: string;
}

/** Specification of a specialised ability (专项职业能力考核规范). */
export interface DemoSpecification {
  code: string;
  version: string;
  name: string;
  jointlyDevelopedBy: string[];
}

/** Rows of the tables that are no signed statements, by type. */
export interface DemoTables {
  authority: DemoAuthority;
  agreement: DemoAgreement;
  specification: DemoSpecification;
  'application-rule': ApplicationRule;
  'issuing-regions': IssuingRegions;
  'assessable-levels': AssessableLevels;
  'level-equivalence': LevelEquivalence;
  'title-crosswalk': TitleCrosswalk;
  'competition-award': CompetitionAward;
  'agreed-standards': AgreedStandards;
}

/** Types of signed statements a file may hold. */
export const STATEMENT_TYPES = ['accreditation', 'recognition', 'event', 'review', 'supply-chain'] as const;

const TABLE_TYPES = [
  'authority',
  'agreement',
  'specification',
  'application-rule',
  'issuing-regions',
  'assessable-levels',
  'level-equivalence',
  'title-crosswalk',
  'competition-award',
  'agreed-standards',
] as const;

/** One row of a demo file: what is said, where it was read, how sure it is, and whether it has an effect. */
export const demoFactSchema = z
  .strictObject({
    type: z.enum([...STATEMENT_TYPES, ...TABLE_TYPES]),
    ...sourcedMembers,
    note: z.string().min(1).max(400).optional(),
    value: z.record(z.string(), z.unknown()),
  })
  .superRefine(demandConfirmed);

/** See {@link demoFactSchema}. */
export type DemoFact = z.infer<typeof demoFactSchema>;

/** A demo file: one mechanism (its number in DOMAIN §1), or `*`. */
export const demoFileSchema = z.strictObject({
  mechanism: z.string().regex(/^(?:\*|M\d{2}(?:\/M\d{2})*)$/),
  title: z.string().min(1).max(120),
  facts: z.array(demoFactSchema).min(1).max(500),
});

const authority = z.strictObject({
  did: webDid,
  name: certificateText(60),
  nameEn: z.string().min(1).max(120),
  region: z.string().regex(/^\d{6}$/),
  level: z.enum(['national', 'province', 'city', 'special-region']),
  standsFor: z.string().min(1).max(120),
});
const agreement = z.strictObject({
  name: z.string().min(1).max(160),
  parties: z.array(z.string().min(1).max(120)).min(1).max(40),
  effect: z.string().min(1).max(400),
  effectiveFrom: z.string().min(1).max(80),
});
const specification = z.strictObject({
  code: z.string().min(1).max(40),
  version: z.string().min(1).max(40),
  name: certificateText(60),
  jointlyDevelopedBy: z.array(webDid).min(1).max(40),
});

/** Parsers of table rows. Each throws a YizhengError that names the first wrong member. */
export const TABLE_PARSERS: { [T in keyof DemoTables]: (input: unknown) => DemoTables[T] } = {
  authority: (input) => checked(authority, input),
  agreement: (input) => checked(agreement, input),
  specification: (input) => checked(specification, input),
  'application-rule': parseApplicationRule,
  'issuing-regions': parseIssuingRegions,
  'assessable-levels': parseAssessableLevels,
  'level-equivalence': parseLevelEquivalence,
  'title-crosswalk': parseTitleCrosswalk,
  'competition-award': parseCompetitionAward,
  'agreed-standards': parseAgreedStandards,
};

function checked<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw schemaError('DEMO_FACT_INVALID', parsed.error);
  return parsed.data;
}
