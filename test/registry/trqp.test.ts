import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keystore } from '../../keys/keystore.js';
import { createRegistry, registryMigrations, type Registry } from '../../registry/index.js';
import { createLogger, listen, openDatabase, type Database, type Listener } from '../../server/index.js';
import { createSafeFetch } from '../../server/safe-fetch.js';
import { statusListUrl } from '../../shared/certificate/credential.js';
import { YizhengError } from '../../shared/errors.js';
import { parseApplicationRule } from '../../shared/trust/application/application-rule.js';
import { createTrustView, type TrustView } from '../../shared/trust/trust-view.js';
import { answerRecognition } from '../../registry/trqp/answer-query.js';
import { parseResource } from '../../registry/trqp/resource.js';
import * as w from '../trust/world.js';
import { ISSUER } from '../certificate/sample-records.js';
import { testKey } from '../proof/keys.js';
import { signed, statusList } from '../verdict/sample-trust.js';
import { watchContract } from '../server/contract.js';

const CODE = 'S000051000123';
const WELDER = 'urn:yizheng:q:skill-level:6-18-02-04:cn-skill-5:3';
const level = (value: string) => ({ framework: 'cn-skill-5', value });
const rule = parseApplicationRule({
  id: 'urn:yizheng:application-rule:test',
  name: '测试规则',
  from: { kind: 'skill-level', occupation: '6-18-02-04' },
  to: { kind: 'special-operation', item: '熔化焊接与热切割作业' },
  effect: 'exempt',
  waive: ['safety-training'],
  stillRequired: ['exam'],
  validFrom: '2026-01-01T00:00:00+08:00',
  basis: '测试',
  source: '测试',
  confidence: 'demo',
  enabled: true,
});

type Answer = Record<string, unknown> & { reasons?: { code: string }[] };

