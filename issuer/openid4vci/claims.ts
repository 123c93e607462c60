import type { CertificateKind } from '../../shared/certificate/kind.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import type { CertificateForm } from '../../shared/proof/forms/certificate-form.js';

/** A fact with its place in the W3C formats and in SD-JWT VC, and its names. */
interface Fact {
  subject: readonly string[];
  claim: readonly string[];
  zh: string;
  en: string;
  mandatory?: true;
  /** Which kinds state it; all unless given. */
  of?: (kind: CertificateKind) => boolean;
}

const hasLevel = (kind: CertificateKind): boolean => kind.frameworks.length > 0;
const hasOccupation = (kind: CertificateKind): boolean => kind.hasOccupation;
const isPermit = (kind: CertificateKind): boolean =>
  ['special-operation', 'construction-special', 'special-equipment'].includes(kind.id);

const FACTS: readonly Fact[] = [
  { subject: ['name'], claim: ['name'], zh: '姓名', en: 'Name', mandatory: true },
  {
    subject: ['identityDocumentType'],
    claim: ['identity_document', 'type'],
    zh: '证件类型',
    en: 'Identity document',
    mandatory: true,
  },
  {
    subject: ['identityDocumentLastFour'],
    claim: ['identity_document', 'last_four'],
    zh: '证件号码后四位',
    en: 'Last four characters of the document number',
    mandatory: true,
  },
  {
    subject: ['certificateNumber'],
    claim: ['certificate_number'],
    zh: '证书编号',
    en: 'Certificate number',
    mandatory: true,
  },
  {
    subject: ['occupation', 'name'],
    claim: ['occupation', 'name'],
    zh: '职业',
    en: 'Occupation',
    mandatory: true,
    of: hasOccupation,
  },
  { subject: ['occupation', 'trade'], claim: ['occupation', 'trade'], zh: '工种', en: 'Trade', of: hasOccupation },
  { subject: ['level', 'name'], claim: ['level', 'name'], zh: '等级', en: 'Level', mandatory: true, of: hasLevel },
  { subject: ['operationItem'], claim: ['permit', 'item'], zh: '作业项目', en: 'Operation item', of: isPermit },
  { subject: ['reviewBy'], claim: ['permit', 'review_by'], zh: '复审日期', en: 'Review by', of: isPermit },
  { subject: ['assessment', 'date'], claim: ['assessment', 'date'], zh: '评价日期', en: 'Date of assessment' },
  {
    subject: ['assessment', 'theoryScore'],
    claim: ['assessment', 'theory_score'],
    zh: '理论成绩',
    en: 'Theory score',
  },
  {
    subject: ['assessment', 'practicalScore'],
    claim: ['assessment', 'practical_score'],
    zh: '技能成绩',
    en: 'Practical score',
  },
];

/** Facts only this format can hold, shown when the holder wants. */
const PERSONAL: readonly Fact[] = [
  { subject: [], claim: ['identity_document', 'number'], zh: '证件号码', en: 'Document number' },
  { subject: [], claim: ['birthdate'], zh: '出生日期', en: 'Date of birth' },
  { subject: [], claim: ['picture'], zh: '照片', en: 'Photo' },
];

/** `claims` of a credential configuration (OpenID4VCI 1.0 Appendix B): the facts a wallet may want to show by name. */
export function claimsOf(kind: CertificateKind, format: CertificateForm): JsonObject[] {
  const isSdJwt = format === 'dc+sd-jwt';
  return [...FACTS, ...(isSdJwt ? PERSONAL : [])]
    .filter(({ of }) => of?.(kind) ?? true)
    .map(({ subject, claim, zh, en, mandatory }) => ({
      path: isSdJwt ? [...claim] : ['credentialSubject', ...subject],
      ...(mandatory ? { mandatory } : {}),
      display: [
        { name: zh, locale: 'zh-CN' },
        { name: en, locale: 'en' },
      ],
    }));
}
