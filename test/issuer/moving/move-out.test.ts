import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  closeInstitution,
  eraseInstitution,
  exportInstitution,
  importInstitution,
  reopenInstitution,
  type Arrival,
} from '../../../issuer/index.js';
import { fileKey } from '../../../issuer/moving/export-institution.js';
import { credentialJson, storedCertificates } from '../../../issuer/certificate-row.js';
import { openEvidence } from '../../../issuer/applications/sealed-evidence.js';
import { MOVED_TABLES, STAYING_TABLES } from '../../../issuer/moving/tables.js';
import { readTableFile } from '../../../issuer/moving/table-file.js';
import { NumberSeal } from '../../../issuer/assessment-sessions/number-seal.js';
import { Keystore } from '../../../keys/keystore.js';
import { verifyAuditChain, type Problem } from '../../../server/index.js';
import { verifyWithSecondImplementation } from '../../../shared/proof/second-implementation.js';
import { getBit, MIN_STATUS_LIST_ENTRIES } from '../../../shared/status/bitstring.js';
import { decodeBitstring } from '../../../shared/status/encode-bitstring.js';
import type { DatabaseKind } from '../../database/fresh-database.js';
import { checkInvariants, integrityCheck } from '../invariants.js';
import { keepApart } from '../kept-apart.js';
import { answer, CODE, EMPLOYER_CODE, exam, type World } from '../world.js';
import { startHost, tablesOf, wholeDatabase, type Host } from './host.js';
import { NUMBERS, startOffice, type Office } from './office-to-move.js';

const WAY = 'a passphrase for the way';
const OPERATOR = 'operator';

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

async function problemOf(response: Promise<Response>): Promise<[number, string]> {
  const got = await response;
  return [got.status, ((await got.json()) as Problem).code];
}

