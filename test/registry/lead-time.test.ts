import assert from 'node:assert/strict';
import { parseStatement } from '../../shared/trust/statement-schema.js';
import { decide } from '../../shared/trust/decide.js';
import { importBundle } from '../../shared/trust/import-bundle.js';
import type { CertificateFacts } from '../../shared/trust/types.js';
import { KEY } from '../trust/world.js';
import { People, refused, type Answer } from './people.js';
import { startRegistry, type RunningRegistry } from './running-registry.js';

/** The registry's clock stands at 2026-11-20T04:00:00Z. */
const TODAY = '2026-11-20T00:00:00+08:00';
const EARLIEST = '2026-11-27T10:00:00Z';
const TOO_EARLY = '2026-11-27T09:59:59Z';
const INSTITUTION = 'did:web:i00001.example';

describe('registry: lead time of a narrowing', () => {
  let registry: RunningRegistry;
  let people: People;
  let old: string;
  beforeEach(async () => {
    registry = await startRegistry();
    people = await new People(registry).standard();
    await registry.publish();
    old = (await registry.service.statements.list('sc', 'recognition'))[0]?.statement.id ?? '';
  });
  afterEach(() => registry.stop());
  const said = (action: object, more: object = {}) => ({
    subject: registry.did('cq'),
    legalName: '重庆市人社局(示例)',
    actions: [{ validFrom: TODAY, treatment: ['full'], ...action }],
    supersedes: [old],
    ...more,
  });
  const narrower = (validFrom: string, more: object = {}) =>
    said({ validFrom, scope: { kind: ['skill-level'] } }, more);
  const revocation = (effectiveFrom?: string, more: object = {}) => ({
    about: registry.did('cq'),
    event: 'statement-revoked',
    cause: 'administrative',
    statement: old,
    ...(effectiveFrom !== undefined && { effectiveFrom }),
    ...more,
  });
  const tooSoon = (answer: Answer, at: string): void => {
    refused(answer, 422, 'LEAD_TIME');
    assert.equal(answer.body['at'], at);
    assert.match(String(answer.body['detail']), new RegExp(EARLIEST));
  };
  const everything = async () =>
    (await Promise.all((['recognition', 'accreditation', 'event'] as const).map((kind) => registry.service.statements.list('sc', kind)))) // prettier-ignore
      .flat()
      .map(({ statement }) => statement.id);

  it('refuses a narrower recognition before the earliest instant, names it, and takes it from then on', async () => {
    for (const early of [narrower(TODAY), narrower(TOO_EARLY), said({ validUntil: TOO_EARLY })])
      tooSoon(await people.post('zhang', '/recognitions', early), '/actions');
    assert.deepEqual(await everything(), [old]);
    assert.equal((await people.post('zhang', '/recognitions', narrower(EARLIEST))).status, 201);
  });

  it('takes a shorter period at once when its end is far enough', async () => {
    assert.equal((await people.post('zhang', '/recognitions', said({ validUntil: EARLIEST }))).status, 201);
  });

  it('lets what is wider, or the same in other words, take effect at once', async () => {
    const wider = said({ treatment: ['full', 'apply-next-level'] });
    assert.equal((await people.post('zhang', '/recognitions', wider)).status, 201);
  });

  it('holds back the revocation of a recognition, with or without a date', async () => {
    for (const date of [undefined, TODAY, TOO_EARLY])
      tooSoon(await people.post('zhang', '/events', revocation(date)), '/effectiveFrom');
    assert.deepEqual(await everything(), [old]);
    assert.equal((await people.post('zhang', '/events', revocation(EARLIEST))).status, 201);
  });

  it('lets suspensions, withdrawals, key events and denials take effect at once', async () => {
    const about = registry.did('cq');
    for (const event of [
      { about, event: 'suspend', cause: 'integrity' },
      { about, event: 'withdraw', cause: 'administrative' },
      { about, event: 'deny', cause: 'integrity' },
      {
        about: INSTITUTION,
        event: 'key-revoked',
        cause: 'integrity',
        keyId: `${INSTITUTION}#key-1`,
        reason: 'compromised',
      },
    ])
      // prettier-ignore
      assert.equal((await people.post('zhang', '/events', event)).status, 201, event.event);
  });

  it('lets a mistake be corrected at once as long as it was not published', async () => {
    const wider = await people.post('zhang', '/recognitions', said({ treatment: ['full', 'apply-next-level'] }));
    const corrected = { ...narrower(TODAY), supersedes: [wider.body['id']] };
    assert.equal((await people.post('zhang', '/recognitions', corrected)).status, 201);
  });

  it('takes an urgent narrowing at once, with a reason and a second person, and writes both down', async () => {
    refused(await people.post('zhang', '/events', revocation(TODAY, { urgent: true })), 422, 'REQUEST_INVALID');
    const urgent = { urgent: true, urgentReason: '对方系统被入侵' };
    await assert.rejects(
      registry.service.statements.recognise(
        'sc',
        narrower(TODAY, { urgent: true as const, urgentReason: '急' }),
        'test',
      ),
      { code: 'DUAL_CONTROL_REQUIRED' },
    );
    for (const [path, body] of [
      ['/recognitions', narrower(TODAY, urgent)],
      ['/events', revocation(TODAY, urgent)],
    ] as const) {
      const id = await people.proposal('zhang', path, body);
      refused(await people.post('zhang', `/proposals/${id}/approve`), 403, 'PROPOSER_MAY_NOT_APPROVE');
      const approved = await people.post('li', `/proposals/${id}/approve`);
      assert.equal(approved.status, 200, JSON.stringify(approved.body));
      const made = approved.body['result'] as Record<string, unknown>;
      assert.ok(!('urgentReason' in made), 'the statement itself says nothing of it');
    }
    const reasons = (await people.audit()).filter(({ detail }) => detail['urgentReason'] === urgent.urgentReason);
    assert.deepEqual(
      reasons.map(({ action }) => action),
      ['proposal.add', 'recognition.add', 'proposal.add', 'event.add'],
    );
  });

  it('counts the lead time from approval, not from the proposal', async () => {
    await people.dualControl('host', 'recognition');
    const id = await people.proposal('zhang', '/recognitions', narrower(EARLIEST));
    registry.now = new Date('2026-11-20T04:00:01Z');
    refused(await people.post('li', `/proposals/${id}/approve`), 422, 'LEAD_TIME');
    assert.deepEqual(await everything(), [old]);
    assert.equal((await people.post('li', `/proposals/${id}/reject`, { reason: '过期' })).status, 200);
  });

  it('decides by a statement published today from its date on: registry, bundle, decision', async () => {
    const next = '2026-12-20T00:00:00+08:00';
    const level = [{ framework: 'cn-skill-5', value: '4' }];
    const accreditation = await registry.service.statements.accredit(
      'cq',
      {
        institution: INSTITUTION,
        legalName: '重庆某技能评价有限公司',
        institutionKind: 'social',
        institutionCode: 'S000050000001',
        signingKeys: [
          { id: `${INSTITUTION}#key-1`, type: 'Multikey', publicKeyMultibase: KEY, validFrom: '2026-01-01T00:00:00Z' },
        ],
        actions: [
          {
            validFrom: '2026-01-01T00:00:00+08:00',
            scope: {
              kind: ['skill-level'],
              occupation: ['6-31-01-03'],
              level,
              region: ['50*'],
              candidates: 'public',
            },
          },
        ],
      },
      'test',
    );
    const exempting = said({ validFrom: next, treatment: ['exempt-theory'], scope: { kind: ['skill-level'] } });
    assert.equal((await people.post('zhang', '/recognitions', exempting)).status, 201);
    const { bundler, authorities } = registry.service;
    await registry.publish();
    await bundler.fetchPartners('sc');
    await bundler.pack('sc');
    const { version, digestMultibase } = await authorities.root('sc');
    const text = await (await fetch(`${registry.url}/authorities/sc/bundle.json`)).text();
    const { view, findings } = importBundle(text, {
      anchor: registry.did('sc'),
      anchorRoot: { version, digestMultibase },
      now: '2026-11-20T04:00:00Z',
    });
    assert.deepEqual(findings, []);
    const facts: CertificateFacts = {
      kind: 'skill-level',
      certificateNumber: 'S000050000001264000001',
      issuer: INSTITUTION,
      verificationMethod: `${INSTITUTION}#key-1`,
      issuedAt: '2026-11-20T00:00:00+08:00',
      signedAt: '2026-11-20T03:00:00Z',
      occupation: { code: '6-31-01-03', catalogueEdition: '2022' },
      level: { framework: 'cn-skill-5', value: '4' },
      region: '500100',
      issuedUnder: { id: accreditation.id, authority: registry.did('cq') },
    };
    const at = (issuedAt: string, now: string) => {
      const found = decide({ ...facts, issuedAt, signedAt: issuedAt }, view, { anchor: registry.did('sc'), now });
      return [found.outcome, found.treatment, found.obligations];
    };
    const recognisedInFull = ['recognised', ['full'], []];
    const owing = ['recognised-with-conditions', ['exempt-theory'], ['safety-training', 'practical-exam']];
    assert.deepEqual(at(TODAY, '2026-11-20T05:00:00Z'), recognisedInFull);
    assert.deepEqual(at('2026-12-19T23:00:00+08:00', '2026-12-19T23:59:59+08:00'), recognisedInFull);
    assert.deepEqual(at(next, next), owing);
    assert.deepEqual(
      at('2026-12-19T23:00:00+08:00', next),
      recognisedInFull,
      'issued before the change: grandfathered',
    );
  });
});

