import assert from 'node:assert/strict';
import { NODE_CRYPTO } from '../../server/node-feed-crypto.js';
import { decide } from '../../shared/trust/decide.js';
import { importBundle } from '../../shared/trust/import-bundle.js';
import { coversCode } from '../../shared/trust/scope.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { CertificateFacts, Decision } from '../../shared/trust/types.js';
import { KEY, OTHER_KEY } from '../trust/world.js';
import { People, refused } from './people.js';
import { startRegistry, type RunningRegistry } from './running-registry.js';

interface Standing {
  outcome: string;
  as?: { occupation?: string };
  obligations: string[];
  treatment: string[];
}
interface Row {
  home: { id: string };
  institutions: { count: number; examples: { id: string; name: string }[] };
  kind: string;
  occupation?: string;
  occupationExcept?: string[];
  level?: { framework: string; value: string };
  region: string[];
  key?: string;
  issued: { from: string; until?: string };
  before: Standing;
  after: Standing;
  change: string;
  certificates: { count: number | null };
  quota?: object;
}
interface Answer {
  at: string;
  moments: string[];
  statement: { id: string };
  before: { id: string } | null;
  rows: Row[];
  notJudged: number;
  judged: number;
  leadTime?: { earliest: string; takesAway: string[]; from: string };
  needsSecondPerson: boolean;
  paths: { opened: { id: string }[][]; closed: { id: string }[][] };
  conflicts: { event: string; type: string; about: { id: string } }[];
  data: { authority: { id: string; name: string }; source: string; age?: string; problem?: string }[];
  totals: Record<string, { rows: number; institutions: number; certificates: number | null }>;
  unpublished: number;
}

const OWN = 'did:web:own.example';
const NARROWED = 'did:web:narrowed.example';
const SCHOOL = 'did:web:school.example';
const WORKS = 'did:web:works.example';
const FAR = 'did:web:far.example';
const levels = (...values: string[]) => values.map((value) => ({ framework: 'cn-skill-5', value }));
const SCOPE = {
  kind: ['skill-level'],
  occupation: ['4-10-*', '6-18-02-04'],
  level: levels('5', '4', '3'),
  region: ['50*'],
  candidates: 'public',
};

/** Certificates of every sort the world's institutions issue; of each the two decisions are compared with the preview. */
function certificates(homes: Record<string, string>): CertificateFacts[] {
  const all: CertificateFacts[] = [];
  for (const [issuer, home] of Object.entries(homes))
    for (const code of ['4-10-01-01', '4-10-03-02', '6-18-02-04'])
      for (const value of ['5', '3', '1'])
        for (const day of ['2026-02-03', '2026-06-15', '2026-10-10'])
          for (const key of ['k1', 'k2'])
            all.push({
              kind: 'skill-level',
              certificateNumber: '',
              issuer,
              verificationMethod: `${issuer}#${key}`,
              issuedAt: `${day}T00:00:00+08:00`,
              signedAt: `${day}T10:30:00+08:00`,
              occupation: { code, catalogueEdition: '2022' },
              level: { framework: 'cn-skill-5', value },
              region: '500100',
              issuedUnder: { id: 'urn:yizheng:accreditation:S000050000001:1', authority: home },
            });
  return all;
}

/** A row gives the pattern where an occupation stays what it is. */
function own({ as, ...rest }: Standing, row: Row | undefined, { occupation }: CertificateFacts): Standing {
  const isPattern = as?.occupation !== undefined && as.occupation === row?.occupation;
  return { ...rest, ...(as && { as: isPattern ? { ...as, occupation: occupation?.code ?? '' } : as }) };
}

function worth({ outcome, as, obligations, treatment }: Standing | Decision): string {
  return JSON.stringify([outcome, as, obligations, [...treatment].sort()]);
}

function speaksOf(
  row: Row,
  { issuer, issuedUnder, occupation, level, issuedAt, verificationMethod, region }: CertificateFacts,
) {
  const day = issuedAt.slice(0, 10);
  const code = occupation?.code ?? '';
  return (
    row.home.id === issuedUnder.authority &&
    row.institutions.examples.some(({ id }) => id === issuer) &&
    row.region.some((pattern) => coversCode(pattern, region ?? '')) &&
    coversCode(row.occupation ?? '*', code) &&
    row.occupationExcept?.some((pattern) => coversCode(pattern, code)) !== true &&
    row.level?.value === level?.value &&
    row.issued.from <= day &&
    (row.issued.until === undefined || day < row.issued.until) &&
    (row.key === undefined || row.key === verificationMethod)
  );
}

