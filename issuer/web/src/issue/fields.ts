import { DOCUMENT_WORDS, METHOD_WORDS, STANDARD_WORDS, wordFor } from '../../../../shared/sheet/words.js';
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

/** Header of the whole number of an identity document, which is kept nowhere. */
export const ID_NUMBER = '证件号码';

/** The kinds a single form fits: a person, an occupation, a level. Others have columns of their own and come by sheet. */
const KINDS = CERTIFICATE_KINDS.filter(({ id }) => fitsForm(id));
const LEVELS = LEVEL_FRAMEWORKS.find(({ id }) => id === 'cn-skill-8') ?? LEVEL_FRAMEWORKS[0];

/** Fields of the single certificate, in the order of the template. */
export const ISSUE_FIELDS: readonly IssueField[] = [
  { header: '姓名', key: 'name', required: true },
  {
    header: '证件类型',
    key: 'id-type',
    initial: wordFor(DOCUMENT_WORDS, 'resident-identity-card'),
    choices: choicesOf(DOCUMENT_WORDS, {
      'resident-identity-card': 'Resident identity card',
      'hk-macau-taiwan-residence-permit': 'Residence permit for Hong Kong, Macau and Taiwan residents',
      'hk-macau-travel-permit': 'Hong Kong and Macau travel permit',
      'taiwan-travel-permit': 'Taiwan travel permit',
      passport: 'Passport',
      'macau-resident-identity-card': 'Macau identity card',
      'hong-kong-identity-card': 'Hong Kong identity card',
    }),
  },
  { header: ID_NUMBER, key: 'id-number', required: true },
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
    initial: wordFor(METHOD_WORDS, 'examination'),
    choices: choicesOf(METHOD_WORDS, {
      examination: 'Examination',
      theory: 'Theory',
      practice: 'Practice',
      competition: 'Competition',
      appointment: 'Appointment',
    }),
  },
  { header: '考核标准', key: 'standard', required: true },
  {
    header: '标准类型',
    key: 'standard-type',
    initial: wordFor(STANDARD_WORDS, 'national'),
    choices: choicesOf(STANDARD_WORDS, { national: 'National', industry: 'Industry', enterprise: 'Enterprise' }),
  },
  { header: '考核日期', key: 'date', required: true, type: 'date' },
  { header: '理论成绩', key: 'theory', inputMode: 'decimal' },
  { header: '实操成绩', key: 'practice', inputMode: 'decimal' },
  { header: '发证日期', key: 'issued-on', type: 'date' },
];

/** Does the form have every field that certificates of this kind need? */
export function fitsForm(kind: string): boolean {
  return kind === 'skill-level' || kind === 'occ-qualification';
}

/** Values to choose from by the word the template has for each, with English beside. */
function choicesOf(
  words: Readonly<Record<string, string>>,
  english: Readonly<Record<string, string>>,
): { value: string; en: string }[] {
  return Object.entries(english).map(([id, en]) => ({ value: wordFor(words, id), en }));
}
