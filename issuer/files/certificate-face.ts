import type { IdentityDocumentType } from '../../shared/certificate/identity-document.js';
import { certificateKind, type KindId } from '../../shared/certificate/kind.js';
import { findLevel } from '../../shared/certificate/level.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';

/** One field of a certificate's face: Chinese label and value, English beneath. */
export interface FaceField {
  /** Stable name, also used in errors. */
  id: string;
  labelZh: string;
  labelEn: string;
  /** What stands there; `--` where the rules demand a field that has no content. */
  value: string;
  /** Smaller line beneath the value: its English, or a code. */
  note?: string;
}

/** Everything that is printed on a certificate (DOMAIN §3), without its place on the paper. */
export interface CertificateFace {
  titleZh: string;
  titleEn: string;
  /** 证书正文, the sentence that says what is certified. */
  bodyZh: string;
  bodyEn: string;
  /** In the order they are printed; the first three stand beside the photo. */
  fields: FaceField[];
  issuer: string;
  dateZh: string;
  dateEn: string;
  /** True for a demonstration issuer, whose papers carry a watermark. */
  demo: boolean;
}

const DOCUMENTS: Record<IdentityDocumentType, [zh: string, en: string]> = {
  'resident-identity-card': ['居民身份证', 'Resident Identity Card'],
  'hk-macau-taiwan-residence-permit': [
    '港澳台居民居住证',
    'Residence Permit for Hong Kong, Macao and Taiwan Residents',
  ],
  'hk-macau-travel-permit': ['港澳居民来往内地通行证', 'Mainland Travel Permit for Hong Kong and Macao Residents'],
  'taiwan-travel-permit': ['台湾居民来往大陆通行证', 'Mainland Travel Permit for Taiwan Residents'],
  passport: ['护照', 'Passport'],
  'macau-resident-identity-card': ['澳门居民身份证', 'Macao Resident Identity Card'],
  'hong-kong-identity-card': ['香港身份证', 'Hong Kong Identity Card'],
};

const BODIES: Record<KindId, [zh: string, en: string]> = {
  'skill-level': [
    '持证人经本机构职业技能等级认定，考核成绩合格，达到下列职业（工种）相应的技能等级水平，特发此证。',
    'This is to certify that the holder has passed the occupational skill level assessment of this organisation and has attained the skill level stated below.',
  ],
  'occ-qualification': [
    '持证人经职业技能鉴定合格，具备下列职业相应的国家职业资格，特发此证。',
    'This is to certify that the holder has passed the occupational skill appraisal and holds the national occupational qualification stated below.',
  ],
  'special-operation': [
    '持证人经安全技术培训并考核合格，准许从事下列特种作业，特发此证。',
    'This is to certify that the holder has been trained and examined in safety and may carry out the special operation stated below.',
  ],
  'construction-special': [
    '持证人经考核合格，准许从事下列建筑施工特种作业，特发此证。',
    'This is to certify that the holder has been examined and may carry out the construction special operation stated below.',
  ],
  'special-equipment': [
    '持证人经考核合格，准许从事下列特种设备安全管理或作业项目，特发此证。',
    'This is to certify that the holder has been examined and may manage or operate the special equipment stated below.',
  ],
  'mo-skill': [
    '持证人经澳门职业技能测试合格，达到下列职业技能水平，特发此证明。',
    'This is to certify that the holder has passed the Macao vocational skill test and has attained the skill level stated below.',
  ],
  'specialised-ability': [
    '持证人经专项职业能力考核合格，具备下列专项职业能力，特发此证。',
    'This is to certify that the holder has passed the assessment of the specialised vocational ability stated below.',
  ],
  'competition-result': [
    '持证人参加下列职业技能竞赛并取得所列成绩，特发此证。',
    'This is to certify that the holder took part in the skills competition stated below and achieved the result shown.',
  ],
  appointment: [
    '经评聘，持证人受聘担任下列岗位，特发此证。',
    'This is to certify that the holder has been assessed and appointed to the position stated below.',
  ],
  'training-completion': [
    '持证人按要求完成下列培训，经考核合格，特发此证。',
    'This is to certify that the holder has completed the training stated below and passed its examination.',
  ],
};

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** Writes a record as the words of its certificate. Pure; the fields follow 人社鉴发〔2021〕1号 as DOMAIN §3 gives it. */
export function certificateFace(record: CertificateRecord): CertificateFace {
  const kind = certificateKind(record.kind);
  const [bodyZh, bodyEn] = BODIES[record.kind];
  return {
    titleZh: kind.nameZh,
    titleEn: kind.nameEn,
    bodyZh,
    bodyEn,
    fields: [
      ...holderFields(record),
      ...occupationFields(record),
      ...kindFields(record),
      field('certificateNumber', '证书编号', 'Certificate No.', record.certificateNumber),
      ...validityFields(record),
      field('authority', '备案机构', 'Accrediting Authority', record.authority.name),
      field('accreditation', '备案编号', 'Accreditation No.', shortAccreditation(record.accreditation.id)),
    ],
    issuer: record.issuer.name,
    dateZh: dateZh(record.issuedOn),
    dateEn: dateEn(record.issuedOn),
    demo: record.issuer.name.startsWith('示例'),
  };
}

