import type { AccreditationInput, RecognitionInput } from '../../registry/index.js';

/** An authority of the demo alliance. All names are examples; no official code or key is used. */
export interface DemoAuthority {
  slug: string;
  name: string;
  /** Short names of the authorities it recognises. */
  recognises: readonly string[];
}

/** An institution of the demo alliance. */
export interface DemoInstitution {
  code: string;
  name: string;
  authority: string;
  accreditation: Pick<AccreditationInput, 'institutionKind' | 'actions'> & { unifiedSocialCreditCode?: string };
  /** Two people work here in the console, and a second one approves; elsewhere whoever tries the demo is alone. */
  isDesk?: true;
}

/** Two authorities that recognise each other, modelled on Sichuan and Chongqing (DOMAIN M01), and one that recognises nobody. */
export const AUTHORITIES: readonly DemoAuthority[] = [
  { slug: 'sichuan', name: '示例四川省人力资源和社会保障厅', recognises: ['chongqing'] },
  { slug: 'chongqing', name: '示例重庆市人力资源和社会保障局', recognises: ['sichuan'] },
  { slug: 'stranger', name: '示例外省人力资源和社会保障厅', recognises: [] },
];

const levels = (...values: string[]) => values.map((value) => ({ framework: 'cn-skill-5', value }));

function accreditation(
  institutionKind: 'social' | 'employer',
  region: string,
  occupation: string[],
  level: ReturnType<typeof levels>,
): DemoInstitution['accreditation'] {
  const candidates = institutionKind === 'social' ? 'public' : 'own-employees';
  return {
    institutionKind,
    actions: [
      {
        action: 'issue',
        validFrom: '2026-01-01T00:00:00+08:00',
        validUntil: '2029-01-01T00:00:00+08:00',
        scope: { kind: ['skill-level'], occupation, level, region: [`${region}*`], candidates },
      },
    ],
  };
}

/** One social institution and one employer in each of the two provinces. */
export const INSTITUTIONS: readonly DemoInstitution[] = [
  {
    code: 'S000051000123',
    name: '示例四川焊接职业技能评价中心',
    authority: 'sichuan',
    accreditation: accreditation('social', '51', ['6-18-02-04', '6-31-01-03'], levels('5', '4', '3')),
  },
  {
    code: 'Y000051000456',
    name: '示例天府重工有限公司',
    authority: 'sichuan',
    accreditation: {
      ...accreditation('employer', '51', ['6-18-*'], levels('5', '4', '3', '2', '1')),
      unifiedSocialCreditCode: '91510000MA00000000',
    },
  },
  {
    code: 'S000050000789',
    name: '示例重庆两江职业技能评价中心',
    authority: 'chongqing',
    isDesk: true,
    accreditation: accreditation('social', '50', ['4-10-*', '6-31-01-03'], levels('5', '4', '3')),
  },
  {
    code: 'Y000050000321',
    name: '示例嘉陵机械有限公司',
    authority: 'chongqing',
    accreditation: {
      ...accreditation('employer', '50', ['6-18-*'], levels('5', '4', '3', '2')),
      unifiedSocialCreditCode: '91500000MA00000001',
    },
  },
];

/** What a partner's recognition says: skill levels of all its institutions count in full, under the memorandum both cite. */
export function recognition(subject: { did: string; name: string }, partyDids: string[]): RecognitionInput {
  return {
    subject: subject.did,
    legalName: subject.name,
    actions: [
      {
        action: 'accredit',
        validFrom: '2026-01-01T00:00:00+08:00',
        expiryEffect: 'grandfather',
        scope: { kind: ['skill-level'] },
        treatment: ['full'],
      },
    ],
    memorandum: {
      id: 'urn:yizheng:memorandum:demo-sichuan-chongqing',
      name: '示例川渝职业技能等级证书互认备忘录',
      party: partyDids,
    },
  };
}

/** The exam result the demo issues a certificate from. The ID number is made up (GB 11643 check character is right). */
export const EXAM_RESULT = {
  kind: 'skill-level',
  holder: { name: '张伟', idType: 'resident-identity-card', idNumber: '510105199001010015' },
  occupation: { code: '6-18-02-04', trade: '电焊工' },
  level: { framework: 'cn-skill-5', value: '3' },
  assessment: {
    id: 'SC-2026-0117',
    method: 'examination',
    standard: 'GZB 6-18-02-04-2018',
    standardType: 'national',
    date: '2026-01-17',
    theoryScore: '86',
    practicalScore: '91.5',
  },
} as const;
