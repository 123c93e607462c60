import type { Level } from '../../certificate/level.js';
import type { FactConfidence } from '../sourced.js';
import type { ApplicationRule, QualificationPattern, Requirement } from './application-rule.js';

const NOTICE = '《关于推进职业技能证书互通互认的通知》(四部门办公厅,2026-01-16 公开)';
const SOURCE =
  'https://www.163.com/dy/article/KK90SH300519BIO4.html (全文转载,摘录截断) ; https://reportify.ai/social-media/770673163052678';

const operation = (item: string): QualificationPattern => ({ kind: 'special-operation', item });
const construction = (item: string): QualificationPattern => ({ kind: 'construction-special', item });
const equipment = (item: string): QualificationPattern => ({ kind: 'special-equipment', item });
const level = (value: string): Level => ({ framework: 'cn-skill-5', value });
const skill = (occupation: string, value: string): QualificationPattern => ({
  kind: 'skill-level',
  occupation,
  level: level(value),
});

const LOW = operation('低压电工作业');
const HIGH = operation('高压电工作业');
const WELDING = operation('熔化焊接与热切割作业');
const BUILDING_ELECTRICIAN = construction('建筑电工');
const BUILDING_WELDER = construction('建筑焊工');
const EQUIPMENT_WELDER = equipment('特种设备焊接作业');
const ELECTRICIAN = '6-31-01-03';
const WELDER = '6-18-02-04';

/**
 * What the notice of the four ministries spares holders of permits (DOMAIN §6.1, §6.2; M16, M18), as far as its text could be had:
 * row for row the table of the demonstration (`registry/demo-data/m16-…`, `m18-…`), which a test holds equal to this one. Rows whose
 * text breaks off or was inferred are here and off.
 */
export const PUBLISHED_RULES: readonly ApplicationRule[] = [
  exempt(1, '低压电工作业→建筑电工', LOW, BUILDING_ELECTRICIAN, 'A'),
  exempt(2, '高压电工作业→建筑电工', HIGH, BUILDING_ELECTRICIAN, 'A'),
  exempt(3, '建筑电工→低压电工作业', BUILDING_ELECTRICIAN, LOW, 'B'),
  { ...exempt(4, '熔化焊接与热切割作业→建筑焊工', WELDING, BUILDING_WELDER, 'A'), onlyWhereIssued: true },
  exempt(5, '熔化焊接与热切割作业→特种设备焊接作业', WELDING, EQUIPMENT_WELDER, 'B', {
    waive: ['hot-work-safety-exam'],
    stillRequired: ['remaining-exams'],
  }),
  exempt(6, '建筑焊工→熔化焊接与热切割作业', BUILDING_WELDER, WELDING, 'D'),
  exempt(7, '建筑焊工→特种设备焊接作业', BUILDING_WELDER, EQUIPMENT_WELDER, 'unknown'),
  exempt(8, '特种设备焊接作业→熔化焊接与热切割作业', EQUIPMENT_WELDER, WELDING, 'unknown'),
  exempt(9, '特种设备焊接作业→建筑焊工', EQUIPMENT_WELDER, BUILDING_WELDER, 'unknown'),
  deemed(1, '低压电工作业视同电工五级', LOW, { occupation: ELECTRICIAN, as: '5', next: '4' }, 'B'),
  deemed(2, '熔化焊接与热切割作业视同焊工五级', WELDING, { occupation: WELDER, as: '5', next: '4' }, 'B'),
  deemed(3, '建筑电工视同电工五级', BUILDING_ELECTRICIAN, { occupation: ELECTRICIAN, as: '5', next: '4' }, 'D'),
  deemed(4, '建筑焊工视同焊工五级', BUILDING_WELDER, { occupation: WELDER, as: '5', next: '4' }, 'D'),
  deemed(5, '高压电工作业视同电工四级', HIGH, { occupation: ELECTRICIAN, as: '4', next: '3' }, 'B'),
  deemed(6, '特种设备焊接作业视同焊工四级', EQUIPMENT_WELDER, { occupation: WELDER, as: '4', next: '3' }, 'B'),
];

function exempt(
  row: number,
  name: string,
  from: QualificationPattern,
  to: QualificationPattern,
  confidence: FactConfidence,
  parts: { waive: Requirement[]; stillRequired: Requirement[] } = confidence === 'unknown'
    ? { waive: [], stillRequired: [] }
    : { waive: ['safety-training'], stillRequired: ['exam'] },
): ApplicationRule {
  const id = `urn:yizheng:application-rule:four-ministries:${row}`;
  return { id, name, from, to, effect: 'exempt', ...parts, ...ofNotice(confidence) };
}

function deemed(
  row: number,
  name: string,
  from: QualificationPattern,
  { occupation, as, next }: { occupation: string; as: string; next: string },
  confidence: FactConfidence,
): ApplicationRule {
  return {
    id: `urn:yizheng:application-rule:deemed-level:${row}`,
    name,
    from,
    to: skill(occupation, next),
    effect: 'may-apply',
    waive: [],
    stillRequired: ['next-level-exam'],
    deemed: level(as),
    ...ofNotice(confidence),
  };
}

/** A row nobody has confirmed is off (BR12). */
function ofNotice(confidence: FactConfidence) {
  const isConfirmed = confidence === 'A' || confidence === 'B';
  return {
    validFrom: '2026-01-16T00:00:00+08:00',
    basis: NOTICE,
    source: SOURCE,
    confidence,
    enabled: isConfirmed,
    ...(!isConfirmed && { unverified: true }),
  };
}
