import type { CertificateKind } from '../../certificate/kind.js';

/** A claim of a certificate as SD-JWT VC: where it stands, what it is called, whether the holder may hide it. */
export interface ClaimDefinition {
  path: readonly [string] | readonly [string, string];
  labelZh: string;
  labelEn: string;
  /** The holder decides each time whether to show it; everything else a verifier needs to judge, or it names no person. */
  disclosable?: true;
  /** Kinds that have it; all unless given. */
  of?: (kind: CertificateKind) => boolean;
}

const hasOccupation = ({ hasOccupation }: CertificateKind): boolean => hasOccupation;
const hasLevel = ({ frameworks }: CertificateKind): boolean => frameworks.length > 0;
const only =
  (...ids: CertificateKind['id'][]) =>
  ({ id }: CertificateKind): boolean =>
    ids.includes(id);
const isPermit = only('special-operation', 'construction-special', 'special-equipment');

/** Every claim a person may want to see, in reading order. */
export const SD_JWT_CLAIMS: readonly ClaimDefinition[] = [
  { path: ['name'], labelZh: '姓名', labelEn: 'Name', disclosable: true },
  { path: ['birthdate'], labelZh: '出生日期', labelEn: 'Date of birth', disclosable: true },
  { path: ['picture'], labelZh: '照片', labelEn: 'Photo', disclosable: true },
  { path: ['identity_document', 'type'], labelZh: '证件类型', labelEn: 'Identity document' },
  { path: ['identity_document', 'last_four'], labelZh: '证件号码后四位', labelEn: 'Last four', disclosable: true },
  { path: ['identity_document', 'number'], labelZh: '证件号码', labelEn: 'ID number', disclosable: true },
  { path: ['certificate_number'], labelZh: '证书编号', labelEn: 'Certificate no.' },
  { path: ['occupation', 'name'], labelZh: '职业(工种)', labelEn: 'Occupation', of: hasOccupation },
  { path: ['occupation', 'code'], labelZh: '职业编码', labelEn: 'Occupation code', of: hasOccupation },
  { path: ['occupation', 'trade'], labelZh: '工种/职业方向', labelEn: 'Trade', of: hasOccupation },
  { path: ['level', 'name'], labelZh: '等级', labelEn: 'Level', of: hasLevel },
  { path: ['level', 'value'], labelZh: '等级代码', labelEn: 'Level code', of: hasLevel },
  { path: ['assessment', 'date'], labelZh: '评价日期', labelEn: 'Assessed on' },
  { path: ['assessment', 'standard'], labelZh: '评价标准', labelEn: 'Standard' },
  { path: ['assessment', 'theory_score'], labelZh: '理论成绩', labelEn: 'Theory score', disclosable: true },
  { path: ['assessment', 'practical_score'], labelZh: '技能成绩', labelEn: 'Practical score', disclosable: true },
  {
    path: ['assessment', 'comprehensive_score'],
    labelZh: '综合成绩',
    labelEn: 'Comprehensive score',
    disclosable: true,
  },
  { path: ['specification', 'code'], labelZh: '考核规范', labelEn: 'Specification', of: only('specialised-ability') },
  { path: ['competition', 'name'], labelZh: '竞赛', labelEn: 'Competition', of: only('competition-result') },
  { path: ['competition', 'rank'], labelZh: '名次', labelEn: 'Rank', of: only('competition-result') },
  { path: ['appointment', 'position'], labelZh: '聘任岗位', labelEn: 'Post', of: only('appointment') },
  { path: ['permit', 'item'], labelZh: '准操项目', labelEn: 'Operation', of: isPermit },
  { path: ['permit', 'review_by'], labelZh: '应复审日期', labelEn: 'Review by', of: isPermit },
  { path: ['training', 'title'], labelZh: '培训项目', labelEn: 'Training', of: only('training-completion') },
  { path: ['issuing_institution'], labelZh: '评价机构', labelEn: 'Institution' },
  { path: ['issued_under', 'authority_name'], labelZh: '备案机关', labelEn: 'Accredited by' },
  { path: ['issued_on'], labelZh: '发证日期', labelEn: 'Issued on' },
  { path: ['expires_on'], labelZh: '有效期至', labelEn: 'Valid until' },
];

/** Paths the holder may hide. */
export const DISCLOSABLE_PATHS: readonly (readonly string[])[] = SD_JWT_CLAIMS.filter(
  ({ disclosable }) => disclosable === true,
).map(({ path }) => path);
