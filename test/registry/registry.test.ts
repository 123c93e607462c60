import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify, importJWK } from 'jose';
import { didDocument } from '../../keys/did-document.js';
import { Keystore } from '../../keys/keystore.js';
import { createRegistry, registryMigrations, type Registry } from '../../registry/index.js';
import { createLogger } from '../../server/index.js';
import {
  createApiKey,
  listen,
  openDatabase,
  verifyAuditChain,
  type Database,
  type Listener,
} from '../../server/index.js';
import { createSafeFetch } from '../../server/safe-fetch.js';
import { parseJson } from '../../shared/json/parse-json.js';
import { authorise } from '../../shared/trust/authorise.js';
import { decide } from '../../shared/trust/decide.js';
import { importBundle } from '../../shared/trust/import-bundle.js';
import type { Accreditation, CertificateFacts } from '../../shared/trust/types.js';
import { createStatusListCredential } from './status-list.js';
import {
  describeOnEachDatabase,
  freshDatabase,
  type DatabaseKind,
  type FreshDatabase,
} from '../database/fresh-database.js';

const CODE = 'S000050000001';
const SCOPE = {
  kind: ['skill-level'],
  occupation: ['6-31-01-03'],
  level: [{ framework: 'cn-skill-5', value: '4' }],
  region: ['50*'],
  candidates: 'public',
};

/** A registry with two authorities, and an institution's web site with its DID document and status lists. */
class World {
  directory = '';
  fresh!: FreshDatabase;
  database!: Database;
  registry!: Registry;
  listener!: Listener;
  site!: Server;
  siteUrl = '';
  institution = '';
  pages = new Map<string, { status?: number; body: string }>();
  secrets = new Map<string, string>();
  now = new Date('2026-11-20T04:00:00Z');

  constructor(
    readonly keystore: Keystore,
    readonly kind: DatabaseKind,
  ) {}

  async open(): Promise<void> {
    this.directory = await mkdtemp(join(tmpdir(), 'yizheng-registry-'));
    this.fresh = await freshDatabase(this.kind, registryMigrations);
    this.database = await openDatabase({ url: this.fresh.url, migrations: registryMigrations });
    this.site = createServer((request, response) => {
      const page = this.pages.get(request.url ?? '');
      response.writeHead(page ? (page.status ?? 200) : 404, { 'content-type': 'application/json' });
      response.end(page?.body ?? '{}');
    });
    await new Promise<void>((resolve) => this.site.listen(0, '127.0.0.1', resolve));
    this.siteUrl = `http://localhost:${(this.site.address() as AddressInfo).port}`;
    this.institution = `did:web:${this.siteUrl.slice('http://'.length).replace(':', '%3A')}`;
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    this.registry = createRegistry(
      {
        database: this.database,
        keystore: this.keystore,
        baseUrl: `http://localhost:${port}`,
        fetch: createSafeFetch({ allowLoopback: true, maxBytes: 4 * 1024 * 1024 }),
        clock: () => this.now,
        randomBytes: (length) => randomBytes(length),
        logger: createLogger({ name: 'test', level: 'silent' }),
      },
      { requestsPerMinute: 100_000 },
    );
    this.listener = await listen(this.registry.app, { port });
    await this.key('admin', '*', 'admin');
    for (const slug of ['cq', 'sc']) {
      await this.key(slug, slug, 'officer', 'custodian', 'auditor');
      const body = { slug, name: `示例人社厅 ${slug}`, dualControl: [] };
      assert.equal((await this.post('/authorities', 'admin', body)).status, 201);
    }
  }

  async close(): Promise<void> {
    await this.registry.stop();
    await this.listener.close();
    this.site.closeAllConnections();
    await new Promise((resolve) => this.site.close(resolve));
    await this.database.close();
    await this.fresh.remove();
    await rm(this.directory, { recursive: true });
  }

