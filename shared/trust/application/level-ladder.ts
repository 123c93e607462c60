import type { FactConfidence } from '../sourced.js';

/** One way to be admitted to the assessment of a level. */
export interface LadderCondition {
  zh: string;
  en: string;
  /** Years since this level was obtained, where that alone is the condition; the standards count years of work. */
  after?: { level: string; years: number };
}

/** What one edition of the rules asks for a level; any one condition is enough. */
export interface LadderRule {
  /** Value in `cn-skill-8`. */
  level: string;
  edition: '2023' | '2018' | '2022';
  editionZh: string;
  editionEn: string;
  conditions: readonly LadderCondition[];
  source: string;
  confidence: FactConfidence;
}

const NEW = { edition: '2023', editionZh: '2023 年起的新标准', editionEn: 'standards from 2023 on' } as const;
const OLD = { edition: '2018', editionZh: '2018 年规程', editionEn: 'rules of 2018' } as const;
const OPINION = { edition: '2022', editionZh: '人社部发〔2022〕14 号', editionEn: 'opinion of 2022 (No. 14)' } as const;
const S39 =
  'https://sinopx.cn/?industry/118.html ; http://qqhb.sxqnjycy.com/addons/cms/identify/enroll_detail.html?id=3';
const S42 =
  'https://news.iaiso.net/1837688197cfd2d7c195e32ec7/720575941546133940.html ; https://wet35.com/shijuan/1488_2_1.html';

const after = (level: string, years: number, zh: string, en: string): LadderCondition => ({
  zh,
  en,
  after: { level, years },
});
const other = (zh: string, en: string): LadderCondition => ({ zh, en });

/**
 * The level ladder by edition (DOMAIN §4, levels.json): what the general rules ask. Each occupation's own standard may ask otherwise, and
 * the edition in use is the assessing institution's. Rows with confidence C are common knowledge whose text was not found.
 */
export const LEVEL_LADDER: readonly LadderRule[] = [
  {
    level: '4',
    ...NEW,
    source: S39,
    confidence: 'A',
    conditions: [
      after('5', 3, '取得五级后从业累计满 3 年', '3 years of work after level 5'),
      other('从业累计满 5 年', '5 years of work in the occupation'),
      other('相关专业技工院校、中职及以上毕业(含应届)', 'graduate of a related vocational programme'),
    ],
  },
  {
    level: '4',
    ...OLD,
    source: S42,
    confidence: 'A',
    conditions: [
      after('5', 4, '取得五级后从业累计满 4 年', '4 years of work after level 5'),
      other('从业累计满 6 年', '6 years of work in the occupation'),
      other('相关专业技工院校、中职毕业', 'graduate of a related vocational programme'),
    ],
  },
  {
    level: '3',
    ...NEW,
    source: S39,
    confidence: 'A',
    conditions: [
      after('4', 4, '取得四级后从业累计满 4 年', '4 years of work after level 4'),
      other('从业累计满 10 年', '10 years of work in the occupation'),
      other('取得专业对应的初级职称后满 1 年', '1 year after a related junior professional title'),
      other('技工院校高级工班及以上毕业', 'graduate of a senior class of a technician school'),
      other('四级证书,且相关专业高职、大专及以上毕业', 'level 4 and a related college diploma'),
    ],
  },
  {
    level: '3',
    ...OLD,
    source: S42,
    confidence: 'A',
    conditions: [
      after('4', 5, '取得四级后从业累计满 5 年', '5 years of work after level 4'),
      other('大专及以上,且取得四级后满 2 年', 'college diploma and 2 years after level 4'),
      other('四级证书,且高级技工学校毕业', 'level 4 and graduate of a senior technician school'),
    ],
  },
  {
    level: '2',
    ...NEW,
    source: 'http://qqhb.sxqnjycy.com/addons/cms/identify/enroll_detail.html?id=3',
    confidence: 'B',
    conditions: [
      after('3', 5, '取得三级后从业累计满 5 年', '5 years of work after level 3'),
      other('取得中级职称后满 1 年', '1 year after an intermediate professional title'),
      other('取得初级职称后满 5 年,且三级后满 1 年', '5 years after a junior title and 1 year after level 3'),
    ],
  },
  {
    level: '2',
    ...OLD,
    source: S42,
    confidence: 'A',
    conditions: [
      after('3', 4, '取得三级后从业累计满 4 年', '4 years of work after level 3'),
      other(
        '三级证书,且高级技工学校、技师学院毕业满 3 年',
        'level 3 and 3 years after graduating from a technician college',
      ),
      other('取得预备技师证书后满 2 年', '2 years after the preparatory technician certificate'),
    ],
  },
  {
    level: '1',
    ...NEW,
    source: 'DOMAIN §4(领域常识,未检索到原文)',
    confidence: 'C',
    conditions: [after('2', 5, '取得二级后从业累计满 5 年', '5 years of work after level 2')],
  },
  {
    level: '1',
    ...OLD,
    source: S42,
    confidence: 'A',
    conditions: [after('2', 4, '取得二级后从业累计满 4 年', '4 years of work after level 2')],
  },
  {
    level: 'special',
    ...OPINION,
    source: 'https://www.163.com/dy/article/KIPGI59T0549A7Y0.html',
    confidence: 'B',
    conditions: [
      other(
        '由用人单位在高级技师中评聘:业绩评审、现场答辩、综合评审(年限未确认)',
        'appointed by an employer among senior technicians (years not confirmed)',
      ),
    ],
  },
  {
    level: 'chief',
    ...OPINION,
    source: 'DOMAIN §4(领域常识)',
    confidence: 'C',
    conditions: [
      other(
        '由用人单位在特级技师中评聘(未确认)',
        'appointed by an employer among special-grade technicians (not confirmed)',
      ),
    ],
  },
];
