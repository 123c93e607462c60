import { createHash, createPrivateKey, createPublicKey, sign as signBytes, type KeyObject } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { generateQRData } from '@mosip/pixelpass';
import { base58 } from '@scure/base';
import { CompactSign } from 'jose';
import { toCborLd } from '../shared/carrier/cbor-ld.js';
import { decodeQrText, encodeQr } from '../shared/carrier/qr-text.js';
import { qrVersion, type QrSegment } from '../shared/carrier/qr-symbol.js';
import { composeCertificateNumber } from '../shared/certificate/certificate-number.js';
import { buildCredential, type CertificateCredential } from '../shared/certificate/credential.js';
import { parseCertificateRecord, type CertificateRecord } from '../shared/certificate/record.js';
import { createDocumentLoader } from '../shared/proof/document-loader.js';
import { eddsaRdfc2022 } from '../shared/proof/eddsa-rdfc-2022.js';

const URL_BASE = 'https://verify.example/';
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key made from a name, so that every run measures the same certificates. */
function keyOf(name: string): KeyObject {
  const seed = createHash('sha256').update(name).digest();
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
}

function holderDid(name: string): string {
  const spki = createPublicKey(keyOf(name)).export({ format: 'der', type: 'spki' });
  return `did:key:z${base58.encode(Uint8Array.of(0xed, 0x01, ...spki.subarray(-32)))}`;
}

interface Case {
  /** Institution, up to 30 characters. */
  institution: string;
  authority: string;
  code: string;
  host: string;
  name: string;
  kind?: CertificateRecord['kind'];
  /** Makes the holder key certificate. */
  holderKey?: boolean;
  changes: object;
}

const SICHUAN = { authority: '四川省人力资源和社会保障厅', host: 'rst.sc.example' };
const CHONGQING = { authority: '重庆市人力资源和社会保障局', host: 'rlsbj.cq.example' };
const level = (value: string, framework = 'cn-skill-5') => ({ framework, value });
const table = (code: string, name: string, trade?: string) => ({
  occupation: { code, catalogueEdition: '2022', name, ...(trade === undefined ? {} : { trade }) },
});
const scores = { theoryScore: '86', practicalScore: '91.5' };

