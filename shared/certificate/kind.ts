/** A kind of certificate (DOMAIN §11, TRUST §2.1). The order is frozen: the QR codec refers to a kind by its place. */
export interface CertificateKind {
  /** Identifier used in scopes and records. */
  id: KindId;
  /** The W3C `type` beside `VerifiableCredential`. */
  type: string;
  nameZh: string;
  /** Suggested English title (no official one, DOMAIN §3). */
  nameEn: string;
  /** Level frameworks it may use; empty = this kind never shows a level (BR14). */
  frameworks: readonly string[];
  /** True when it names an occupation of the catalogue. */
  hasOccupation: boolean;
  /** True when the 22-character numbering rule applies (DOMAIN §2.1). */
  numbered: boolean;
}

/** Kind identifiers. */
export const KIND_IDS = [
  'skill-level',
  'occ-qualification',
  'special-operation',
  'construction-special',
  'special-equipment',
  'mo-skill',
  'specialised-ability',
  'competition-result',
  'appointment',
  'training-completion',
] as const;

/** One of {@link KIND_IDS}. */
export type KindId = (typeof KIND_IDS)[number];

/** All certificate kinds. */
export const CERTIFICATE_KINDS: readonly CertificateKind[] = [
  {
    id: 'skill-level',
    type: 'SkillLevelCertificate',
    nameZh: '职业技能等级证书',
    nameEn: 'Occupational Skill Level Certificate',
    frameworks: ['cn-skill-5', 'cn-skill-8'],
    hasOccupation: true,
    numbered: true,
  },
  {
    id: 'occ-qualification',
    type: 'OccupationalQualificationCertificate',
    nameZh: '国家职业资格证书',
    nameEn: 'National Occupational Qualification Certificate',
    frameworks: ['cn-occ-qual'],
    hasOccupation: true,
    numbered: false,
  },
  {
    id: 'special-operation',
    type: 'SpecialOperationPermit',
    nameZh: '特种作业操作证',
    nameEn: 'Special Operation Permit',
    frameworks: [],
    hasOccupation: false,
    numbered: false,
  },
  {
    id: 'construction-special',
    type: 'ConstructionSpecialOperationPermit',
    nameZh: '建筑施工特种作业操作资格证书',
    nameEn: 'Construction Special Operation Permit',
    frameworks: [],
    hasOccupation: false,
    numbered: false,
  },
  {
    id: 'special-equipment',
    type: 'SpecialEquipmentPermit',
    nameZh: '特种设备安全管理和作业人员证',
    nameEn: 'Special Equipment Operator Permit',
    frameworks: [],
    hasOccupation: false,
    numbered: false,
  },
  {
    id: 'mo-skill',
    type: 'MacauSkillCertificate',
    nameZh: '澳门职业技能证明书',
    nameEn: 'Macau Vocational Skill Certificate',
    frameworks: ['mo-dsal'],
    hasOccupation: true,
    numbered: false,
  },
  {
    id: 'specialised-ability',
    type: 'SpecializedAbilityCertificate',
    nameZh: '专项职业能力证书',
    nameEn: 'Specialised Vocational Ability Certificate',
    frameworks: [],
    hasOccupation: false,
    numbered: false,
  },
  {
    id: 'competition-result',
    type: 'CompetitionResult',
    nameZh: '职业技能竞赛获奖证书',
    nameEn: 'Skills Competition Result',
    frameworks: [],
    hasOccupation: true,
    numbered: false,
  },
  {
    id: 'appointment',
    type: 'AppointmentCertificate',
    nameZh: '特级/首席技师聘任证书',
    nameEn: 'Technician Appointment Certificate',
    frameworks: [],
    hasOccupation: true,
    numbered: false,
  },
  {
    id: 'training-completion',
    type: 'TrainingCompletion',
    nameZh: '培训合格证书',
    nameEn: 'Training Completion Certificate',
    frameworks: [],
    hasOccupation: false,
    numbered: false,
  },
];

const byId = new Map<string, CertificateKind>(CERTIFICATE_KINDS.map((kind) => [kind.id, kind]));
const byType = new Map(CERTIFICATE_KINDS.map((kind) => [kind.type, kind]));

/** The kind with this id. @throws TypeError for an id the schema should have refused */
export function certificateKind(id: string): CertificateKind {
  const kind = byId.get(id);
  if (!kind) throw new TypeError(`unknown certificate kind ${id}`);
  return kind;
}

/** The kind whose W3C type this is, or undefined. */
export function kindOfType(type: string): CertificateKind | undefined {
  return byType.get(type);
}