describe('[TRQP §API] registry: TRQP and decisions for other systems', () => {
  let home: string;
  let database: Database;
  let registry: Registry;
  let listener: Listener;
  let now = new Date('2026-11-21T00:00:00Z');
  let log = '';

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'yizheng-trqp-'));
    const keystore = await Keystore.create(join(home, 'keys.json'), 'correct horse', { now });
    database = await openDatabase({ url: `sqlite:${home}/registry.sqlite`, migrations: registryMigrations });
    const port = await freePort();
    const local = createSafeFetch({ allowLoopback: true, maxBytes: 4 * 1024 * 1024 });
    registry = createRegistry(
      {
        database,
        keystore,
        baseUrl: `http://localhost:${port}`,
        fetch: (url, options) => {
          if (url.startsWith('http://localhost:')) return local(url, options);
          return Promise.reject(new YizhengError('FETCH_FAILED', 'There is no network in this test.', { status: 502 }));
        },
        clock: () => now,
        randomBytes: (length) => randomBytes(length),
        logger: createLogger({ name: 'test', level: 'info', destination: { write: (line) => void (log += line) } }),
      },
      { requestsPerMinute: 100_000, applicationTables: { rules: [rule], issuingRegions: [] } },
    );
    listener = await listen(registry.app, { port });
    const { authorities, statements } = registry.service;
    for (const slug of ['sc', 'cq', 'hn', 'gd'])
      await authorities.create({ slug, name: `示例人社厅 ${slug}`, dualControl: [] }, 'test');
    const { key } = testKey(ISSUER, 1);
    const { id, publicKeyMultibase } = key;
    await statements.accredit(
      'sc',
      {
        institution: ISSUER,
        legalName: '示例职业技能评价中心(备案名)',
        institutionKind: 'social',
        institutionCode: CODE,
        signingKeys: [{ id, type: 'Multikey', publicKeyMultibase, validFrom: '2026-01-01T00:00:00Z' }],
        actions: [
          {
            validFrom: '2026-01-01T00:00:00+08:00',
            validUntil: '2029-01-01T00:00:00+08:00',
            scope: {
              kind: ['skill-level'],
              occupation: ['6-18-*'],
              level: ['5', '4', '3'].map(level),
              region: ['5101*'],
              candidates: 'public',
            },
          },
        ],
      },
      'test',
    );
    for (const purpose of ['revocation', 'suspension'] as const)
      await database.knex('registry_status_lists').insert({
        slug: 'sc',
        url: statusListUrl(ISSUER, purpose, 1),
        credential: await statusList(purpose, purpose === 'revocation' ? [99] : []),
        collected_at: now.toISOString(),
      });
    for (const slug of ['sc', 'hn']) await registry.service.update(slug, 'test');
    const subject = { subject: did('sc'), legalName: '示例省人社厅' };
    await statements.recognise('cq', { ...subject, actions: [{ validFrom: '2026-03-01T00:00:00+08:00', scope: { kind: ['skill-level'] }, treatment: ['full'] }] }, 'test'); // prettier-ignore
    await statements.recognise('gd', { ...subject, actions: [{ validFrom: '2026-03-01T00:00:00+08:00', treatment: ['exempt-theory', 'apply-next-level'] }] }, 'test'); // prettier-ignore
    for (const slug of ['cq', 'gd']) await registry.service.update(slug, 'test');
  });
  after(async () => {
    await registry.stop();
    await listener.close();
    await database.close();
    await rm(home, { recursive: true });
  });
  afterEach(() => (now = new Date('2026-11-21T00:00:00Z')));
  watchContract(() => listener.url);

  const did = (slug: string): string => `did:web:localhost%3A${listener.port}:authorities:${slug}`;
  async function ask(path: string, body: object): Promise<{ status: number; type: string | null; body: Answer }> {
    const response = await fetch(`${listener.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: (await response.json()) as Answer,
    };
  }
  const query = (authority: string, entity: string, action: string, more: object = {}) => ({
    authority_id: did(authority),
    entity_id: entity,
    action,
    resource: WELDER,
    ...more,
  });
  const recognised = async (authority: string, entity: string, action: string, more: object = {}): Promise<unknown> =>
    (await ask('/recognition', query(authority, entity, action, more))).body['recognized'];

  it('says whether an authority lets an institution issue a qualification, with the members TRQP names', async () => {
    const time = '2026-06-01T00:00:00Z';
    const yes = await ask('/authorization', query('sc', ISSUER, 'issue', { context: { time } }));
    assert.equal(yes.status, 200, JSON.stringify(yes.body));
    const { message, ...members } = yes.body;
    assert.match(String(message), /recognises this certificate/);
    assert.deepEqual(members, {
      authority_id: did('sc'),
      entity_id: ISSUER,
      action: 'issue',
      resource: WELDER,
      authorized: true,
      time_requested: time,
      time_evaluated: '2026-11-21T00:00:00Z',
      outcome: 'recognised',
      reasons: [{ code: 'ACCREDITED_BY_ANCHOR', ref: `urn:yizheng:accreditation:${CODE}:1` }],
      treatment: ['full'],
      path: [`urn:yizheng:accreditation:${CODE}:1`],
      data_as_of: '2026-11-21T00:00:00Z',
    });
  });

  it('says no, and why: before the accreditation, another level, another region, by an authority that only recognises', async () => {
    const cases: [object, string][] = [
      [{ context: { time: '2025-06-01T00:00:00Z' } }, 'ACCREDITATION_NOT_IN_FORCE_AT_ISSUE'],
      [{ resource: WELDER.replace(/3$/, '1') }, 'LEVEL_OUT_OF_SCOPE'],
      [{ resource: WELDER.replace('6-18-02-04', '4-03-02-01') }, 'OCCUPATION_OUT_OF_SCOPE'],
      [{ context: { region: '500100' } }, 'REGION_OUT_OF_SCOPE'],
    ];
    for (const [more, code] of cases) {
      const { status, body } = await ask('/authorization', query('sc', ISSUER, 'issue', more));
      assert.deepEqual([status, body['authorized']], [200, false]);
      assert.ok(
        body.reasons?.some((reason) => reason.code === code),
        `${code} ${JSON.stringify(body)}`,
      );
    }
    const elsewhere = await ask('/authorization', query('cq', ISSUER, 'issue'));
    assert.deepEqual([elsewhere.status, elsewhere.body['authorized']], [200, false]);
  });

  it('says whether an authority recognises another, or an institution of it, and in that direction only', async () => {
    assert.equal(await recognised('cq', did('sc'), 'accept'), true);
    assert.equal(await recognised('cq', ISSUER, 'accept'), true);
    assert.equal(await recognised('sc', did('cq'), 'accept'), false);
    assert.equal(await recognised('hn', did('sc'), 'accept'), false);
    const { body } = await ask('/recognition', query('cq', did('sc'), 'accept'));
    const path = body['path'] as string[];
    assert.equal(path.length, 1, 'the statement about the authority; no institution is named');
    assert.match(path[0] ?? '', /^urn:yizheng:recognition:/);
  });

  it('answers one boolean for each treatment, so that an exemption is never an acceptance', async () => {
    const answers: Record<string, unknown> = {};
    for (const action of ['accept', 'deem-level', 'exempt-theory', 'exempt-safety-training', 'apply-next-level'])
      answers[action] = await recognised('gd', did('sc'), action);
    assert.deepEqual(answers, {
      accept: false,
      'deem-level': false,
      'exempt-theory': true,
      'exempt-safety-training': false,
      'apply-next-level': true,
    });
  });

  it('evaluates at the time asked about: before the statement no, and issued then but asked now yes', async () => {
    const early = { context: { time: '2026-02-01T00:00:00Z' } };
    assert.equal(await recognised('cq', did('sc'), 'accept', early), false);
    const then = { context: { time: '2026-11-20T00:00:00Z', issued_at: '2026-02-01T00:00:00Z' } };
    assert.equal(await recognised('cq', did('sc'), 'accept', then), true);
  });

  it('answers 404 for what it does not know, and 400 for what is no TRQP query', async () => {
    const base = query('cq', did('sc'), 'accept');
    const cases: [object, number, string][] = [
      [{ ...base, authority_id: 'did:web:other.example' }, 404, 'AUTHORITY_UNKNOWN'],
      [{ ...base, action: 'love' }, 404, 'ACTION_UNKNOWN'],
      [{ ...base, resource: 'urn:other:thing' }, 404, 'RESOURCE_UNKNOWN'],
      [{ ...base, resource: 'urn:yizheng:q:skill-level:6-18-02-04:cn-skill-5:9' }, 404, 'RESOURCE_UNKNOWN'],
      [{ ...base, resource: 'urn:yizheng:q:special-operation:%E4%BD:-:-' }, 404, 'RESOURCE_UNKNOWN'],
      [{ ...base, context: { count: 3 } }, 400, 'REQUEST_INVALID'],
      [{ ...base, context: { time: '2026-06-01T00:00:00+08:00' } }, 400, 'REQUEST_INVALID'],
      [{ ...base, context: { time: '2027-06-01T00:00:00Z' } }, 400, 'TIME_IN_FUTURE'],
      [{ ...base, entity_id: '某机构' }, 400, 'REQUEST_INVALID'],
      [{ ...base, entity_id: undefined }, 400, 'REQUEST_INVALID'],
    ];
    for (const [body, status, code] of cases) {
      const answer = await ask('/recognition', body);
      assert.deepEqual([answer.status, answer.body['code']], [status, code]);
    }
    assert.equal((await ask('/recognition', { ...base, context: { note: 'ignored' }, extra: 1 })).status, 200);
  });

  it('answers 503 registry-data-stale, never “no”, when its data are too old to say yes', async () => {
    now = new Date('2027-02-01T00:00:00Z');
    for (const path of ['/recognition', '/authorization']) {
      const body = path === '/recognition' ? query('cq', did('sc'), 'accept') : query('sc', ISSUER, 'issue');
      const answer = await ask(path, body);
      assert.deepEqual(
        [answer.status, answer.type, answer.body['type'], answer.body['recognized']],
        [503, 'application/problem+json', 'https://yizheng.example/problems/registry-data-stale', undefined],
      );
    }
  });

  it('does not conclude that an institution is unknown while a recognised authority’s registry is missing or too old', () => {
    const asked = (view: TrustView, entity = 'did:web:new.example') =>
      answerRecognition(view, { anchor: w.SC, entity, qualification: parseResource(WELDER), now: w.NOW }, 'accept');
    const whole = w.alliance();
    assert.deepEqual([asked(whole).granted, asked(whole).decision.outcome], [false, 'not-recognised']);
    const without = createTrustView([w.feed(w.SC, { recognitions: [w.recognition()] })], w.SC);
    const old = w.alliance({ cq: { issuedAt: '2026-09-01T00:00:00Z', nextUpdate: '2026-09-08T00:00:00Z', staleAfter: '2026-10-01T00:00:00Z' } }); // prettier-ignore
    for (const [view, code] of [
      [without, 'REGISTRY_PART_MISSING'],
      [old, 'BUNDLE_STALE'],
    ] as const)
      // prettier-ignore
      assert.deepEqual([asked(view).decision.outcome, asked(view).decision.reasons], ['undetermined', [{ code, ref: w.CQ }]]);
    assert.equal(
      asked(without, w.CQ).granted,
      true,
      'the anchor’s own word about an authority needs no registry of it',
    );
  });

  it('answers from the newest bundle', async () => {
    const asked = query('hn', did('sc'), 'accept', { resource: WELDER.replace(/3$/, '4') });
    assert.equal((await ask('/recognition', asked)).body['recognized'], false);
    const actions = [{ validFrom: '2026-01-01T00:00:00Z', scope: { level: [level('4')] }, treatment: ['full'] }];
    await registry.service.statements.recognise(
      'hn',
      { subject: did('sc'), legalName: '示例省人社厅', actions },
      'test',
    );
    await registry.service.update('hn', 'test');
    assert.equal((await ask('/recognition', asked)).body['recognized'], true);
  });

  describe('POST /decision', () => {
    async function credential(changes: object = {}): Promise<object> {
      return JSON.parse(
        await signed({
          authority: { id: did('sc'), name: '示例省人社厅' },
          accreditation: { id: `urn:yizheng:accreditation:${CODE}:1` },
          assessment: {
            id: '2026-PJ-0001',
            method: 'examination',
            standard: 'GZB 6-18-02-04-2018',
            standardType: 'national',
            date: '2026-11-15',
            region: '510100',
          },
          ...changes,
        }),
      ) as object;
    }

    it('exempts from assessment what the authority recognises, and names nobody', async () => {
      const { status, body } = await ask('/decision', { credential: await credential(), anchor: did('cq') });
      assert.equal(status, 200, JSON.stringify(body));
      assert.deepEqual([body['outcome'], body['exempted'], body['stillRequired']], ['recognised', ['assessment'], []]);
      assert.match(String(body['message']), /算作职业技能等级证书/);
      assert.doesNotMatch(JSON.stringify(body), /张伟|1234/);
    });

    it('tells what is exempted, what must still be done and what would have to change', async () => {
      const wanted = { occupation: '6-18-02-04', level: level('3') };
      const exempt = await ask('/decision', { credential: await credential(), anchor: did('gd'), wanted });
      assert.deepEqual(
        [exempt.body['outcome'], exempt.body['exempted'], exempt.body['stillRequired']],
        ['recognised-with-conditions', ['theory-exam'], ['safety-training', 'practical-exam']],
      );
      const higher = await ask('/decision', {
        credential: await credential(),
        anchor: did('cq'),
        wanted: { level: level('1') },
        language: 'en',
      });
      assert.deepEqual([higher.body['outcome'], higher.body['stillRequired']], ['not-recognised', ['assessment']]);
      assert.deepEqual(higher.body['wouldHaveToChange'], [
        'The holder must reach Level 1 / Senior Technician or above.',
      ]);
    });

    it('asks the tables what an applicant is spared where no statement recognises it', async () => {
      const wanted = { kind: 'special-operation', item: '熔化焊接与热切割作业' };
      const { body } = await ask('/decision', {
        credential: await credential(),
        anchor: did('cq'),
        wanted,
        region: '500100',
      });
      assert.deepEqual(
        [body['outcome'], body['exempted'], body['stillRequired']],
        ['not-recognised', ['safety-training'], ['exam']],
      );
      assert.match(JSON.stringify(body['application']), /可免:安全培训;仍需:考核/);
    });

    it('spares nothing for a certificate that is changed, revoked or of unknown standing', async () => {
      const changed = { ...(await credential()), validFrom: '2026-11-19T00:00:00+08:00' };
      const revoked = await credential({ status: { list: 1, index: 99 } });
      const unlisted = await credential({ status: { list: 7, index: 3 } });
      for (const [item, outcome] of [
        [changed, 'not-recognised'],
        [revoked, 'not-recognised'],
        [unlisted, 'undetermined'],
      ] as const) {
        const { body } = await ask('/decision', { credential: item, anchor: did('cq') });
        assert.deepEqual([body['outcome'], body['exempted'], body['stillRequired']], [outcome, [], ['assessment']]);
      }
    });

    it('refuses a body without credential, with both forms, or with a QR code of something else', async () => {
      const anchor = did('cq');
      for (const body of [{ anchor }, { anchor, credential: {}, qr: 'x' }, { anchor, credential: {}, colour: 1 }])
        assert.equal((await ask('/decision', body)).status, 422);
      const qr = await ask('/decision', { anchor, qr: 'https://shop.example/' });
      assert.deepEqual([qr.status, qr.body['code']], [400, 'QR_NOT_OURS']);
    });
  });

  it('logs no question and no credential', () => {
    assert.match(log, /\/recognition/);
    assert.doesNotMatch(log, /urn:yizheng:q:|张伟|S000051000123263|issued_at/);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