const CASES: Case[] = [
  {
    ...SICHUAN,
    institution: '四川示例职业技能鉴定指导中心',
    code: 'S000051000001',
    name: '张伟',
    changes: { ...table('6-18-02-04', '焊工', '电焊工'), level: level('3') },
  },
  {
    ...SICHUAN,
    institution: '绵阳市高新区华西精密机械制造职业技能等级评价中心有限公司分部',
    code: 'S000051000217',
    name: '欧阳建国',
    holderKey: true,
    changes: { ...table('6-18-01-01', '车工', '数控车工'), level: level('2') },
  },
  {
    ...CHONGQING,
    institution: '重庆示例技师学院',
    code: 'S000050000012',
    name: '李秀英',
    changes: { ...table('6-31-01-03', '电工', '维修电工'), level: level('4') },
  },
  {
    ...CHONGQING,
    institution: '重庆两江新区智能网联汽车产业链职业技能认定服务有限责任公司',
    code: 'Y000050000345',
    name: '王芳',
    holderKey: true,
    changes: { ...table('4-12-01-01', '汽车维修工'), level: level('3') },
  },
  {
    authority: '广东省人力资源和社会保障厅',
    host: 'hrss.gd.example',
    institution: '珠海市职业训练指导服务中心',
    code: 'S000044000101',
    name: '陈志强',
    changes: { ...table('4-03-02-05', '餐厅服务员'), level: level('5') },
  },
  {
    authority: '新疆维吾尔自治区人力资源和社会保障厅',
    host: 'rst.xj.example',
    institution: '乌鲁木齐经济技术开发区新丝路职业培训学校职业技能评价部',
    code: 'S000065000033',
    name: '阿卜杜热合曼·买买提',
    holderKey: true,
    changes: { ...table('6-29-01-03', '混凝土工'), level: level('4') },
  },
  {
    authority: '江苏省人力资源和社会保障厅',
    host: 'jshrss.example',
    institution: '苏州工业园区示例半导体科技股份有限公司职业技能等级认定中心',
    code: 'Y000032000871',
    name: '赵晓鑫',
    changes: {
      ...table('6-25-02-07', '半导体芯片制造工', '光刻机设备操作与维护'),
      level: level('1'),
      assessment: { standard: '苏州工业园区半导体光刻设备操作企业标准(2025年版)', standardType: 'enterprise' },
    },
  },
  {
    authority: '西藏自治区人力资源和社会保障厅',
    host: 'hrss.xz.example',
    institution: '拉萨市高原特色唐卡绘制与民族手工艺职业技能评价中心',
    code: 'S000054000007',
    name: '扎西顿珠',
    changes: {
      ...table('6-09-03-16', '民族工艺品制作工', '唐卡绘制'),
      level: level('3'),
      assessment: { standard: 'GZB 6-09-03-16-2023', ...scores },
    },
  },
  {
    authority: '人力资源和社会保障部',
    host: 'mohrss.example',
    institution: '国家电网有限公司技术学院分公司职业技能等级评价中心',
    code: 'Y012337000001',
    name: '刘洋',
    changes: { ...table('6-28-01-14', '变配电运行值班员'), level: level('special', 'cn-skill-8') },
  },
  {
    authority: '湖北省人力资源和社会保障厅',
    host: 'rst.hb.example',
    institution: '武汉光谷无人机应用技术产业联盟职业技能等级认定工作委员会',
    code: 'S000042000560',
    name: '司马懿轩',
    holderKey: true,
    changes: {
      ...table('4-99-00-00', '无人机群飞行规划员'),
      level: level('2'),
      assessment: { standard: '无人机群飞行规划员国家职业标准(2025年版)', batch: 'WH2026-11' },
    },
  },
  {
    ...SICHUAN,
    kind: 'appointment',
    institution: '中国东方示例重型装备制造集团有限公司技能人才评价办公室',
    code: 'Y000051000088',
    name: '孙磊',
    changes: {
      certificateNumber: 'SXJS-2026-0007',
      ...table('6-18-02-04', '焊工'),
      appointment: { position: '首席技师', from: '2026-11-01', until: '2029-10-31' },
      assessment: { method: 'appointment', standard: '川人社发〔2024〕12号', standardType: 'industry' },
    },
  },
  {
    ...SICHUAN,
    kind: 'special-operation',
    authority: '四川省应急管理厅',
    institution: '成都市安全生产考试中心第三考试点特种作业考核站',
    code: 'S000051000402',
    name: '周敏',
    changes: {
      certificateNumber: 'SO-51-2026-000123',
      permit: {
        category: '电工作业',
        item: '低压电工作业',
        firstIssuedOn: '2020-11-20',
        reviewBy: '2029-11-19',
      },
      expiresOn: '2032-11-19',
      assessment: { standard: 'AQ 3010-2024', standardType: 'industry' },
    },
  },
  {
    ...CHONGQING,
    kind: 'construction-special',
    authority: '重庆市住房和城乡建设委员会',
    institution: '重庆建工集团股份有限公司建筑施工特种作业考核基地',
    code: 'Y000050000077',
    name: '吴刚',
    holderKey: true,
    changes: {
      certificateNumber: '渝A012026000123',
      permit: {
        category: '建筑起重机械',
        item: '建筑起重机械司机(塔式起重机)',
        firstIssuedOn: '2026-11-18',
        reviewBy: '2028-11-17',
      },
      expiresOn: '2028-11-17',
      assessment: { standard: '建质〔2008〕75号', standardType: 'industry' },
    },
  },
  {
    authority: '澳门特别行政区政府劳工事务局',
    host: 'dsal.example',
    kind: 'mo-skill',
    institution: '澳門生產力暨科技轉移中心職業技能測試中心',
    code: 'S000044000900',
    name: '陳大文',
    changes: {
      certificateNumber: 'MO-2026-004211',
      ...table('4-03-02-01', '中式烹调师'),
      level: level('intermediate', 'mo-dsal'),
      holder: { identityDocumentType: 'macau-resident-identity-card' },
      assessment: { standard: 'DSAL 中式烹調技能測試 2025' },
    },
  },
  {
    ...SICHUAN,
    kind: 'competition-result',
    institution: '四川省职业技能竞赛组织委员会办公室',
    code: 'S000051000009',
    name: '罗欣怡',
    changes: {
      certificateNumber: 'JS-2026-0001',
      ...table('4-04-05-05', '人工智能训练师'),
      competition: {
        filingNumber: '川竞〔2026〕12号',
        name: '第四届四川省职业技能大赛',
        event: '人工智能训练',
        rank: '一等奖',
      },
      assessment: { method: 'competition' },
    },
  },
  {
    authority: '上海市人力资源和社会保障局',
    host: 'rsj.sh.example',
    kind: 'specialised-ability',
    institution: '上海市浦东新区养老服务行业协会专项职业能力考核站',
    code: 'S000031000450',
    name: '何慧玲',
    holderKey: true,
    changes: {
      certificateNumber: 'ZX310115202600042',
      specification: { code: '310000-2026-018', version: '2026' },
      assessment: { standard: '老年人助浴专项职业能力考核规范' },
    },
  },
  {
    ...SICHUAN,
    kind: 'training-completion',
    institution: '宜宾动力电池产业学院企业新型学徒培训中心',
    code: 'S000051000311',
    name: '邓超',
    changes: {
      certificateNumber: 'PX-2026-001877',
      training: { title: '动力电池制造企业新型学徒制培训', hours: 480 },
      assessment: { standard: '企业新型学徒制培训大纲' },
    },
  },
  {
    authority: '北京市人力资源和社会保障局',
    host: 'rsj.bj.example',
    kind: 'occ-qualification',
    institution: '北京市职业技能鉴定管理中心',
    code: 'S000011000001',
    name: '诸葛瑾瑜',
    changes: {
      certificateNumber: '2611010000300123',
      ...table('4-07-05-04', '消防设施操作员'),
      level: level('3', 'cn-occ-qual'),
      assessment: { ...scores, comprehensiveScore: '88' },
    },
  },
  {
    authority: '浙江省人力资源和社会保障厅',
    host: 'zjhrss.example',
    institution: '浙江吉利控股集团有限公司链主企业职业技能等级认定评价中心',
    code: 'Y000033000219',
    name: '沈佳琳',
    changes: {
      ...table('6-22-02-01', '汽车装调工'),
      level: level('4'),
      candidateEmployer: {
        uscc: '91330200MA2AH0X12C',
        name: '宁波示例汽车零部件有限公司',
        supplyChainAgreement: 'GYL-2026-031',
      },
    },
  },
  {
    authority: '内蒙古自治区人力资源和社会保障厅',
    host: 'rst.nmg.example',
    institution: '鄂尔多斯市煤炭绿色开采与矿山智能化装备技能评价研究院',
    code: 'S000015000066',
    name: '乌兰图雅',
    holderKey: true,
    changes: { ...table('6-16-01-99', '矿山智能采掘设备远程集控操作工'), level: level('3'), revision: 2 },
  },
];