for (const [from, to] of [
  ['sqlite', 'sqlite'],
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
] as const satisfies [DatabaseKind, DatabaseKind][])
  describe(`issuer: an institution moves out [${from} → ${to}]${from === to ? '' : ' @slow'}`, function () {
    this.timeout(120_000);
    let office: Office;
    let world: World;
    let folder: string;
    let host: Host;
    let arrival: Arrival;
    const archive = (): string => join(folder, 'archive');
    const at = `/institutions/${CODE}`;
    // What an archive is refused for has nothing to do with the database.
    const once = from === to ? it : () => undefined;

    before(async () => {
      office = await startOffice(from);
      ({ world } = office);
      await keepApart(world.database);
      folder = await mkdtemp(join(tmpdir(), 'yizheng-moving-'));
      host = await startHost(to, { time: world.time });
    });
    after(async () => {
      await host.remove();
      await world.remove();
      await rm(folder, { recursive: true });
    });

    it('names every table there is, as one that goes along or one that stays', async () => {
      const named = [...MOVED_TABLES.map(({ name }) => name), ...Object.keys(STAYING_TABLES)];
      assert.deepEqual(await tablesOf(world.issuer.service.effects), named.sort());
    });

    it('begins only when nothing is half done', async () => {
      const { knex } = world.database;
      const later = new Date(world.time.now.getTime() + 60_000).toISOString();
      await knex('assessment_sessions').where({ id: office.session }).update({ handing_in_until: later });
      const request = { code: CODE, folder: archive(), passphrase: WAY, actor: OPERATOR };
      assert.equal(await codeOf(exportInstitution(world.issuer.service.effects, request)), 'TENANT_NOT_AT_REST');
      await knex('assessment_sessions').where({ id: office.session }).update({ handing_in_until: null });
      const partner = { lead: CODE, session: office.session, institution: EMPLOYER_CODE, state: 'accepted' };
      await knex('assessment_partners').insert({ ...partner, invited_by: 'test', invited_at: later });
      const joint = await exportInstitution(world.issuer.service.effects, request).catch((error: unknown) => error);
      await knex('assessment_partners').delete();
      assert.match(String(joint), new RegExp(`joint-examination ${office.session}`), 'the other half would stay');
      assert.deepEqual(await readdir(folder), [], 'nothing is left of what did not begin');
      assert.equal((await world.call('GET', `${at}/certificates`)).status, 200, 'and nothing stands still');
    });

    it('is written to a folder that says nothing without the passphrase, and stands still from then on', async () => {
      const { effects } = world.issuer.service;
      const request = { code: CODE, folder: archive(), passphrase: WAY, actor: OPERATOR };
      const { manifest } = await exportInstitution(effects, request);
      assert.equal(manifest.tables.find(({ name }) => name === 'certificates')?.rows, 2);
      assert.equal(await codeOf(exportInstitution(effects, request)), 'FILE_EXISTS');

      assert.deepEqual(await problemOf(world.call('POST', `${at}/certificates`, exam(7))), [409, 'TENANT_MOVING']);
      assert.deepEqual(await problemOf(world.call('GET', `${at}/certificates`)), [409, 'TENANT_MOVING']);
      const batch = world.issuer.service.batches.approve(CODE, office.batch, { actor: 'somebody' });
      assert.equal(await codeOf(batch), 'TENANT_MOVING', 'also past the routes');
      for (const path of [`${at}/did.json`, `${at}/status/revocation/1`])
        assert.equal((await world.call('GET', path)).status, 200, `${path} still answers`);
      const other = world.call('GET', `/institutions/${EMPLOYER_CODE}/certificates`, undefined, {
        secret: world.secrets.other,
      });
      assert.equal((await other).status, 200, 'others go on');
    });

    it('holds nothing of another institution, and no document number', async () => {
      const transfer = await Keystore.open(join(archive(), 'keystore.json'), WAY);
      assert.deepEqual(
        [...new Set(transfer.list().map(({ controller }) => controller))],
        [world.accreditations[0]?.institution],
        'keys of this institution only',
      );
      const { tables, id } = JSON.parse(
        Buffer.from(
          (await readFile(join(archive(), 'manifest.jws'), 'utf8')).split('.')[1] ?? '',
          'base64url',
        ).toString(),
      ) as { id: string; tables: { name: string; bytes: number; rows: number }[] };
      let read = 0;
      for (const { name, bytes, rows } of tables) {
        let seen = 0;
        for await (const page of readTableFile(join(archive(), `${name}.rows`), await fileKey(transfer, id, name), {
          bytes,
        })) {
          const text = JSON.stringify(page);
          seen += page.length;
          // What the authority publishes for everybody names whom it accredits.
          if (name !== 'authorities')
            assert.ok(!text.includes(EMPLOYER_CODE) && !text.includes('外人'), `${name} holds another institution`);
          for (const number of NUMBERS) assert.ok(!text.includes(number), `${name} holds a document number`);
          if (name === 'accounts') assert.ok(!text.includes('$argon2'), 'no password');
        }
        assert.equal(seen, rows, name);
        read += seen;
      }
      assert.ok(read > 30);
      for (const file of await readdir(archive())) {
        const bytes = await readFile(join(archive(), file));
        for (const word of ['张伟', CODE].filter((one) => one !== CODE || file.endsWith('.rows')))
          assert.ok(!bytes.includes(word), `${file} can be read`);
      }
    });

    const changed = async (change: (copy: string) => Promise<unknown>, passphrase = WAY): Promise<string> => {
      const copy = await mkdtemp(join(folder, 'copy-'));
      await cp(archive(), copy, { recursive: true });
      await change(copy);
      const before = await wholeDatabase(host.effects);
      const code = await codeOf(importInstitution(host.effects, { folder: copy, passphrase, actor: OPERATOR }));
      assert.equal(await wholeDatabase(host.effects), before, 'nothing was stored');
      assert.deepEqual(host.effects.keystore.list(), [], 'no key either');
      await rm(copy, { recursive: true });
      return code;
    };
    const nothing = (): Promise<void> => Promise.resolve();

    once('is not taken in with another passphrase', async () => {
      assert.equal(await changed(nothing, 'another passphrase'), 'KEYSTORE_PASSPHRASE_WRONG');
    });
    once('is not taken in when a byte of a file was changed', async () => {
      const flip = async (copy: string): Promise<void> => {
        const file = join(copy, 'certificates.rows');
        const bytes = await readFile(file);
        bytes[40] = (bytes[40] ?? 0) ^ 1;
        await writeFile(file, bytes);
      };
      assert.equal(await changed(flip), 'ARCHIVE_TAMPERED');
    });
    once('is not taken in when a file was cut short or is missing', async () => {
      assert.equal(await changed((copy) => truncate(join(copy, 'audit_log.rows'), 100)), 'ARCHIVE_TAMPERED');
      assert.equal(await changed((copy) => rm(join(copy, 'batches.rows'))), 'ARCHIVE_TAMPERED');
    });
    once('is not taken in when it was not written to its end', async () => {
      assert.equal(await changed((copy) => rm(join(copy, 'manifest.jws'))), 'ARCHIVE_UNREADABLE');
    });
    once('is not taken in when what it says about itself was changed', async () => {
      const rewrite = async (copy: string): Promise<void> => {
        const file = join(copy, 'manifest.jws');
        const [header, payload = '', signature] = (await readFile(file, 'utf8')).split('.');
        const text = Buffer.from(payload, 'base64url').toString().replace('"rows":2', '"rows":3');
        await writeFile(file, [header, Buffer.from(text).toString('base64url'), signature].join('.'));
      };
      assert.equal(await changed(rewrite), 'ARCHIVE_TAMPERED');
    });
    once('is not taken in by a host of another version', async () => {
      const { knex } = host.effects.database;
      const name = 'issuer-999-of-tomorrow';
      const batch = 1;
      await knex('knex_migrations').insert({ name, batch, migration_time: new Date(0) });
      const code = await changed(nothing).finally(() => knex('knex_migrations').where({ name }).delete());
      assert.equal(code, 'ARCHIVE_SCHEMA');
    });
    once('is not taken in by the host it is on', async () => {
      const again = importInstitution(world.issuer.service.effects, {
        folder: archive(),
        passphrase: WAY,
        actor: OPERATOR,
      });
      assert.equal(await codeOf(again), 'TENANT_EXISTS');
    });
    it('is not taken in half: what ends in the middle leaves nothing behind', async () => {
      const { keystore, ...effects } = host.effects;
      let sealed = 0;
      const broken = {
        ...effects,
        keystore,
        randomBytes: (length: number) => {
          // The candidates are sealed anew after certificates, batches and lists were stored.
          if (++sealed > 1) throw new Error('power cut');
          return effects.randomBytes(length);
        },
      };
      const before = await wholeDatabase(host.effects);
      await assert.rejects(
        importInstitution(broken, { folder: archive(), passphrase: WAY, actor: OPERATOR }),
        /power cut/,
      );
      assert.equal(await wholeDatabase(host.effects), before);
    });

    it('is taken in whole, with a receipt; again gives the receipt again', async () => {
      arrival = await importInstitution(host.effects, { folder: archive(), passphrase: WAY, actor: OPERATOR });
      assert.equal(arrival.again, false);
      const again = await importInstitution(host.effects, { folder: archive(), passphrase: WAY, actor: OPERATOR });
      assert.deepEqual([again.again, again.receipt], [true, arrival.receipt]);
      assert.equal(await integrityCheck(host.databaseUrl), 'ok');
    });

    it('keeps what was acknowledged, and a log that holds: entries of before are in the chain here, and have their hashes of there', async () => {
      const { knex } = host.effects.database;
      const known = await Promise.all(
        office.certificates.map(async ({ id }) => {
          const row = await storedCertificates(world.database.knex).where({ id }).first();
          assert.ok(row?.own_texts, 'it was kept apart there');
          return { id, idempotencyKey: row.idempotency_key, json: credentialJson(row) ?? '' };
        }),
      );
      const { certificates } = await checkInvariants(host.effects.database, known, (credential) =>
        world.libraryVerifies(credential),
      );
      assert.equal(certificates, 2);
      assert.deepEqual(await knex('certificates').whereNull('credential').orWhereNotNull('skeleton'), [], 'whole here');
      const documentThere = await world.issuer.service.didDocument(CODE);
      assert.deepEqual(await host.issuer.service.didDocument(CODE), documentThere, 'its DID document is the same');
      const there = (await world.database.knex('audit_log').where({ tenant: CODE }).orderBy('sequence')) as {
        action: string;
        hash: string;
      }[];
      const frozen = there.findIndex(({ action }) => action === 'tenant.freeze');
      const origins: { origin_hash: string }[] = await knex('audit_origins')
        .orderBy('origin_sequence')
        .select('origin_hash');
      assert.deepEqual(
        origins.slice(0, frozen + 1).map(({ origin_hash }) => origin_hash),
        there.slice(0, frozen + 1).map(({ hash }) => hash),
      );
      const actions = (await knex('audit_log').where({ tenant: CODE }).orderBy('sequence').pluck('action')) as string[];
      assert.equal(actions.at(-1), 'tenant.import');
    });

    it('goes on: next number, fresh status index, no result twice', async () => {
      const { service } = host.issuer;
      await service.institutions.setApproval(CODE, false, OPERATOR);
      const secret = world.secrets.clerk;
      const duplicate = host.call('POST', `${at}/certificates`, exam(1), secret);
      assert.deepEqual(await problemOf(duplicate), [409, 'CERTIFICATE_DUPLICATE']);
      const next = await answer<{ id: string; certificateNumber: string }>(
        host.call('POST', `${at}/certificates`, exam(8), secret),
        201,
      );
      const serial = (number: string | undefined): number => Number(number?.slice(-6));
      assert.equal(serial(next.certificateNumber), serial(office.certificates[1]?.certificateNumber) + 1);
      const rows: object[] = await host.effects.database.knex('certificates').select('list', 'list_index');
      assert.equal(new Set(rows.map((row) => JSON.stringify(row))).size, 3);
      await service.institutions.setApproval(CODE, true, OPERATOR);
    });

    it('shows a revocation of an old certificate in the list at its old address', async () => {
      const id = office.certificates[0]?.id ?? '';
      const institution = await host.issuer.service.institutions.get(CODE);
      await host.issuer.service.institutions.setApproval(CODE, false, OPERATOR);
      await host.issuer.service.changeStatus(CODE, id, OPERATOR, { action: 'revoke', reason: 'fraud' });
      await host.issuer.service.institutions.setApproval(CODE, true, OPERATOR);
      const list = JSON.parse(await host.issuer.service.statusLists.current(institution, 'revocation', 1)) as {
        id: string;
        credentialSubject: { encodedList: string };
        proof: { verificationMethod: string };
      };
      const key = world.keystore.list().find(({ id }) => id === list.proof.verificationMethod);
      assert.ok(
        key && (await verifyWithSecondImplementation(list, key)),
        'signed by a key of its DID document of before',
      );
      const rows: { id: string; list_index: number; status: string }[] = await host.effects.database
        .knex('certificates')
        .where({ list: 1 })
        .select('id', 'list_index', 'status');
      const bits = decodeBitstring(list.credentialSubject.encodedList, MIN_STATUS_LIST_ENTRIES);
      for (const row of rows) assert.equal(getBit(bits, row.list_index), row.status === 'revoked', row.id);
      assert.equal(rows.filter(({ status }) => status === 'revoked').length, 2);
    });

    it('keeps four eyes: whoever handed the batch in cannot approve it here, somebody else can, and the certificates come', async () => {
      const { batches } = host.issuer.service;
      const own = batches.approve(CODE, office.batch, { actor: office.clerk.id });
      assert.equal(await codeOf(own), 'APPROVAL_BY_SAME_PERSON');
      const { id: approver } = await host.issuer.service.createApiKey(
        { tenant: CODE, roles: ['approver'], label: 'approver of here', expiresAt: '2036-01-01T00:00:00Z' },
        OPERATOR,
      );
      await batches.approve(CODE, office.batch, { actor: approver });
      while ((await batches.get(CODE, office.batch)).state !== 'done') await sleep(50);
      assert.equal((await batches.get(CODE, office.batch)).done, 2);
    });

    it('opens the sealed numbers of candidates here, under the secret of here', async () => {
      const { keystore, randomBytes, database } = host.effects;
      const seal = await NumberSeal.of({ keystore, randomBytes }, { institution: CODE, id: office.session });
      const rows = (await database.knex('assessment_candidates').orderBy('candidate')) as {
        sealed_number: string;
        holder_key: string;
      }[];
      assert.deepEqual(
        rows.map((row) => seal.open(row.sealed_number, row.holder_key)),
        NUMBERS.slice(0, 2),
      );
      const text = await wholeDatabase(host.effects);
      for (const number of NUMBERS) assert.ok(!text.includes(number));
    });

    it('opens what an applicant presented here, and ends the offer whose transaction code nobody can check here', async () => {
      const { knex } = host.effects.database;
      const [evidence]: { id: string; sealed: string }[] = await knex('application_evidence').select('id', 'sealed');
      const json = (await host.issuer.service.certificate(CODE, office.certificates[0]?.id ?? '')).json;
      const opened = await openEvidence(evidence?.sealed ?? '', evidence?.id ?? '', host.effects);
      assert.equal((JSON.parse(opened) as { json: string }).json, json);
      const path = `${at}/applications/${office.application}`;
      assert.equal((await host.call('GET', path, undefined, world.secrets.clerk)).status, 200);
      assert.deepEqual(await knex('credential_offers').where({ id: office.offer }).pluck('state'), ['withdrawn']);
    });

    it('lets nobody in without a new beginning, and remembers who they were', async () => {
      const rows = (await host.effects.database.knex('accounts').where({ id: office.clerk.id })) as {
        name: string;
        password: unknown;
      }[];
      assert.deepEqual(
        rows.map(({ name, password }) => ({ name, password })),
        [{ name: '王书办', password: null }],
      );
      assert.deepEqual(await host.effects.database.knex('account_memberships').where({ tenant: CODE }).pluck('roles'), [
        'clerk approver',
      ]);
    });

    it('is let go of with the receipt only, and then answers that it has moved', async () => {
      const { effects } = world.issuer.service;
      assert.equal(await codeOf(eraseInstitution(effects, { code: CODE, actor: OPERATOR })), 'TENANT_NOT_MOVING');
      const forged = arrival.receipt.replace(/\.[^.]+\./, `.${Buffer.from('{}').toString('base64url')}.`);
      const close = (receipt: string): Promise<unknown> =>
        closeInstitution(effects, { code: CODE, receipt, actor: OPERATOR });
      assert.equal(await codeOf(close(forged)), 'ARCHIVE_TAMPERED');
      await close(arrival.receipt);
      await close(arrival.receipt);
      for (const path of [at, `${at}/did.json`, `${at}/status/revocation/1`, `${at}/certificates`])
        assert.deepEqual(await problemOf(world.call('GET', path)), [410, 'TENANT_MOVED'], path);
      const { keystore } = world;
      const key = keystore.list({ purpose: 'assertion' }).find(({ id }) => id.includes(CODE))?.id ?? '';
      assert.equal(await codeOf(keystore.sign(key, new Uint8Array(1))), 'KEY_NOT_ACTIVE');
      assert.equal(await codeOf(reopenInstitution(effects, { code: CODE, actor: OPERATOR })), 'TENANT_MOVED');
    });

    it('is erased on the old host, whose log and other institutions stay whole', async () => {
      const { effects } = world.issuer.service;
      const erased = await eraseInstitution(effects, { code: CODE, actor: OPERATOR });
      assert.equal(erased['certificates'], 2);
      const { knex } = effects.database;
      assert.deepEqual(await knex('credential_skeletons').where({ skeleton_owner: CODE }), []);
      for (const table of MOVED_TABLES) {
        if (table.name === 'audit_log' || table.name === 'authorities') continue;
        const text = JSON.stringify(await knex(table.name).select());
        assert.ok(!text.includes(CODE) && !text.includes('王书办'), `${table.name} still holds something`);
      }
      assert.equal((await verifyAuditChain(knex)).brokenAt, undefined);
      const other = world.call('GET', `/institutions/${EMPLOYER_CODE}/certificates`, undefined, {
        secret: world.secrets.other,
      });
      assert.equal((await other).status, 200);
      assert.deepEqual(await problemOf(world.call('GET', at)), [410, 'TENANT_MOVED']);
    });

    it('may come back, with what happened elsewhere', async () => {
      const back = join(folder, 'back');
      await exportInstitution(host.effects, { code: CODE, folder: back, passphrase: WAY, actor: OPERATOR });
      const { effects } = world.issuer.service;
      await importInstitution(effects, { folder: back, passphrase: WAY, actor: OPERATOR });
      const count = await effects.database.knex('certificates').where({ institution: CODE }).pluck('id');
      assert.equal(count.length, 5);
      const issued = (await effects.database
        .knex('audit_log')
        .where({ tenant: CODE, action: 'certificate.issue' })
        .pluck('subject')) as string[];
      assert.equal(new Set(issued).size, issued.length, 'nothing stands in the log twice');
      assert.equal((await world.call('GET', `${at}/did.json`)).status, 200);
      assert.equal((await verifyAuditChain(effects.database.knex)).brokenAt, undefined);
      assert.equal(await codeOf(reopenInstitution(effects, { code: CODE, actor: OPERATOR })), 'TENANT_NOT_MOVING');
    });
  });
