/** A level in a named framework. Values are comparable only inside one framework. */
export interface Level {
  /** Framework id, a key of {@link LEVEL_FRAMEWORKS}. */
  framework: string;
  /** Value inside the framework, e.g. `3`. */
  value: string;
}

/** One value of a level framework. */
export interface LevelValue {
  value: string;
  /** As it is written on a certificate (人社鉴发〔2021〕1号: “一级/高级技师”). */
  nameZh: string;
  /** Suggested English; no official translation was found (DOMAIN §3, confidence D). */
  nameEn: string;
  /** 16th character of the 22-character certificate number; undefined where no rule is known. */
  numberCode?: string;
  /** False where `numberCode` is inferred and therefore off by default (DOMAIN §2.1: special-grade `T`). */
  numberCodeConfirmed?: boolean;
}

/** A level framework: its values from lowest to highest. */
export interface LevelFramework {
  id: string;
  nameZh: string;
  nameEn: string;
  values: readonly LevelValue[];
}

const FIVE: readonly LevelValue[] = [
  {
    value: '5',
    nameZh: '五级/初级工',
    nameEn: 'Level 5 / Junior Skilled Worker',
    numberCode: '5',
    numberCodeConfirmed: true,
  },
  {
    value: '4',
    nameZh: '四级/中级工',
    nameEn: 'Level 4 / Intermediate Skilled Worker',
    numberCode: '4',
    numberCodeConfirmed: true,
  },
  {
    value: '3',
    nameZh: '三级/高级工',
    nameEn: 'Level 3 / Senior Skilled Worker',
    numberCode: '3',
    numberCodeConfirmed: true,
  },
  { value: '2', nameZh: '二级/技师', nameEn: 'Level 2 / Technician', numberCode: '2', numberCodeConfirmed: true },
  {
    value: '1',
    nameZh: '一级/高级技师',
    nameEn: 'Level 1 / Senior Technician',
    numberCode: '1',
    numberCodeConfirmed: true,
  },
];

/**
 * The level frameworks (DOMAIN §4, TRUST §2.1). `cn-skill-5` is what institutions certify; `cn-skill-8` adds the record
 * (apprentice) and appointment (special-grade, chief) levels of 人社部发〔2022〕14号; `cn-occ-qual` the old national
 * qualifications; `mo-dsal` Macau's own scale. Order inside a framework is its ranking. Append only: the QR codec refers to
 * frameworks and values by place.
 */
export const LEVEL_FRAMEWORKS: readonly LevelFramework[] = [
  { id: 'cn-skill-5', nameZh: '职业技能等级(五级)', nameEn: 'Occupational skill levels (five)', values: FIVE },
  {
    id: 'cn-skill-8',
    nameZh: '职业技能等级(新八级)',
    nameEn: 'Occupational skill levels (eight)',
    values: [
      { value: 'apprentice', nameZh: '学徒工', nameEn: 'Apprentice' },
      ...FIVE,
      {
        value: 'special',
        nameZh: '特级技师',
        nameEn: 'Special-grade Technician',
        numberCode: 'T',
        numberCodeConfirmed: false,
      },
      { value: 'chief', nameZh: '首席技师', nameEn: 'Chief Technician' },
    ],
  },
  {
    id: 'cn-occ-qual',
    nameZh: '国家职业资格(五级)',
    nameEn: 'National occupational qualification (five levels)',
    values: [
      { value: '5', nameZh: '国家职业资格五级/初级技能', nameEn: 'National Qualification Level 5' },
      { value: '4', nameZh: '国家职业资格四级/中级技能', nameEn: 'National Qualification Level 4' },
      { value: '3', nameZh: '国家职业资格三级/高级技能', nameEn: 'National Qualification Level 3' },
      { value: '2', nameZh: '国家职业资格二级/技师', nameEn: 'National Qualification Level 2' },
      { value: '1', nameZh: '国家职业资格一级/高级技师', nameEn: 'National Qualification Level 1' },
    ],
  },
  {
    id: 'mo-dsal',
    nameZh: '澳门职业技能证明',
    nameEn: 'Macau vocational skill certificate',
    values: [
      { value: 'basic', nameZh: '初级', nameEn: 'Basic' },
      { value: 'intermediate', nameZh: '中级', nameEn: 'Intermediate' },
    ],
  },
];

const frameworks = new Map(LEVEL_FRAMEWORKS.map((framework) => [framework.id, framework]));

/** The framework with this id, or undefined. */
export function findLevelFramework(id: string): LevelFramework | undefined {
  return frameworks.get(id);
}

/** The table row of a level, or undefined when framework or value is unknown. */
export function findLevel(level: Level): LevelValue | undefined {
  return frameworks.get(level.framework)?.values.find((row) => row.value === level.value);
}

/** Place of a level in its framework, 0 = lowest; undefined when unknown. Higher ranks contain lower ones. */
export function levelRank(level: Level): number | undefined {
  const rank = frameworks.get(level.framework)?.values.findIndex((row) => row.value === level.value);
  return rank === undefined || rank < 0 ? undefined : rank;
}