function recordOf(entry: Case, place: number): CertificateRecord {
  const { institution, authority, code, host, name, kind = 'skill-level', holderKey = false } = entry;
  const changes = entry.changes as Partial<CertificateRecord>;
  const issuedOn = `2026-11-${String(1 + place).padStart(2, '0')}`;
  return parseCertificateRecord({
    kind,
    certificateNumber:
      changes.level && changes.certificateNumber === undefined
        ? composeCertificateNumber(
            { institutionCode: code, issuedOn, level: changes.level, serial: 1207 + place * 7919 },
            { allowInferredLevelCodes: true },
          )
        : '',
    revision: 1,
    issuer: { id: `did:web:pj.${host}:institutions:${code}`, name: institution },
    authority: { id: `did:web:${host}`, name: authority },
    accreditation: { id: `urn:yizheng:accreditation:${code}:${String(1 + (place % 3))}` },
    issuedOn,
    ...changes,
    holder: {
      ...(holderKey ? { id: holderDid(name) } : {}),
      name,
      identityDocumentType: 'resident-identity-card',
      identityDocumentLastFour: place % 5 === 0 ? '123X' : String(1234 + place * 371),
      ...(changes.holder ?? {}),
    },
    assessment: {
      id: `2026-11-${String(100 + place)}`,
      method: 'examination',
      standard: `GZB ${changes.occupation?.code ?? ''}-2019`,
      standardType: 'national',
      date: `2026-10-${String(5 + place).padStart(2, '0')}`,
      ...(changes.assessment ?? {}),
    },
    status: { list: 1 + (place % 4), index: (place * 50_021) % 131_072 },
  });
}