describe('registry: preview of what a change changes', function () {
  this.timeout(240_000);
  let registry: RunningRegistry;
  let people: People;
  let homes: Record<string, string>;
  // One world that grows: each test makes what it previews, and the next one begins there.
  before(async () => {
    registry = await startRegistry();
    people = await new People(registry).standard();
    await registry.service.authorities.create({ slug: 'gd', name: '示例人社厅 gd', dualControl: [] }, 'test');
    await registry.service.authorities.create({ slug: 'far', name: '示例人社厅 far', dualControl: [] }, 'test');
    homes = {
      [OWN]: registry.did('sc'),
      [SCHOOL]: registry.did('cq'),
      [WORKS]: registry.did('gd'),
      [FAR]: registry.did('far'),
    };
    await accredit('sc', OWN, 'S000050000001');
    await accredit('sc', NARROWED, 'S000050000005');
    await accredit('cq', SCHOOL, 'S000050000002');
    await accredit('gd', WORKS, 'S000050000003');
    await accredit('far', FAR, 'S000050000004');
    await recognise('gd', 'far', { treatment: ['full'] });
    await viewOf();
  });
  after(() => registry.stop());

  const key = (institution: string, name: string, publicKeyMultibase: string) => ({
    id: `${institution}#${name}`,
    type: 'Multikey',
    publicKeyMultibase,
    validFrom: '2026-01-01T00:00:00Z',
  });
  const accreditation = (institution: string, institutionCode: string, changes: object = {}) => ({
    institution,
    legalName: `示例机构 ${institutionCode}`,
    institutionKind: 'social',
    institutionCode,
    signingKeys: [key(institution, 'k1', KEY), key(institution, 'k2', OTHER_KEY)],
    actions: [{ validFrom: '2026-01-05T00:00:00+08:00', validUntil: '2029-01-01T00:00:00+08:00', scope: SCOPE }],
    ...changes,
  });
  const recognition = (slug: string, action: object, changes: object = {}) => ({
    subject: registry.did(slug),
    legalName: `示例人社厅 ${slug}`,
    actions: [{ validFrom: '2026-01-01T00:00:00+08:00', ...action }],
    ...changes,
  });
  const accredit = (slug: string, institution: string, code: string) =>
    registry.service.statements.accredit(slug, accreditation(institution, code), 'test');
  const recognise = (slug: string, subject: string, action: object) =>
    registry.service.statements.recognise(slug, recognition(subject, action), 'test');

  /** What a verifier of `sc` believes after everything said was published. */
  async function viewOf(): Promise<TrustView> {
    const { publisher, bundler, authorities } = registry.service;
    for (const slug of ['far', 'gd', 'cq', 'sc']) await publisher.publish(slug, 'test');
    await bundler.fetchPartners('sc');
    const bundle = await bundler.pack('sc');
    const { digestMultibase } = await authorities.root('sc', undefined, 1);
    return importBundle(bundle, {
      anchor: registry.did('sc'),
      anchorRoot: { version: 1, digestMultibase },
      now: registry.now.toISOString(),
      crypto: NODE_CRYPTO,
    }).view;
  }

  async function preview(body: object, who = 'zhang'): Promise<Answer> {
    const answer = await people.post(who, '/previews', body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body as unknown as Answer;
  }

  /** Previews a change, makes it, publishes, and holds every certificate's real verdicts against the preview. */
  async function holds(path: string, body: object): Promise<Answer> {
    const name = { '/recognitions': 'recognise', '/accreditations': 'accredit', '/events': 'event' }[path] ?? '';
    const before = await viewOf();
    const said = await preview({ [name]: body });
    assert.deepEqual([said.notJudged, said.unpublished], [0, 0]);
    const made = await people.post('zhang', path, body);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const after = await viewOf();
    const anchor = registry.did('sc');
    let changed = 0;
    for (const facts of certificates(homes)) {
      const now = said.at;
      const [was, is] = [before, after].map((view) => decide(facts, view, { anchor, now }));
      if (!was || !is) throw new Error('two views');
      const rows = said.rows.filter((row) => speaksOf(row, facts));
      const where = `${facts.issuer} ${facts.occupation?.code} ${facts.level?.value} ${facts.issuedAt} ${facts.verificationMethod}`;
      if (worth(was) === worth(is)) {
        assert.ok(
          rows.every(({ before: a, after: b }) => worth(a) === worth(b)),
          `${where}: nothing changes`,
        );
        continue;
      }
      changed++;
      assert.equal(rows.length, 1, `${where}: one row speaks of it (${was.outcome} → ${is.outcome})`);
      assert.deepEqual(
        [rows[0]?.before, rows[0]?.after].map((one) => one && worth(own(one, rows[0], facts))),
        [worth(was), worth(is)],
        where,
      );
    }
    assert.ok(changed > 0, 'the change changes something');
    return said;
  }

  it('says what a memorandum makes of every certificate, and that is what happens', async () => {
    const said = await holds(
      '/recognitions',
      recognition('gd', {
        scope: { kind: ['skill-level'], occupation: ['4-10-01-*', '6-18-02-04'], level: levels('5', '3') },
        certificateIssued: { from: '2026-05-01T00:00:00+08:00' },
        levelMapping: [{ from: levels('3')[0], to: levels('4')[0] }],
        treatment: ['deemed-level', 'exempt-theory'],
      }),
    );
    assert.deepEqual([...new Set(said.rows.map(({ occupation, level }) => `${occupation} ${level?.value}`))].sort(), [
      '4-10-01-* 3',
      '4-10-01-* 5',
      '6-18-02-04 3',
      '6-18-02-04 5',
    ]);
    assert.ok(said.rows.every(({ issued }) => issued.from === '2026-05-01'));
    assert.equal(said.totals['gained']?.institutions, 1);
    assert.deepEqual(
      said.paths.opened.map((path) => path.map(({ id }) => id)),
      [[registry.did('sc'), registry.did('gd')]],
    );
    assert.deepEqual(
      said.data.map(({ authority, source }) => [authority.id, source]),
      [[registry.did('sc'), 'own'], [registry.did('cq'), 'held'], [registry.did('gd'), 'fetched']], // prettier-ignore
    );
    assert.ok(
      said.rows.every(({ certificates: { count } }) => count === null),
      'how many there are nobody knows',
    );
    assert.equal(said.totals['gained'].certificates, null);
    assert.equal(said.totals['lost']?.certificates, 0);
  });

  it('follows recognition onward, and names the path it opens', async () => {
    const said = await holds(
      '/recognitions',
      recognition('gd', { action: 'recognize', onward: { maxDepth: 1 }, treatment: ['full'] }),
    );
    assert.deepEqual(
      said.paths.opened.map((path) => path.map(({ id }) => id)),
      [['sc', 'gd', 'far'].map((slug) => registry.did(slug))],
    );
  });

  it('says what suspending, voiding, denying and a stolen key undo', async () => {
    await holds('/events', {
      about: OWN,
      event: 'suspend',
      cause: 'integrity',
      voidsIssuedSince: '2026-06-01T00:00:00Z',
    });
    await holds('/events', {
      about: SCHOOL,
      event: 'deny',
      cause: 'administrative',
      scope: { occupation: ['4-10-*'] },
    });
    const said = await holds('/events', { about: registry.did('gd'), event: 'deny', cause: 'integrity' });
    assert.ok(said.rows.every(({ change }) => change === 'lost'));
    await accredit('sc', WORKS, 'S000050000003');
    homes = { [WORKS]: registry.did('sc') };
    const stolen = { about: WORKS, event: 'key-revoked', cause: 'integrity', keyId: `${WORKS}#k1` };
    await holds('/events', { ...stolen, reason: 'compromised', compromisedSince: '2026-06-01T00:00:00Z' });
  });

  it('says what a narrower accreditation takes away from now on, and nothing of what was issued', async () => {
    const all = await registry.service.statements.list('sc', 'accreditation');
    const old = all.find(({ statement }) => statement.institution === NARROWED);
    const narrower = { ...SCOPE, occupation: ['4-10-01-*'], level: levels('5', '4') };
    const body = accreditation(NARROWED, 'S000050000005', {
      actions: [{ validUntil: '2029-01-01T00:00:00+08:00', scope: narrower }],
      supersedes: [old?.statement.id],
    });
    const said = await preview({ accredit: body });
    assert.equal(said.before?.id, old?.statement.id);
    assert.deepEqual(
      [...new Set(said.rows.map(({ change, issued }) => `${change} ${issued.from} ${issued.until}`))],
      ['lost 2026-11-21 undefined'],
    );
    assert.deepEqual([...new Set(said.rows.map(({ occupation, level }) => `${occupation} ${level?.value}`))].sort(), [
      '4-10-* 3',
      '4-10-* 4',
      '4-10-* 5',
      '6-18-02-04 3',
      '6-18-02-04 4',
      '6-18-02-04 5',
    ]);
  });

  it('says what ends too soon to be said, and when it may end', async () => {
    const [kept] = await registry.service.statements.list('sc', 'recognition');
    const body = {
      about: registry.did('cq'),
      event: 'statement-revoked',
      cause: 'administrative',
      statement: kept?.statement.id,
    };
    const said = await preview({ event: body });
    assert.deepEqual([said.leadTime?.from, said.leadTime?.takesAway], [kept?.statement.id, []]);
    const made = await people.post('zhang', '/events', body);
    refused(made, 422, 'LEAD_TIME');
    const later = { ...body, effectiveFrom: said.leadTime?.earliest };
    const planned = await preview({ event: later });
    assert.equal(planned.leadTime, undefined);
    assert.deepEqual([planned.at, planned.moments], [said.leadTime?.earliest, [said.leadTime?.earliest]]);
    assert.equal((await people.post('zhang', '/events', later)).status, 201);
  });

  it('names what the authority itself denied, and cannot be undone by recognising it', async () => {
    const denials = (await registry.service.statements.list('sc', 'event')).map(({ statement }) => statement);
    const denial = denials.find(({ about }) => about === registry.did('gd'));
    const said = await preview({ recognise: recognition('gd', { treatment: ['full'] }) });
    assert.deepEqual(
      said.conflicts.map(({ event, type, about }) => [event, type, about.id]),
      [[denial?.id, 'deny', registry.did('gd')]],
    );
    assert.equal(said.totals['gained']?.rows, 0);
    assert.equal(said.unpublished, 1, 'the revocation of the test before');
  });

  it('changes nothing, writes nothing down, and previews a waiting proposal for whoever is to approve it', async () => {
    const counts = async () =>
      Promise.all(
        ['registry_statements', 'registry_partner_feeds', 'audit_log', 'registry_proposals'].map(
          async (table) => (await registry.accounts.database.knex(table)).length,
        ),
      );
    const before = await counts();
    const drafted = await preview({ recognise: recognition('far', { treatment: ['full'] }) });
    assert.equal(drafted.needsSecondPerson, false);
    assert.deepEqual(await counts(), before);
    assert.equal((await people.dualControl('host', 'recognition')).status, 200);
    const id = await people.proposal('zhang', '/recognitions', recognition('far', { treatment: ['full'] }));
    const waiting = await preview({ proposal: id }, 'li');
    assert.deepEqual([waiting.needsSecondPerson, waiting.rows.length], [true, drafted.rows.length]);
    const root = await people.proposalOf('host', 'PUT', '/dual-control', { dualControl: [] });
    refused(await people.post('li', '/previews', { proposal: root }), 422, 'PREVIEW_NOT_APPLICABLE');
    refused(await people.post('li', '/previews', { proposal: 'f'.repeat(20) }), 404, 'NOT_FOUND');
  });

  it('refuses what the real change would be refused for, and more than one change at once', async () => {
    refused(await people.post('zhang', '/previews', { recognise: recognition('sc', { treatment: ['full'] }) }), 422, 'STATEMENT_ABOUT_ITSELF'); // prettier-ignore
    refused(await people.post('zhang', '/previews', {}), 422, 'REQUEST_INVALID');
    const body = { recognise: recognition('far', { treatment: ['full'] }), signingKeys: { id: 'x' } };
    refused(await people.post('zhang', '/previews', body), 422, 'REQUEST_INVALID');
    refused(await people.post('wang', '/previews', {}), 403, 'ROLE_MISSING');
  });
});
