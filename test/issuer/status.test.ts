import assert from 'node:assert/strict';
import { buildCredential, readRecord } from '../../shared/certificate/credential.js';
import type { CertificateCredential } from '../../shared/certificate/credential.js';
import { checkStatus } from '../../shared/status/check-status.js';
import type { IssuedCertificateAnswer } from '../../issuer/index.js';
import { STATUS_REASONS, STATUS_REASONS_OF } from '../../shared/certificate/status-reasons.js';
import type { Problem } from '../../server/index.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { answer, AUTHORITY, CODE, exam, startWorld, type World } from './world.js';

type Issued = Omit<IssuedCertificateAnswer, 'credential'> & { credential: CertificateCredential };

describeOnEachDatabase('issuer: status and VC-API', function (kind) {
  this.timeout(60_000);
  const base = `/institutions/${CODE}`;
  let world: World;
  let serial = 0;
  const issue = (): Promise<Issued> => answer<Issued>(world.call('POST', `${base}/certificates`, exam(++serial)), 201);
  const change = (issued: Issued, action: string, reason: string, secret = world.secrets.officer) =>
    world.call('POST', `${base}/certificates/${encodeURIComponent(issued.id)}/status`, { action, reason }, { secret });
  const list = async (url: string): Promise<string> => (await fetch(world.listener.url + new URL(url).pathname)).text();
  const statusOf = async (issued: Issued) => {
    const view = await world.issuer.service.accreditations.view(AUTHORITY);
    const codes = [];
    for (const entry of issued.credential.credentialStatus)
      codes.push(
        (
          await checkStatus(entry, {
            issuer: issued.credential.issuer.id,
            list: await list(entry.statusListCredential),
            keyOf: (id) => view?.keyOf(id),
            now: world.time.now.toISOString(),
          })
        ).code,
      );
    return codes;
  };

  before(async () => {
    world = await startWorld({ kind });
  });
  after(() => world.remove());

  it('publishes a clear status for a new certificate, in lists that DID document and index name', async () => {
    const issued = await issue();
    assert.deepEqual(await statusOf(issued), ['STATUS_CLEAR', 'STATUS_CLEAR']);
    const document = await answer<{ id: string; service: { type: string; serviceEndpoint: string }[] }>(
      fetch(`${world.listener.url}${base}/did.json`),
    );
    assert.equal(document.id, issued.credential.issuer.id);
    const [service] = document.service;
    assert.equal(service?.type, 'BitstringStatusLists');
    const { lists } = await answer<{ lists: string[] }>(
      fetch(world.listener.url + new URL(service.serviceEndpoint).pathname),
    );
    for (const entry of issued.credential.credentialStatus) assert.ok(lists.includes(entry.statusListCredential));
  });

  it('suspends, reinstates and revokes; the next list says so (I7)', async () => {
    const issued = await issue();
    await answer(change(issued, 'suspend', 'investigation'));
    assert.deepEqual(await statusOf(issued), ['STATUS_CLEAR', 'CERTIFICATE_SUSPENDED']);
    await answer(change(issued, 'reinstate', 'cleared'));
    assert.deepEqual(await statusOf(issued), ['STATUS_CLEAR', 'STATUS_CLEAR']);
    await answer(change(issued, 'suspend', 'investigation'));
    await answer(change(issued, 'revoke', 'fraud'));
    assert.deepEqual(await statusOf(issued), ['CERTIFICATE_REVOKED', 'STATUS_CLEAR']);
  });

  it('takes no reason that is no ground for the change, and names those that are', async () => {
    const issued = await issue();
    for (const [action, reason] of [
      ['revoke', 'investigation'],
      ['revoke', 'cleared'],
      ['suspend', 'error'],
      ['reinstate', 'fraud'],
    ] as const) {
      const problem = await answer<Problem>(change(issued, action, reason), 422);
      assert.deepEqual([problem.code, problem.at], ['STATUS_REASON_UNFIT', '/reason']);
      for (const good of STATUS_REASONS_OF[action]) assert.ok(problem.detail.includes(good));
    }
    assert.deepEqual(await statusOf(issued), ['STATUS_CLEAR', 'STATUS_CLEAR']);
    assert.deepEqual([...new Set(Object.values(STATUS_REASONS_OF).flat())].sort(), [...STATUS_REASONS].sort());
  });

  it('never takes a revocation back (REVOCATION_IS_FINAL), and repeating it changes nothing', async () => {
    const issued = await issue();
    assert.deepEqual((await answer<{ changed: boolean }>(change(issued, 'revoke', 'error'))).changed, true);
    assert.deepEqual((await answer<{ changed: boolean }>(change(issued, 'revoke', 'error'))).changed, false);
    for (const [action, reason] of [
      ['reinstate', 'cleared'],
      ['suspend', 'investigation'],
    ] as const)
      assert.equal((await answer<Problem>(change(issued, action, reason), 409)).code, 'REVOCATION_IS_FINAL');
    assert.deepEqual(await statusOf(issued), ['CERTIFICATE_REVOKED', 'STATUS_CLEAR']);
    assert.equal((await answer<Problem>(change(issued, 'revoke', 'because'), 422)).at, '/reason');
    assert.equal(
      (await answer<Problem>(change(issued, 'revoke', 'error', world.secrets.clerk), 403)).code,
      'ROLE_MISSING',
    );
  });

  it('revokes a superseded certificate in the list, too', async () => {
    const old = await issue();
    await statusOf(old);
    await answer(world.call('POST', `${base}/certificates`, exam(serial, { supersedes: old.id })), 201);
    assert.deepEqual(await statusOf(old), ['CERTIFICATE_REVOKED', 'STATUS_CLEAR']);
  });

  it('has every acknowledged change in the list that is fetched next, also when all happens at once (I7)', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => issue()));
    await Promise.all(
      all.map(async (issued) => {
        await answer(change(issued, 'revoke', 'batch-void'));
        assert.deepEqual(await statusOf(issued), ['CERTIFICATE_REVOKED', 'STATUS_CLEAR']);
      }),
    );
  });

  it('signs a list anew only when something changed or a day has passed', async () => {
    const issued = await issue();
    const [entry] = issued.credential.credentialStatus;
    const first = await list(entry.statusListCredential);
    assert.equal(await list(entry.statusListCredential), first);
    world.time.now = new Date(world.time.now.getTime() + 23 * 3600_000);
    assert.equal(await list(entry.statusListCredential), first);
    world.time.now = new Date(world.time.now.getTime() + 2 * 3600_000);
    const renewed = await list(entry.statusListCredential);
    assert.notEqual(renewed, first);
    assert.deepEqual(await statusOf(issued), ['STATUS_CLEAR', 'STATUS_CLEAR']);
    const response = await fetch(world.listener.url + new URL(entry.statusListCredential).pathname);
    assert.equal(response.headers.get('content-type'), 'application/vc');
    assert.match(response.headers.get('cache-control') ?? '', /max-age=300/);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
  });

  it('has no list 2 while list 1 has room, and no list of other purposes', async () => {
    assert.equal((await fetch(`${world.listener.url}${base}/status/revocation/2`)).status, 404);
    assert.equal((await fetch(`${world.listener.url}${base}/status/refresh/1`)).status, 422);
  });

  it('begins the next list when half of one is used', async () => {
    await world.database.knex('status_lists').update({ used: 65_536 });
    const issued = await issue();
    assert.ok(issued.credential.credentialStatus.every((entry) => entry.statusListCredential.endsWith('/2')));
    assert.deepEqual(await statusOf(issued), ['STATUS_CLEAR', 'STATUS_CLEAR']);
  });

  describe('VC-API', () => {
    let results = 0;
    /** A credential of a result that was not certified yet. */
    const unsigned = async (number: string, changes: object = {}) => {
      const template = readRecord((await issue()).credential);
      template.assessment = { ...template.assessment, id: `2026-VC-${++results}` };
      const { credentialStatus: _, ...credential } = buildCredential({
        ...template,
        certificateNumber: number,
        ...changes,
      });
      return credential;
    };
    const issueCredential = (credential: object, options: object = {}) =>
      world.call('POST', `${base}/credentials/issue`, { credential, options: {} }, { key: null, ...options });

    it('signs a complete credential, assigns its status, and gives the same answer again', async () => {
      const credential = await unsigned(`${CODE}263700001`);
      const { verifiableCredential } = await answer<{ verifiableCredential: CertificateCredential }>(
        issueCredential(credential),
        201,
      );
      const { credentialStatus, proof: _, ...rest } = verifiableCredential;
      assert.deepEqual(rest, credential);
      assert.equal(credentialStatus.length, 2);
      assert.ok(await world.libraryVerifies(verifiableCredential));
      const again = await answer<object>(issueCredential(credential), 201);
      assert.deepEqual(again, { verifiableCredential });
    });

    it('refuses what is not exactly a certificate of this institution', async () => {
      const good = await unsigned(`${CODE}263700002`);
      const codeOf = async (credential: object, status: number): Promise<string> =>
        (await answer<Problem>(issueCredential(credential), status)).code;
      assert.equal(await codeOf({ ...good, credentialStatus: [] }, 422), 'CREDENTIAL_STATUS_GIVEN');
      assert.equal(
        await codeOf({ ...good, issuer: { id: 'did:web:evil.example', name: 'x' } }, 400),
        'ISSUER_MISMATCH',
      );
      assert.equal(await codeOf({ ...good, issuer: null }, 400), 'ISSUER_MISSING');
      assert.equal(await codeOf({ ...good, issuer: 'nobody' }, 400), 'ISSUER_INVALID');
      assert.equal(await codeOf({ ...good, issuer: { ...good.issuer, name: '国家人社部' } }, 422), 'ISSUER_MISMATCH');
      assert.equal(await codeOf({ ...good, extra: 1 }, 422), 'CREDENTIAL_SCHEMA');
      assert.equal(await codeOf({ ...good, validFrom: '2026-11-21T08:00:00+08:00' }, 400), 'CREDENTIAL_SHAPE');
      assert.equal(await codeOf(await unsigned('S000051000099263000001'), 422), 'NUMBER_INSTITUTION_MISMATCH');
      assert.equal(await codeOf(await unsigned(`${CODE}263700003`, { revision: 2 }), 422), 'REVISION_WRONG');
      assert.equal(
        await codeOf(
          await unsigned(`${CODE}263700004`, { accreditation: { id: 'urn:yizheng:accreditation:x:9' } }),
          403,
        ),
        'ISSUER_NOT_ACCREDITED',
      );
      const other = { ...good, credentialSubject: { ...good.credentialSubject, name: '王芳' } };
      await answer(issueCredential(good), 201);
      assert.equal(await codeOf(other, 422), 'IDEMPOTENCY_KEY_REUSED');
      assert.equal((await answer<Problem>(issueCredential(other, { key: 'another-key-1' }), 409)).code, 'NUMBER_TAKEN');
    });

    it('refuses a result that was certified already, on either way (CERTIFICATE_DUPLICATE)', async () => {
      const certified = readRecord((await issue()).credential);
      const { credentialStatus: _, ...again } = buildCredential({
        ...certified,
        certificateNumber: `${CODE}263700010`,
      });
      assert.equal((await answer<Problem>(issueCredential(again), 409)).code, 'CERTIFICATE_DUPLICATE');
      const { credentialStatus: __, ...first } = buildCredential({
        ...certified,
        certificateNumber: `${CODE}263700011`,
        assessment: { ...certified.assessment, id: '2026-PJ-VC' },
      });
      await answer(issueCredential(first), 201);
      const examOf = exam(serial);
      const assessment = { ...(examOf['assessment'] as object), id: '2026-PJ-VC' };
      const same = await answer<Problem>(world.call('POST', `${base}/certificates`, { ...examOf, assessment }), 409);
      assert.equal(same.code, 'CERTIFICATE_DUPLICATE');
    });

    it('sets and clears a status', async () => {
      const issued = await issue();
      const set = (statusPurpose: string, status: boolean) =>
        world.call(
          'POST',
          `${base}/credentials/status`,
          { credentialId: issued.id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose }, status },
          { secret: world.secrets.approver },
        );
      await answer(set('suspension', true));
      assert.deepEqual(await statusOf(issued), ['STATUS_CLEAR', 'CERTIFICATE_SUSPENDED']);
      await answer(set('suspension', false));
      await answer(set('revocation', true));
      assert.deepEqual(await statusOf(issued), ['CERTIFICATE_REVOKED', 'STATUS_CLEAR']);
      assert.equal((await answer<Problem>(set('revocation', false), 409)).code, 'REVOCATION_IS_FINAL');
    });
  });

  it('gives out the audit log page by page, to auditors', async () => {
    const page = (after: number, secret = world.secrets.auditor) =>
      world.call('GET', `${base}/audit?after=${after}&limit=10`, undefined, { secret });
    const { entries } = await answer<{ entries: { sequence: number }[] }>(page(0));
    assert.equal(entries.length, 10);
    const next = await answer<typeof entries & { entries: { sequence: number }[] }>(page(entries[9]!.sequence));
    assert.ok(next.entries[0]!.sequence > entries[9]!.sequence);
    assert.equal((await answer<Problem>(page(0, world.secrets.clerk), 403)).code, 'ROLE_MISSING');
  });

  it('makes and revokes API keys of its own tenant', async () => {
    const made = await answer<{ id: string; secret: string }>(
      world.call(
        'POST',
        `${base}/api-keys`,
        { roles: ['clerk'], label: 'desk 2', expiresAt: '2027-01-01T00:00:00Z' },
        { secret: world.secrets.admin },
      ),
      201,
    );
    const use = () => world.call('POST', `${base}/certificates`, exam(++serial), { secret: made.secret });
    await answer(use(), 201);
    await answer(world.call('DELETE', `${base}/api-keys/${made.id}`, undefined, { secret: world.secrets.admin }), 204);
    assert.equal((await answer<Problem>(use(), 401)).code, 'API_KEY_INVALID');
  });

  it('describes its whole API', async () => {
    const document = await answer<{ paths: Record<string, object> }>(fetch(`${world.listener.url}/openapi.json`));
    for (const path of ['certificates', 'credentials/issue', 'credentials/status', 'accreditation', 'did.json'])
      assert.ok(document.paths[`/institutions/{institutionCode}/${path}`], path);
  });
});