  async key(
    name: string,
    tenant: string,
    ...roles: Parameters<typeof createApiKey>[1]['roles'][number][]
  ): Promise<void> {
    const made = await this.database.write((transaction) =>
      createApiKey(
        transaction,
        { tenant, roles, label: name, expiresAt: '2030-01-01T00:00:00Z' },
        { randomBytes: (length) => randomBytes(length), now: this.now },
      ),
    );
    this.secrets.set(name, made.secret);
  }

  async post(path: string, key: string, body: object = {}): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${this.listener.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.secrets.get(key) ?? ''}` },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async get(path: string): Promise<Response> {
    return fetch(`${this.listener.url}${path}`);
  }

  did(slug: string): string {
    return `did:web:${this.listener.url.slice('http://'.length).replace(':', '%3A')}:authorities:${slug}`;
  }

  /** The institution gets a key and a DID document. */
  async institutionSite(withLists = true): Promise<void> {
    if (this.keystore.list({ controller: this.institution }).length === 0)
      await this.keystore.createKey({ controller: this.institution, purpose: 'assertion', now: this.now });
    const services = [
      { id: `${this.institution}#s`, type: 'BitstringStatusLists', serviceEndpoint: `${this.siteUrl}/lists` },
    ];
    const document = didDocument(this.institution, this.keystore.list(), withLists ? { services } : {});
    this.pages.set('/.well-known/did.json', { body: JSON.stringify(document) });
  }

  async accredit(changes: object = {}): Promise<Accreditation> {
    const { status, body } = await this.post('/authorities/cq/accreditations', 'cq', {
      institution: this.institution,
      legalName: '重庆某技能评价有限公司',
      institutionKind: 'social',
      institutionCode: CODE,
      actions: [{ validUntil: '2029-01-01T00:00:00+08:00', scope: SCOPE }],
      ...changes,
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body as unknown as Accreditation;
  }

  async recognise(changes: object = {}) {
    return this.post('/authorities/sc/recognitions', 'sc', {
      subject: this.did('cq'),
      legalName: '重庆市人力资源和社会保障局(示例)',
      actions: [{ validFrom: '2022-01-01T00:00:00+08:00', treatment: ['full'] }],
      ...changes,
    });
  }

  async bundle(slug: string) {
    const root = (
      (await (await this.get(`/authorities/${slug}`)).json()) as { root: { version: number; digestMultibase: string } }
    ).root;
    const text = await (await this.get(`/authorities/${slug}/bundle.json`)).text();
    return importBundle(text, {
      anchor: this.did(slug),
      anchorRoot: root,
      now: this.now.toISOString().replace('.000', ''),
    });
  }

  facts(accreditation: Accreditation): CertificateFacts {
    return {
      kind: 'skill-level',
      certificateNumber: `${CODE}264000001`,
      issuer: this.institution,
      verificationMethod: `${this.institution}#key-1`,
      issuedAt: '2026-11-20T00:00:00+08:00',
      signedAt: '2026-11-20T03:00:00Z',
      occupation: { code: '6-31-01-03', catalogueEdition: '2022' },
      level: { framework: 'cn-skill-5', value: '4' },
      region: '500100',
      issuedUnder: { id: accreditation.id, authority: this.did('cq') },
    };
  }
}

describeOnEachDatabase('registry: an authority’s service', (kind) => {
  let world: World;
  let directory: string;
  let keystore: Keystore;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yizheng-keys-'));
    keystore = await Keystore.create(join(directory, 'keys.json'), 'correct horse', { now: '2026-11-20T04:00:00Z' });
  });
  after(() => rm(directory, { recursive: true }));
  beforeEach(async () => {
    world = new World(keystore, kind);
    await world.open();
    await world.institutionSite();
  });
  afterEach(() => world.close());
  const NOW = '2026-11-20T04:00:00Z';

  it('goes from two authorities to a bundle in which one recognises what the other’s institution issues', async () => {
    const accreditation = await world.accredit();
    assert.equal(accreditation.id, `urn:yizheng:accreditation:${CODE}:1`);
    assert.deepEqual(
      accreditation.signingKeys.map(({ id }) => id),
      [`${world.institution}#key-1`],
    );
    const recognition = await world.recognise();
    assert.equal(recognition.status, 201, JSON.stringify(recognition.body));
    assert.equal((await world.post('/authorities/cq/publish', 'cq')).status, 200);
    const published = await world.post('/authorities/sc/publish', 'sc');
    assert.deepEqual(
      [published.status, published.body['partners'], published.body['problems']],
      [200, [world.did('cq')], []],
    );

    const { view, findings } = await world.bundle('sc');
    assert.deepEqual(findings, []);
    const facts = world.facts(accreditation);
    assert.equal(decide(facts, view, { anchor: world.did('sc'), now: NOW }).outcome, 'recognised');
    assert.equal(authorise(facts, view, { now: NOW }).answer, 'pass');
    const home = await world.bundle('cq');
    assert.equal(decide(facts, home.view, { anchor: world.did('cq'), now: NOW }).outcome, 'recognised');
  });

  it('serves every file of the feed at its static address, and the keys to check it in the DID document', async () => {
    await world.accredit();
    await world.post('/authorities/cq/publish', 'cq');
    const document = (await (await world.get('/authorities/cq/did.json')).json()) as {
      id: string;
      assertionMethod: string[];
      service: { type: string | string[] }[];
      verificationMethod: { id: string }[];
    };
    assert.equal(document.id, world.did('cq'));
    assert.equal(document.verificationMethod.length, 6);
    assert.deepEqual(document.service[0]?.type, ['WhoisService', 'PathService']);
    for (const path of ['root/1.json', 'freshness.json', 'manifest/1.json'])
      assert.equal((await world.get(`/authorities/cq/registry/${path}`)).status, 200, path);
    for (const path of ['root/2.json', 'manifest/2.json', `parts/${'0'.repeat(64)}`])
      assert.equal((await world.get(`/authorities/cq/registry/${path}`)).status, 404, path);
    const statement = await world.get(`/authorities/cq/statements/urn:yizheng:accreditation:${CODE}:1`);
    assert.equal(statement.headers.get('content-type'), 'application/vc+jwt');
    const [key] = world.keystore.list({ controller: world.did('cq'), purpose: 'assertion' });
    const { protectedHeader } = await compactVerify(
      await statement.text(),
      await importJWK({ ...key!.publicKeyJwk }, 'EdDSA'),
    );
    assert.ok(document.assertionMethod.includes(protectedHeader.kid ?? ''));
  });

  it('answers whois with the statements that recognise it', async () => {
    const memorandum = { id: 'urn:memorandum:cy', name: '互认备忘录', party: [world.did('sc'), world.did('cq')] };
    await world.recognise({ memorandum });
    await world.post('/authorities/sc/publish', 'sc');
    const back = { subject: world.did('sc'), legalName: '四川(示例)', actions: [{ treatment: ['full'] }], memorandum };
    assert.equal((await world.post('/authorities/cq/recognitions', 'cq', back)).status, 201);
    await world.post('/authorities/cq/publish', 'cq');
    const response = await world.get('/authorities/cq/whois.vp');
    assert.equal(response.headers.get('content-type'), 'application/vp+jwt');
    const presentation = JSON.parse(
      Buffer.from((await response.text()).split('.')[1] ?? '', 'base64url').toString(),
    ) as {
      holder: string;
      verifiableCredential: { id: string }[];
    };
    assert.equal(presentation.holder, world.did('cq'));
    assert.match(presentation.verifiableCredential[0]?.id ?? '', /^data:application\/vc\+jwt,ey/);
  });

  it('renews only the freshness when nothing changed, and chains the next manifest when something did', async () => {
    await world.accredit();
    const first = (await world.post('/authorities/cq/publish', 'cq')).body;
    world.now = new Date('2026-11-21T04:00:00Z');
    const second = (await world.post('/authorities/cq/publish', 'cq')).body;
    assert.deepEqual(
      [second['changed'], second['sequence'], second['manifestSha256']],
      [false, 1, first['manifestSha256']],
    );
    assert.equal(second['nextUpdate'], '2026-11-28T04:00:00Z');
    await world.post('/authorities/cq/events', 'cq', {
      about: world.institution,
      event: 'suspend',
      cause: 'administrative',
    });
    const third = (await world.post('/authorities/cq/publish', 'cq')).body;
    assert.deepEqual([third['changed'], third['sequence']], [true, 2]);
    const held = await world.bundle('cq');
    assert.equal(held.state.feeds[world.did('cq')]?.manifest.prev, first['manifestSha256']);
  });

  it('writes a new manifest before the old one grows stale', async () => {
    await world.post('/authorities/cq/publish', 'cq');
    world.now = new Date('2026-12-06T04:00:00Z');
    assert.equal((await world.post('/authorities/cq/publish', 'cq')).body['sequence'], 2);
  });

  it('lets a suspension refuse what is issued from then on', async () => {
    const accreditation = await world.accredit();
    await world.post('/authorities/cq/events', 'cq', {
      about: world.institution,
      event: 'suspend',
      cause: 'administrative',
      effectiveFrom: '2026-11-20T02:00:00Z',
    });
    await world.post('/authorities/cq/publish', 'cq');
    const { view } = await world.bundle('cq');
    const found = authorise(world.facts(accreditation), view, { now: NOW });
    assert.deepEqual([found.answer, found.reasons[0]?.code], ['fail', 'ISSUER_SUSPENDED_AT_ISSUE']);
  });

  it('rotates its online keys under a new root, signs statements anew, and old clients follow', async () => {
    await world.recognise();
    await world.post('/authorities/sc/publish', 'sc');
    const before = await world.bundle('sc');
    const rotated = await world.post('/authorities/sc/root', 'sc', { rotate: ['registry', 'freshness', 'statement'] });
    assert.equal(rotated.status, 201);
    await world.post('/authorities/sc/publish', 'sc');
    const text = await (await world.get('/authorities/sc/bundle.json')).text();
    const after = importBundle(text, { anchor: world.did('sc'), held: before.state, now: NOW });
    assert.equal(after.state.feeds[world.did('sc')]?.root.version, 2);
    assert.equal(after.view.recognitionsBy(world.did('sc')).size, 1);
  });

  it('adds an institution’s new key to its accreditation and ends the old one, losing nothing', async () => {
    const { id } = await world.accredit();
    await world.keystore.rotate(world.institution, 'assertion', world.now);
    await world.institutionSite();
    const path = `/authorities/cq/accreditations/${encodeURIComponent(id)}/keys`;
    const updated = (await world.post(path, 'cq')).body as unknown as Accreditation;
    assert.deepEqual(
      updated.signingKeys.map((key) => [key.id.split('#')[1], key.validUntil !== undefined]),
      [
        ['key-1', true],
        ['key-2', false],
      ],
    );
    assert.equal((await world.accredit({ supersedes: [id] })).id, `urn:yizheng:accreditation:${CODE}:2`);
  });

  describe('status lists', () => {
    const list = (
      purpose: 'revocation' | 'suspension',
      issuer = world.institution,
      url?: string,
      revoked = [7],
      now = '2026-11-20T03:00:00Z',
    ) =>
      createStatusListCredential({
        id: url ?? `${world.siteUrl}/status/${purpose}/1`,
        issuer,
        purpose,
        revoked,
        now,
        signer: world.keystore.signer(`${world.institution}#key-1`),
      });
    const offer = (...urls: string[]) => world.pages.set('/lists', { body: JSON.stringify({ lists: urls }) });

    it('collects the lists of accredited institutions into the feed', async () => {
      const url = `${world.siteUrl}/status/revocation/1`;
      await world.accredit();
      offer(url);
      world.pages.set('/status/revocation/1', { body: await list('revocation') });
      const published = await world.post('/authorities/cq/publish', 'cq');
      assert.deepEqual([published.body['statusLists'], published.body['problems']], [1, []]);
      const { view } = await world.bundle('cq');
      assert.equal(view.statusListOf(url)?.credential, await list('revocation'));
    });
    it('takes no list that takes back a revocation; a suspension may end', async () => {
      await world.accredit();
      for (const purpose of ['revocation', 'suspension'] as const) {
        const url = `${world.siteUrl}/status/${purpose}/1`;
        const collected = async (revoked: number[], now: string) => {
          world.pages.set(`/status/${purpose}/1`, { body: await list(purpose, undefined, url, revoked, now) });
          const { body } = await world.post('/authorities/cq/publish', 'cq');
          return (body['problems'] as { code: string }[]).map(({ code }) => code);
        };
        offer(url);
        assert.deepEqual(await collected([7, 9], '2026-11-20T03:00:00Z'), []);
        const cleared = await collected([9], '2026-11-20T03:30:00Z');
        assert.deepEqual(cleared, purpose === 'revocation' ? ['STATUS_UNREVOKED'] : []);
        assert.deepEqual(await collected([7, 9, 11], '2026-11-20T03:40:00Z'), []);
      }
    });
    it('takes no list of another address, another site, or a wrong signature, and keeps the last good one', async () => {
      const url = `${world.siteUrl}/status/revocation/1`;
      await world.accredit();
      offer(url);
      const good = await list('revocation');
      world.pages.set('/status/revocation/1', { body: good });
      await world.post('/authorities/cq/publish', 'cq');
      const hostile: [string, string][] = [
        [await list('suspension'), 'STATUS_LIST_FOREIGN'],
        [good.replace(/"proofValue":"z./, '"proofValue":"z1'), 'STATUS_LIST_PROOF_INVALID'],
        ['{"id":1,"id":2}', 'JSON_DUPLICATE_KEY'],
      ];
      for (const [body, code] of hostile) {
        world.pages.set('/status/revocation/1', { body });
        const { body: answer } = await world.post('/authorities/cq/publish', 'cq');
        assert.deepEqual(
          (answer['problems'] as { code: string }[]).map((problem) => problem.code),
          [code],
        );
      }
      offer('http://localhost:1/status/revocation/1');
      const { body: answer } = await world.post('/authorities/cq/publish', 'cq');
      assert.deepEqual(
        (answer['problems'] as { code: string }[]).map((problem) => problem.code),
        ['STATUS_LIST_FOREIGN'],
      );
      const { view } = await world.bundle('cq');
      assert.equal(view.statusListOf(url)?.credential, good);
    });
    it('publishes although an institution’s site is down, and says so', async () => {
      await world.accredit();
      world.pages.set('/.well-known/did.json', { status: 500, body: '{}' });
      const { status, body } = await world.post('/authorities/cq/publish', 'cq');
      assert.deepEqual([status, (body['problems'] as { code: string }[])[0]?.code], [200, 'FETCH_STATUS']);
    });
  });

  describe('refusals', () => {
    it('refuses impossible statements with the place of the error, and changes nothing', async () => {
      const actions = [
        { validFrom: '2026-01-01T00:00:00+08:00', validUntil: '2025-01-01T00:00:00+08:00', scope: SCOPE },
      ];
      const wrong = {
        institution: world.institution,
        legalName: '甲',
        institutionKind: 'social',
        institutionCode: CODE,
        actions,
      };
      const answer = await world.post('/authorities/cq/accreditations', 'cq', wrong);
      assert.deepEqual(
        [answer.status, answer.body['code'], answer.body['at']],
        [422, 'STATEMENT_ENDS_BEFORE_BEGIN', '/actions/0/validUntil'],
      );
      const self = await world.recognise({ subject: world.did('sc') });
      assert.deepEqual([self.status, self.body['code']], [422, 'STATEMENT_ABOUT_ITSELF']);
      assert.equal((await world.registry.service.statements.list('cq', 'accreditation')).length, 0);
    });
    it('refuses a root other than the one told in person', async () => {
      const answer = await world.recognise({ rootDigest: `uEiA${'A'.repeat(43)}` });
      assert.deepEqual([answer.status, answer.body['code']], [409, 'ROOT_DIGEST_MISMATCH']);
    });
    it('refuses an institution whose DID document is of another DID, or without keys', async () => {
      const page = world.pages.get('/.well-known/did.json')!.body;
      world.pages.set('/.well-known/did.json', { body: page.replaceAll(world.institution, 'did:web:other.example') });
      const input = {
        institution: world.institution,
        legalName: '甲',
        institutionKind: 'social',
        institutionCode: CODE,
        actions: [{ scope: SCOPE }],
      };
      assert.equal(
        (await world.post('/authorities/cq/accreditations', 'cq', input)).body['code'],
        'DID_DOCUMENT_INVALID',
      );
      const bare = { ...(parseJson(page) as object), assertionMethod: [] };
      world.pages.set('/.well-known/did.json', { body: JSON.stringify(bare) });
      assert.equal(
        (await world.post('/authorities/cq/accreditations', 'cq', input)).body['code'],
        'INSTITUTION_KEYS_MISSING',
      );
    });
    it('lets no key act for another authority, nor without its role', async () => {
      const suspend = { about: world.institution, event: 'suspend', cause: 'administrative' };
      assert.equal((await world.post('/authorities/cq/events', 'sc', suspend)).status, 404);
      await world.key('reader', 'cq', 'auditor');
      assert.equal((await world.post('/authorities/cq/events', 'reader', suspend)).status, 403);
      assert.equal((await world.post('/authorities/cq/events', 'nobody', suspend)).status, 401);
      assert.equal((await world.post('/authorities', 'cq', { slug: 'xx', name: '冒名' })).status, 404);
    });
    it('keeps a partner’s last good feed when its site answers with something else', async () => {
      const accreditation = await world.accredit();
      await world.post('/authorities/cq/publish', 'cq');
      await world.recognise();
      await world.post('/authorities/sc/publish', 'sc');
      await world.database
        .knex('registry_authorities')
        .where({ slug: 'cq' })
        .update({ freshness: '{"payload":"e30","signatures":[]}' });
      const published = await world.post('/authorities/sc/publish', 'sc');
      assert.deepEqual(
        (published.body['problems'] as { code: string }[]).map((problem) => problem.code),
        ['FEED_ENVELOPE_INVALID'],
      );
      const { view } = await world.bundle('sc');
      assert.equal(
        decide(world.facts(accreditation), view, { anchor: world.did('sc'), now: NOW }).outcome,
        'recognised',
      );
    });
  });

  it('writes down every act in an unbroken chain, and describes itself in OpenAPI', async () => {
    await world.accredit();
    await world.post('/authorities/cq/publish', 'cq');
    const response = await fetch(`${world.listener.url}/authorities/cq/audit`, {
      headers: { authorization: `Bearer ${world.secrets.get('cq') ?? ''}` },
    });
    const { entries } = (await response.json()) as { entries: { action: string }[] };
    assert.deepEqual(
      entries.map((entry) => entry.action),
      ['authority.create', 'accreditation.add', 'registry.publish'],
    );
    assert.equal((await verifyAuditChain(world.database.knex)).brokenAt, undefined);
    const document = (await (await world.get('/openapi.json')).json()) as { paths: Record<string, unknown> };
    assert.ok('/authorities/{slug}/bundle.json' in document.paths);
  });

  it('creates an authority once, whoever asks again, and refuses another under its name', async () => {
    const again = await world.post('/authorities', 'admin', { slug: 'cq', name: '示例人社厅 cq' });
    assert.equal(again.status, 201);
    assert.equal(world.keystore.list({ controller: world.did('cq') }).length, 6);
    const other = await world.post('/authorities', 'admin', { slug: 'cq', name: '别人' });
    assert.deepEqual([other.status, other.body['code']], [409, 'AUTHORITY_EXISTS']);
  });
});
