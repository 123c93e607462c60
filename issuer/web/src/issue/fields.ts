import { LEVEL_FRAMEWORKS } from '../../../../shared/certificate/level.js';
import { CERTIFICATE_KINDS } from '../../../../shared/certificate/kind.js';

/** One field of the form: a column of the template, by its header there. */
export interface IssueField {
  /** Header in the template, and name of the field in the console's sentences. */
  header: string;
  key:
    | 'name'
    | 'id-type'
    | 'id-number'
    | 'kind'
    | 'occupation'
    | 'trade'
    | 'level'
    | 'assessment'
    | 'method'
    | 'standard'
    | 'standard-type'
    | 'date'
    | 'theory'
    | 'practice'
    | 'issued-on';
  required?: boolean;
  type?: 'date';
  inputMode?: 'decimal';
  /** Words of the template to choose from, with the English ones beside. */
  choices?: readonly { value: string; en: string }[];
  /** What is chosen at the beginning. */
  initial?: string;
}

/** The kinds a single form fits: a person, an occupation, a level. Others have columns of their own and come by sheet. */
const KINDS = CERTIFICATE_KINDS.filter(({ id }) => id === 'skill-level' || id === 'occ-qualification');
const LEVELS = LEVEL_FRAMEWORKS.find(({ id }) => id === 'cn-skill-8') ?? LEVEL_FRAMEWORKS[0];

/** Fields of the single certificate, in the order of the template. */
export const ISSUE_FIELDS: readonly IssueField[] = [
  { header: '姓名', key: 'name', required: true },
  {
    header: '证件类型',
    key: 'id-type',
    initial: '居民身份证',
    choices: [
      { value: '居民身份证', en: 'Resident identity card' },
      { value: '港澳居民来往内地通行证', en: 'Hong Kong and Macau travel permit' },
      { value: '台湾居民来往大陆通行证', en: 'Taiwan travel permit' },
      { value: '澳门居民身份证', en: 'Macau identity card' },
      { value: '护照', en: 'Passport' },
    ],
  },
  { header: '证件号码', key: 'id-number', required: true },
  {
    header: '证书类别',
    key: 'kind',
    initial: KINDS[0]?.nameZh ?? '',
    choices: KINDS.map(({ nameZh, nameEn }) => ({ value: nameZh, en: nameEn })),
  },
  { header: '职业编码', key: 'occupation', required: true },
  { header: '工种', key: 'trade' },
  {
    header: '等级',
    key: 'level',
    required: true,
    choices: (LEVELS?.values ?? []).map(({ nameZh, nameEn }) => ({ value: nameZh, en: nameEn })),
  },
  { header: '考核计划编号', key: 'assessment', required: true },
  {
    header: '考核方式',
    key: 'method',
    initial: '考试',
    choices: [
      { value: '考试', en: 'Examination' },
      { value: '理论考试', en: 'Theory' },
      { value: '实操考核', en: 'Practice' },
      { value: '竞赛', en: 'Competition' },
      { value: '评聘', en: 'Appointment' },
    ],
  },
  { header: '考核标准', key: 'standard', required: true },
  {
    header: '标准类型',
    key: 'standard-type',
    initial: '国家职业标准',
    choices: [
      { value: '国家职业标准', en: 'National' },
      { value: '行业标准', en: 'Industry' },
      { value: '企业标准', en: 'Enterprise' },
    ],
  },
  { header: '考核日期', key: 'date', required: true, type: 'date' },
  { header: '理论成绩', key: 'theory', inputMode: 'decimal' },
  { header: '实操成绩', key: 'practice', inputMode: 'decimal' },
  { header: '发证日期', key: 'issued-on', type: 'date' },
];