describe('registry: statements that say something impossible', () => {
  let registry: RunningRegistry;
  let people: People;
  let accreditation: string;
  let recognition: string;
  before(async () => {
    registry = await startRegistry();
    people = await new People(registry).standard();
    const made = await people.post('zhang', '/accreditations', accredited());
    assert.equal(made.status, 201, JSON.stringify(made.body));
    accreditation = String(made.body['id']);
    recognition = (await registry.service.statements.list('sc', 'recognition'))[0]?.statement.id ?? '';
    await registry.publish();
  });
  after(() => registry.stop());
  const SCOPE = {
    kind: ['skill-level'],
    occupation: ['6-31-01-03'],
    level: [{ framework: 'cn-skill-5', value: '4' }],
    region: ['51*'],
    candidates: 'public',
  };
  const CODE = 'S000051000001';
  function accredited(action: object = {}, more: object = {}) {
    return {
      institution: INSTITUTION,
      legalName: '成都某技能评价有限公司',
      institutionKind: 'social',
      institutionCode: CODE,
      signingKeys: [
        { id: `${INSTITUTION}#key-1`, type: 'Multikey', publicKeyMultibase: KEY, validFrom: '2026-01-01T00:00:00Z' },
      ],
      actions: [{ scope: SCOPE, ...action }],
      ...more,
    };
  }
  const recognised = (action: object, more: object = {}) => ({
    subject: registry.did('cq'),
    legalName: '重庆市人社局(示例)',
    actions: [{ treatment: ['full'], ...action }],
    ...more,
  });
  const event = (more: object) => ({ about: INSTITUTION, event: 'suspend', cause: 'administrative', ...more });
  const mapping = (from: string, to: string) => ({
    levelMapping: [{ from: { framework: 'mo-dsal', value: from }, to: { framework: 'cn-skill-5', value: to } }],
  });

  const BAD: [string, string, () => [string, object]][] = [
    ['an accreditation that ends before it begins', 'STATEMENT_ENDS_BEFORE_BEGIN', () => ['/accreditations', accredited({ validUntil: '2026-01-01T00:00:00Z' })]],
    ['a recognition that ends before it begins', 'STATEMENT_ENDS_BEFORE_BEGIN', () => ['/recognitions', recognised({ validUntil: TODAY })]],
    ['a window of issue that ends before it begins', 'STATEMENT_ENDS_BEFORE_BEGIN', () => ['/recognitions', recognised({ certificateIssued: { from: TODAY, until: TODAY } })]],
    ['a suspension that ends before it begins', 'STATEMENT_ENDS_BEFORE_BEGIN', () => ['/events', event({ effectiveUntil: TODAY })]],
    ['a level no framework has', 'STATEMENT_LEVEL_UNKNOWN', () => ['/accreditations', accredited({ scope: { ...SCOPE, level: [{ framework: 'cn-skill-5', value: '9' }] } })]],
    ['a mapping to a level that does not exist', 'STATEMENT_LEVEL_UNKNOWN', () => ['/recognitions', recognised(mapping('basic', '0'))]],
    ['a mapping from a level that does not exist', 'STATEMENT_LEVEL_UNKNOWN', () => ['/recognitions', recognised(mapping('none', '4'))]],
    ['a recognition that widens its own scope by a mapping', 'STATEMENT_SCOPE_WIDENED', () => ['/recognitions', recognised({ ...mapping('intermediate', '4'), scope: { level: [{ framework: 'mo-dsal', value: 'basic' }] } })]],
    ['a recognition of its own maker', 'STATEMENT_ABOUT_ITSELF', () => ['/recognitions', recognised({}, { subject: registry.did('sc') })]],
    ['an accreditation of its own maker', 'STATEMENT_ABOUT_ITSELF', () => ['/accreditations', accredited({}, { institution: registry.did('sc') })]],
    ['an institution that is its own home authority', 'STATEMENT_ABOUT_ITSELF', () => ['/recognitions', recognised({ action: 'issue' }, { homeAuthority: registry.did('cq') })]],
    ['an event about its own maker', 'STATEMENT_ABOUT_ITSELF', () => ['/events', event({ about: registry.did('sc') })]],
    ['a statement that supersedes itself', 'STATEMENT_SUPERSEDES_ITSELF', () => ['/accreditations', accredited({}, { supersedes: [`urn:yizheng:accreditation:${CODE}:2`] })]],
    ['a statement that supersedes what comes after it: a circle', 'STATEMENT_CITES_UNKNOWN', () => ['/accreditations', accredited({}, { supersedes: [`urn:yizheng:accreditation:${CODE}:3`] })]],
    ['a recognition that supersedes an accreditation', 'STATEMENT_CITES_OTHER_KIND', () => ['/recognitions', recognised({}, { supersedes: [accreditation] })]],
    ['an accreditation that supersedes a recognition', 'STATEMENT_CITES_OTHER_KIND', () => ['/accreditations', accredited({}, { supersedes: [recognition] })]],
    ['the revocation of a statement nobody made', 'STATEMENT_CITES_UNKNOWN', () => ['/events', event({ event: 'statement-revoked', statement: 'urn:yizheng:recognition:none' })]],
  ]; // prettier-ignore
  for (const [what, code, make] of BAD)
    it(`refuses ${what}, and changes nothing`, async () => {
      const before = await registry.service.publisher.publish('sc', 'test');
      refused(await people.post('zhang', ...make()), 422, code);
      const after = await registry.service.publisher.publish('sc', 'test');
      assert.deepEqual([after.changed, after.manifestSha256], [false, before.manifestSha256]);
    });

  it('revokes no statement of another authority', async () => {
    const foreign = event({ event: 'statement-revoked', statement: recognition });
    await people.key('cq', ['officer'], { tenant: 'cq' });
    refused(await people.send('cq', 'POST', '/cq/events', foreign), 422, 'STATEMENT_CITES_UNKNOWN');
  });

  it('takes an accreditation that supersedes its own, wider one', async () => {
    const made = await people.post('zhang', '/accreditations', accredited({}, { supersedes: [accreditation] }));
    assert.equal(made.status, 201, JSON.stringify(made.body));
  });

  it('needs these guards: by its form alone a circle, or a revocation of anything, is a statement', () => {
    const row = {
      ...accredited({ action: 'issue', validFrom: TODAY }),
      id: `urn:yizheng:accreditation:${CODE}:2`,
      authority: registry.did('sc'),
      supersedes: [`urn:yizheng:accreditation:${CODE}:3`],
    };
    assert.doesNotThrow(() => parseStatement('accreditation', row));
  });
});
