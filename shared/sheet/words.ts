import { CERTIFICATE_KINDS, type KindId } from '../certificate/kind.js';
import { isReasonFor, type StatusAction } from '../certificate/status-reasons.js';

/** Words for each kind of certificate. */
export const KIND_WORDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(CERTIFICATE_KINDS.map(({ nameZh, id }) => [nameZh, id])),
  等级证书: 'skill-level',
  职业技能等级: 'skill-level',
  职业资格证书: 'occ-qualification',
  建筑施工特种作业: 'construction-special',
  特种设备作业人员证: 'special-equipment',
  专项能力证书: 'specialised-ability',
  竞赛获奖证书: 'competition-result',
  聘任证书: 'appointment',
  ...Object.fromEntries(CERTIFICATE_KINDS.map(({ id }) => [id, id])),
};

/** Words for each type of identity document (DOMAIN §2.3). */
export const DOCUMENT_WORDS: Readonly<Record<string, string>> = {
  居民身份证: 'resident-identity-card',
  身份证: 'resident-identity-card',
  二代身份证: 'resident-identity-card',
  第二代居民身份证: 'resident-identity-card',
  港澳台居民居住证: 'hk-macau-taiwan-residence-permit',
  居住证: 'hk-macau-taiwan-residence-permit',
  港澳居民来往内地通行证: 'hk-macau-travel-permit',
  港澳通行证: 'hk-macau-travel-permit',
  回乡证: 'hk-macau-travel-permit',
  台湾居民来往大陆通行证: 'taiwan-travel-permit',
  台胞证: 'taiwan-travel-permit',
  护照: 'passport',
  澳门居民身份证: 'macau-resident-identity-card',
  香港居民身份证: 'hong-kong-identity-card',
  香港身份证: 'hong-kong-identity-card',
  'resident-identity-card': 'resident-identity-card',
  'hk-macau-taiwan-residence-permit': 'hk-macau-taiwan-residence-permit',
  'hk-macau-travel-permit': 'hk-macau-travel-permit',
  'taiwan-travel-permit': 'taiwan-travel-permit',
  passport: 'passport',
  'macau-resident-identity-card': 'macau-resident-identity-card',
  'hong-kong-identity-card': 'hong-kong-identity-card',
};

/** Words for how an assessment was held. */
export const METHOD_WORDS: Readonly<Record<string, string>> = {
  考试: 'examination',
  考核: 'examination',
  理论考试: 'theory',
  理论: 'theory',
  实操考核: 'practice',
  实操: 'practice',
  技能考核: 'practice',
  竞赛: 'competition',
  破格: 'exceptional',
  评聘: 'appointment',
  聘任: 'appointment',
  examination: 'examination',
  theory: 'theory',
  practice: 'practice',
  competition: 'competition',
  exceptional: 'exceptional',
  appointment: 'appointment',
};

/** Words for who made the standard. */
export const STANDARD_WORDS: Readonly<Record<string, string>> = {
  国家职业标准: 'national',
  国家职业技能标准: 'national',
  国家标准: 'national',
  国家: 'national',
  行业企业评价规范: 'industry',
  行业标准: 'industry',
  行业: 'industry',
  企业评价规范: 'enterprise',
  企业标准: 'enterprise',
  企业: 'enterprise',
  national: 'national',
  industry: 'industry',
  enterprise: 'enterprise',
};

/** Words for how the holder came to this level. */
export const ADVANCEMENT_WORDS: Readonly<Record<string, string>> = {
  正常晋升: 'regular',
  正常: 'regular',
  破格晋升: 'exceptional',
  破格: 'exceptional',
  竞赛晋升: 'competition',
  竞赛: 'competition',
  评聘: 'appointment',
  regular: 'regular',
  exceptional: 'exceptional',
  competition: 'competition',
  appointment: 'appointment',
};

/** Words for why a status changes (`STATUS_REASONS`). */
export const REASON_WORDS: Readonly<Record<string, string>> = {
  信息有误: 'error',
  错误: 'error',
  弄虚作假: 'fraud',
  作假: 'fraud',
  已换发新证: 'superseded',
  换发: 'superseded',
  批次作废: 'batch-void',
  本人申请: 'holder-request',
  正在调查: 'investigation',
  调查: 'investigation',
  已查清: 'cleared',
  查清: 'cleared',
  error: 'error',
  fraud: 'fraud',
  superseded: 'superseded',
  'batch-void': 'batch-void',
  'holder-request': 'holder-request',
  investigation: 'investigation',
  cleared: 'cleared',
};

/** The word a template uses for a value: the first one that stands for it; the value itself where there is none. */
export function wordFor(words: Readonly<Record<string, string>>, value: string): string {
  return Object.entries(words).find(([, meant]) => meant === value)?.[0] ?? value;
}

/** {@link REASON_WORDS} for the reasons that are grounds for this. */
export function reasonWords(action: StatusAction): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(REASON_WORDS).filter(([, reason]) => isReasonFor(action, reason)));
}

const kinds = (test: (kind: (typeof CERTIFICATE_KINDS)[number]) => boolean): readonly KindId[] =>
  CERTIFICATE_KINDS.filter(test).map(({ id }) => id);

/** Kinds that show a level. */
export const LEVEL_KINDS = kinds(({ frameworks }) => frameworks.length > 0);
/** Kinds that name an occupation. */
export const OCCUPATION_KINDS = kinds(({ hasOccupation }) => hasOccupation);
/** Permits to operate. */
export const PERMIT_KINDS: readonly KindId[] = ['special-operation', 'construction-special', 'special-equipment'];
