import { z } from 'zod';
import { findLevel, type Level } from '../../certificate/level.js';
import { levelSchema, schemaError } from '../../certificate/record.js';
import { certificateText } from '../../certificate/text.js';
import { coversCode } from '../scope.js';
import { demandConfirmed, sourcedMembers, type Sourced } from '../sourced.js';
import { dateTime, regionPattern } from '../statement-schema.js';
import { instant, within } from '../time.js';
import type { Interval } from '../types.js';

/** How a level relates to a professional title or to education. There is no "equals". */
export const RELATIONS = ['may-apply', 'compared-to', 'treated-like'] as const;
/** One of {@link RELATIONS}. */
export type Relation = (typeof RELATIONS)[number];

/** One row of an authority's crosswalk from levels to titles (职称) or education (学历), DOMAIN M43. */
export interface TitleCrosswalk extends Interval, Sourced {
  id: string;
  from: { level: Level } | { programme: string };
  /** `may-apply` 可申报 · `compared-to` 可对照 · `treated-like` 比照(待遇). */
  relation: Relation;
  to: { type: 'title' | 'education'; nameZh: string; nameEn: string };
  /** Years in the level before the relation holds. */
  afterYears?: number;
  /** GB/T 2260 patterns; absent = everywhere. */
  region?: string[];
  /** Version of the crosswalk, as its authority names it. */
  version: string;
  basis: string;
}

const schema = z
  .strictObject({
    id: z.string().min(1).max(120),
    from: z.union([z.strictObject({ level: levelSchema }), z.strictObject({ programme: certificateText(40) })]),
    relation: z.enum(RELATIONS),
    to: z.strictObject({
      type: z.enum(['title', 'education']),
      nameZh: certificateText(40),
      nameEn: certificateText(80),
    }),
    afterYears: z.int().min(0).max(40).optional(),
    region: z.array(regionPattern).min(1).optional(),
    version: z.string().min(1).max(40),
    basis: certificateText(160),
    validFrom: dateTime,
    validUntil: dateTime.optional(),
    ...sourcedMembers,
  })
  .superRefine(demandConfirmed);

/** @throws YizhengError `CROSSWALK_INVALID` naming the first wrong member by JSON pointer */
export function parseTitleCrosswalk(input: unknown): TitleCrosswalk {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw schemaError('CROSSWALK_INVALID', parsed.error);
  return parsed.data as TitleCrosswalk;
}

/** Rows that speak about a level (or school programme) in a region on a day, in order of the table. */
export function findTitleCrosswalk(
  from: TitleCrosswalk['from'],
  where: { region: string; at: string },
  table: readonly TitleCrosswalk[],
): TitleCrosswalk[] {
  const at = instant(where.at);
  return table.filter(
    (row) =>
      row.enabled &&
      sameOrigin(row.from, from) &&
      (row.region === undefined || row.region.some((item) => coversCode(item, where.region))) &&
      within(at, instant(row.validFrom), row.validUntil === undefined ? undefined : instant(row.validUntil)),
  );
}

/** The row in words: 可申报、可对照、比照, never "equals" and never "already has the title". */
export function titleCrosswalkText(row: TitleCrosswalk, language: 'zh-CN' | 'en'): string {
  const zh = language === 'zh-CN';
  const level = 'level' in row.from ? findLevel(row.from.level) : undefined;
  const from = 'programme' in row.from ? row.from.programme : ((zh ? level?.nameZh : level?.nameEn) ?? '');
  const years = row.afterYears ?? 0;
  const after = years === 0 ? '' : zh ? `(满 ${years} 年)` : ` after ${years} years in it`;
  return zh
    ? `${from}:${WORDS[row.relation].zh}${row.to.nameZh}${after}。依据:${row.basis}(${row.version})。`
    : `${from}: ${WORDS[row.relation].en} ${row.to.nameEn}${after}. Basis: ${row.basis} (${row.version}).`;
}

const WORDS: Record<Relation, { zh: string; en: string }> = {
  'may-apply': { zh: '可申报', en: 'may apply for' },
  'compared-to': { zh: '可对照', en: 'may be compared to' },
  'treated-like': { zh: '待遇可比照', en: 'may be treated like' },
};

function sameOrigin(a: TitleCrosswalk['from'], b: TitleCrosswalk['from']): boolean {
  if ('programme' in a || 'programme' in b) return 'programme' in a && 'programme' in b && a.programme === b.programme;
  return a.level.framework === b.level.framework && a.level.value === b.level.value;
}
