import { z } from 'zod';

/** The rules a month's certificates are held against, in the order they are shown. */
export const SUPERVISION_RULES = [
  'quota',
  'seats',
  'history',
  'pass-rate',
  'top-level-share',
  'outside-region-share',
  'day-peak',
] as const;

/** One of {@link SUPERVISION_RULES}. */
export type SupervisionRule = (typeof SUPERVISION_RULES)[number];

const share = z
  .strictObject({
    /** Highest share that is not marked, in percent. */
    most: z.number().min(0).max(100),
    /** Fewer than this many certificates (results) say nothing: unknown. */
    atLeast: z.int().min(1).max(1_000_000),
  })
  .nullable();

/**
 * Which rules are applied and with what thresholds; `null` is off. Only the quota (of the accreditation itself) and the session's own
 * figures are official; TRUST §5.3 names jumps, pass rates and shares as signs, but no source gives a number, so those with a number of
 * their own are off until an administrator of the host sets one. `history` measures an institution against itself, by a statistical
 * convention.
 */
export const supervisionSettingsSchema = z
  .strictObject({
    quota: z.boolean(),
    seats: z.boolean(),
    history: z
      .strictObject({
        /** How many spreads above the median are still usual (3.5: Iglewicz and Hoaglin 1993). */
        factor: z.number().min(1).max(20),
        /** Months before the judged one that are looked at. */
        months: z.int().min(3).max(60),
        /** Months with certificates there must be among them; with fewer the answer is unknown. */
        atLeastMonths: z.int().min(3).max(60),
        /** Fewer certificates than this are never marked by this rule. */
        atLeast: z.int().min(1).max(1_000_000),
      })
      .nullable(),
    passRate: share,
    topLevelShare: share,
    outsideRegionShare: share,
    dayPeak: z.strictObject({ most: z.int().min(1).max(1_000_000) }).nullable(),
  })
  .meta({ id: 'SupervisionSettings' });

/** See {@link supervisionSettingsSchema}. */
export type SupervisionSettings = z.infer<typeof supervisionSettingsSchema>;

/** What is applied until an administrator decides otherwise. */
export const DEFAULT_SUPERVISION: SupervisionSettings = {
  quota: true,
  seats: true,
  history: { factor: 3.5, months: 24, atLeastMonths: 6, atLeast: 10 },
  passRate: null,
  topLevelShare: null,
  outsideRegionShare: null,
  dayPeak: null,
};