function holderFields({ holder }: CertificateRecord): FaceField[] {
  const [documentZh, documentEn] = DOCUMENTS[holder.identityDocumentType];
  const hidden = /resident-identity-card$|residence-permit$/.test(holder.identityDocumentType) ? 14 : 5;
  return [
    field('name', '姓名', 'Name', holder.name),
    field('identityDocumentType', '证件类型', 'ID Type', documentZh, documentEn),
    field('identityDocumentNumber', '证件号码', 'ID Number', '*'.repeat(hidden) + holder.identityDocumentLastFour),
  ];
}

function occupationFields({ occupation, level }: CertificateRecord): FaceField[] {
  const row = level && findLevel(level);
  return [
    ...(occupation
      ? [
          field(
            'occupation',
            '职业名称',
            'Occupation',
            occupation.name,
            `${occupation.code} · 职业分类大典 ${occupation.catalogueEdition} 年版`,
          ),
          field('trade', '工种/职业方向', 'Trade / Specialization', occupation.trade ?? '--'),
        ]
      : []),
    ...(row ? [field('level', '职业技能等级', 'Skill Level', row.nameZh, row.nameEn)] : []),
  ];
}

function kindFields({ specification, competition, appointment, permit, training }: CertificateRecord): FaceField[] {
  return [
    ...(specification
      ? [field('specification', '考核规范', 'Specification', `${specification.code} · ${specification.version}`)]
      : []),
    ...(competition
      ? [
          field('competition', '竞赛名称', 'Competition', competition.name, competition.filingNumber),
          field('event', '竞赛项目', 'Event', competition.event),
          field('rank', '成绩', 'Result', competition.rank),
        ]
      : []),
    ...(appointment
      ? [
          field('position', '聘任岗位', 'Position', appointment.position),
          field('term', '聘期', 'Term', period(appointment.from, appointment.until)),
        ]
      : []),
    ...(permit
      ? [
          field('operationCategory', '作业类别', 'Operation Category', permit.category),
          field('operationItem', '操作项目', 'Operation Item', permit.item),
          field(
            'firstIssuedOn',
            '初领日期',
            'First Issued',
            dateZh(permit.firstIssuedOn),
            dateEn(permit.firstIssuedOn),
          ),
          ...(permit.reviewBy === undefined
            ? []
            : [field('reviewBy', '应复审日期', 'Review By', dateZh(permit.reviewBy), dateEn(permit.reviewBy))]),
        ]
      : []),
    ...(training
      ? [
          field('training', '培训项目', 'Training', training.title),
          field('hours', '学时', 'Hours', String(training.hours)),
        ]
      : []),
  ];
}

function validityFields({ expiresOn }: CertificateRecord): FaceField[] {
  return expiresOn === undefined
    ? []
    : [field('expiresOn', '有效期至', 'Valid Until', dateZh(expiresOn), dateEn(expiresOn))];
}

function field(id: string, labelZh: string, labelEn: string, value: string, note?: string): FaceField {
  return note === undefined ? { id, labelZh, labelEn, value } : { id, labelZh, labelEn, value, note };
}

function shortAccreditation(id: string): string {
  return id.replace(/^urn:yizheng:accreditation:/, '');
}

function period(from: string, until: string | undefined): string {
  return until === undefined ? `${dateZh(from)}起` : `${dateZh(from)}至${dateZh(until)}`;
}

function dateZh(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${year ?? ''}年${month ?? ''}月${day ?? ''}日`;
}

function dateEn(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${day ?? ''} ${MONTHS[(month ?? 1) - 1] ?? ''} ${year ?? ''}`;
}
