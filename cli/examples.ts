/** What `issue` takes: one person's result. The ID number is the sample of GB 11643. */
export const EXAM_RESULT_EXAMPLE = {
  kind: 'skill-level',
  holder: { name: '张伟', idType: 'resident-identity-card', idNumber: '11010519491231002X' },
  occupation: { code: '6-18-02-04', trade: '电焊工' },
  level: { framework: 'cn-skill-5', value: '3' },
  assessment: {
    id: '2026-PJ-000001',
    method: 'examination',
    standard: 'GZB 6-18-02-04-2018',
    standardType: 'national',
    date: '2026-11-15',
  },
};

const SCOPE = {
  kind: ['skill-level'],
  occupation: ['6-18-02-04'],
  level: [{ framework: 'cn-skill-5', value: '3' }],
};

/** What `registry accredit` takes; the signing keys are read from the institution's DID document. */
export const ACCREDITATION_EXAMPLE = {
  institution: 'did:web:issuer.example',
  legalName: '示例技能评价中心',
  institutionKind: 'social',
  institutionCode: 'S000051000001',
  actions: [
    {
      validUntil: '2029-12-01T00:00:00+08:00',
      scope: { ...SCOPE, region: ['51*'], candidates: 'public' },
    },
  ],
};

/** What `registry recognise` takes. */
export const RECOGNITION_EXAMPLE = {
  subject: 'did:web:chongqing.example',
  legalName: '示例重庆市人力资源和社会保障局',
  actions: [
    {
      action: 'accredit',
      scope: SCOPE,
      treatment: ['full'],
    },
  ],
};

/** What `registry event` takes; without `effectiveFrom` it takes effect at once. */
export const EVENT_EXAMPLE = { about: 'did:web:issuer.example', event: 'withdraw', cause: 'administrative' };

/** An example as help text. */
export function exampleHelp(example: object): string {
  return `\n文件示例 Example file:\n${JSON.stringify(example, null, 2)}`;
}
