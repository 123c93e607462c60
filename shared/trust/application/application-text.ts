import { findLevel } from '../../certificate/level.js';
import type { Requirement } from './application-rule.js';
import type { ApplicationDecision } from './decide-application.js';

const NAMES: Record<Requirement, { zh: string; en: string }> = {
  'safety-training': { zh: '安全培训', en: 'the safety training' },
  'hot-work-safety-exam': { zh: '动火作业安全管理考试', en: 'the hot-work safety management exam' },
  exam: { zh: '考核', en: 'the examination' },
  'remaining-exams': { zh: '其余科目考试', en: 'the remaining exams' },
  'next-level-exam': { zh: '高一等级的评价考核', en: 'the assessment for the next level' },
};

/** An application decision in one plain sentence; it never says that anybody holds the wanted certificate. */
export function applicationText(decision: ApplicationDecision, language: 'zh-CN' | 'en'): string {
  const zh = language === 'zh-CN';
  const list = (items: readonly Requirement[]): string =>
    items.map((item) => (zh ? NAMES[item].zh : NAMES[item].en)).join(zh ? '、' : ', ');
  switch (decision.outcome) {
    case 'exempt':
      return zh
        ? `可免:${list(decision.waive)};仍需:${list(decision.stillRequired)}。依据:${decision.rule.basis}。`
        : `Exempt from ${list(decision.waive)}; still required: ${list(decision.stillRequired)}. Basis: ${decision.rule.basis}.`;
    case 'may-apply': {
      const row = decision.deemed && findLevel(decision.deemed);
      return zh
        ? `仅就报考而言视同${row?.nameZh ?? ''},可报考高一等级;仍需:${list(decision.stillRequired)};不因此取得等级证书。依据:${decision.rule.basis}。`
        : `Treated as ${row?.nameEn ?? ''} for applying only: may apply for the next level; still required: ${list(decision.stillRequired)}. No certificate follows from it. Basis: ${decision.rule.basis}.`;
    }
    case 'precondition-failed':
      return PRECONDITIONS[decision.code][zh ? 'zh' : 'en'];
    case 'not-applicable':
      return zh
        ? '申请地不颁发所申请的证书,或不在规则适用地区,规则不适用。'
        : 'The rule does not apply in the region of the application.';
    case 'undetermined':
      return UNKNOWN[decision.code][zh ? 'zh' : 'en'];
    case 'unverified-rule':
      return zh
        ? '可能有相关规则,但其内容未经核实,未启用;请向申请地主管部门确认。'
        : 'There may be a rule, but its text was not confirmed, so it is off; ask the competent authority.';
    case 'no-rule':
      return zh
        ? '未收录相应规则;这不等于没有规定,请向申请地主管部门确认。'
        : 'No rule is known here, which does not mean that there is none; ask the competent authority.';
  }
}

const PRECONDITIONS = {
  CERTIFICATE_EXPIRED: { zh: '所持证书已过有效期,不满足前提。', en: 'The certificate held has expired.' },
  REVIEW_OVERDUE: { zh: '所持证书已过应复审日期,不满足前提。', en: 'The certificate held is overdue for review.' },
  NOT_IN_GOOD_STANDING: {
    zh: '所持证书未通过核验,不满足前提。',
    en: 'The certificate held did not pass verification.',
  },
} as const;
const UNKNOWN = {
  STANDING_UNKNOWN: {
    zh: '所持证书的真伪或状态未能查明,暂不能判定。',
    en: 'It could not be found out whether the certificate held is good.',
  },
  REGION_UNKNOWN: {
    zh: '申请地是否颁发所申请的证书未收录,暂不能判定。',
    en: 'It is not known whether the region issues the wanted certificate.',
  },
} as const;
