import { parseCertificateRecord, type CertificateRecord } from '../../shared/certificate/record.js';
import type { KindId } from '../../shared/certificate/kind.js';

export const ISSUER = 'did:web:issuer.example:institutions:S000051000123';
export const AUTHORITY = 'did:web:sichuan.example';

const base = {
  certificateNumber: 'S000051000123263000045',
  revision: 1,
  issuer: { id: ISSUER, name: '示例职业技能评价中心' },
  authority: { id: AUTHORITY, name: '示例省人力资源和社会保障厅' },
  accreditation: { id: 'urn:yizheng:accreditation:sichuan.example:2026-001' },
  issuedOn: '2026-11-20',
  holder: { name: '张伟', identityDocumentType: 'resident-identity-card', identityDocumentLastFour: '1234' },
  assessment: {
    id: '2026-PJ-0001',
    method: 'examination',
    standard: 'GZB 6-18-02-04-2018',
    standardType: 'national',
    date: '2026-11-15',
  },
  status: { list: 1, index: 4711 },
};
const occupation = { code: '6-18-02-04', catalogueEdition: '2022', name: '焊工', trade: '电焊工' };
const permit = {
  category: '焊接与热切割作业',
  item: '熔化焊接与热切割作业',
  firstIssuedOn: '2026-11-20',
  reviewBy: '2029-11-19',
};

const PARTS: Record<KindId, object> = {
  'skill-level': { occupation, level: { framework: 'cn-skill-5', value: '3' } },
  'occ-qualification': {
    certificateNumber: '1610012003300123',
    occupation,
    level: { framework: 'cn-occ-qual', value: '3' },
  },
  'special-operation': { certificateNumber: 'SO-2026-000123', expiresOn: '2032-11-19', permit },
  'construction-special': { certificateNumber: '川A012026000123', permit },
  'special-equipment': { certificateNumber: 'TS6JCDA00123', permit },
  'mo-skill': {
    certificateNumber: 'MO-2026-0042',
    occupation,
    level: { framework: 'mo-dsal', value: 'intermediate' },
    holder: { name: '陳大文', identityDocumentType: 'macau-resident-identity-card', identityDocumentLastFour: '4568' },
  },
  'specialised-ability': {
    certificateNumber: 'ZX-2026-0001',
    specification: { code: '510000-2026-001', version: '2026-1' },
  },
  'competition-result': {
    certificateNumber: 'JS-2026-0001',
    occupation,
    competition: {
      filingNumber: '川竞〔2026〕12号',
      name: '示例省职业技能大赛',
      event: '焊接',
      rank: '一等奖',
    },
  },
  appointment: {
    certificateNumber: 'PR-2026-0001',
    occupation,
    appointment: { position: '首席技师', from: '2026-11-20', until: '2029-11-19' },
  },
  'training-completion': {
    certificateNumber: 'PX-2026-0001',
    training: { title: '企业新型学徒制培训', hours: 120 },
    advancement: { path: 'regular', basis: '示例人社发〔2026〕8号' },
  },
};

/**
 * A valid record of each kind; the skill level one by default.
 * @param changes members that replace those of the sample
 */
export function sampleRecord(kind: KindId = 'skill-level', changes: object = {}): CertificateRecord {
  return parseCertificateRecord({ ...base, ...PARTS[kind], kind, ...changes });
}