async function signed(record: CertificateRecord, key: KeyObject): Promise<CertificateCredential> {
  const signer = {
    id: `${record.issuer.id}#key-1`,
    algorithm: 'Ed25519' as const,
    sign: ({ data }: { data: Uint8Array }) => Promise.resolve(new Uint8Array(signBytes(null, data, key))),
  };
  const created = `${record.issuedOn}T06:30:12Z`;
  return (await eddsaRdfc2022.sign(buildCredential(record), { signer, created })) as CertificateCredential;
}

/** SMART Health Card style: the credential as payload of a JWS, deflated, the characters as pairs of digits. */
async function healthCardSegments(certificate: CertificateCredential, key: KeyObject): Promise<QrSegment[]> {
  const { proof, ...vc } = certificate;
  const jws = await new CompactSign(deflateRawSync(JSON.stringify(vc), { level: 9 }))
    .setProtectedHeader({ alg: 'EdDSA', zip: 'DEF', kid: proof.verificationMethod })
    .sign(key);
  const digits = Array.from(jws, (sign) => String(sign.charCodeAt(0) - 45).padStart(2, '0')).join('');
  return [
    { mode: 'byte', data: 'shc:/' },
    { mode: 'numeric', data: digits },
  ];
}

/** Version at ECC M, or undefined when not even version 40 holds it. */
function versionOf(segments: QrSegment[]): number | undefined {
  try {
    return qrVersion(segments);
  } catch {
    return undefined;
  }
}

/** The largest, or null as soon as one does not fit in any symbol. */
function largest(versions: (number | undefined)[]): number | null {
  return versions.includes(undefined) ? null : Math.max(...(versions as number[]));
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}

const key = keyOf('bench issuer');
const loader = createDocumentLoader();
const rows: {
  certificate: string;
  bytes: number;
  ours: number | undefined;
  cborld: number | undefined;
  jws: number | undefined;
  pixelpass: number | undefined;
}[] = [];
for (const [place, entry] of CASES.entries()) {
  const certificate = await signed(recordOf(entry, place), key);
  const json = JSON.stringify(certificate);
  const ours = encodeQr(certificate, { url: URL_BASE });
  if (decodeQrText(ours.text).json !== json) throw new Error(`certificate ${String(place)} did not survive its code`);
  rows.push({
    certificate: `${certificate.type[1]} ${[...entry.institution].length} chars${entry.holderKey ? ', holder key' : ''}`,
    bytes: ours.payload.length,
    ours: ours.version,
    cborld: versionOf([{ mode: 'alphanumeric', data: await toCborLd(certificate, loader) }]),
    jws: versionOf(await healthCardSegments(certificate, key)),
    pixelpass: versionOf([{ mode: 'alphanumeric', data: generateQRData(json) }]),
  });
}

const show = (version: number | undefined): string => (version === undefined ? '> 40' : String(version)).padStart(9);
console.log('QR versions at ECC M of the same signed certificates; ours with the address', URL_BASE);
console.log(
  'CBOR-LD with the public registry entry 1; JWS deflated as digits (SMART Health Card style); PixelPass base45',
);
console.log('bytes     ours  VP1- CBOR-LD  JWS digits  PixelPass   certificate');
for (const row of rows)
  console.log(
    `${String(row.bytes).padStart(5)}${show(row.ours)}${show(row.cborld).padStart(14)}${show(row.jws).padStart(12)}${show(row.pixelpass).padStart(11)}   ${row.certificate}`,
  );
const medianOf = (name: 'ours' | 'cborld' | 'jws' | 'pixelpass'): string =>
  String(median(rows.map((row) => row[name] ?? 41)));
console.log(
  `median version: ours ${medianOf('ours')}, CBOR-LD ${medianOf('cborld')}, JWS ${medianOf('jws')}, PixelPass ${medianOf('pixelpass')}; the line below gives the largest of each`,
);
console.log(
  JSON.stringify({
    certificates: rows.length,
    versionMax: largest(rows.map((row) => row.ours)),
    bytesMedian: median(rows.map((row) => row.bytes)),
    peers: {
      cborld: largest(rows.map((row) => row.cborld)),
      jws: largest(rows.map((row) => row.jws)),
      pixelpass: largest(rows.map((row) => row.pixelpass)),
    },
  }),
);
