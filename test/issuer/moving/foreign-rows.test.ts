import assert from 'node:assert/strict';
import { join } from 'node:path';
import { arrive, type ArrivingTools } from '../../../issuer/moving/arriving.js';
import { MOVED_TABLES } from '../../../issuer/moving/tables.js';
import type { MovedRow } from '../../../issuer/moving/table-file.js';
import { Keystore } from '../../../keys/keystore.js';
import { sameApplicant } from '../../../issuer/applications/same-applicant.js';
import { AUTHORITY, CODE, EMPLOYER_CODE } from '../world.js';
import { startHost, wholeDatabase, type Host } from './host.js';

describe('issuer: what somebody could put into an archive', function () {
  this.timeout(60_000);
  let host: Host;
  let transfer: Keystore;
  before(async () => {
    host = await startHost('sqlite', { time: { now: new Date('2026-11-21T09:00:00Z') } });
    transfer = await Keystore.create(join(host.folder, 'way.json'), 'a passphrase for the way', {
      now: '2026-11-21T09:00:00Z',
    });
  });
  after(() => host.remove());

  const arriving = (name: string, rows: MovedRow[]): Promise<string> =>
    host.effects.database
      .write(async (transaction) => {
        const table = MOVED_TABLES.find((one) => one.name === name);
        assert.ok(table);
        const tools: ArrivingTools = {
          transaction,
          code: CODE,
          did: `did:web:issuer.example:institutions:${CODE}`,
          authority: AUTHORITY,
          keystore: host.effects.keystore,
          transfer,
          randomBytes: host.effects.randomBytes,
          cells: new Map(),
          credentials: new Set(),
        };
        await arrive(table, rows, tools);
        return 'taken in';
      })
      .catch((error: unknown) => (error as { code?: string }).code ?? String(error));

  it('rows of another institution, of the host, or of nobody here are refused, in every table', async () => {
    const before = await wholeDatabase(host.effects);
    for (const { name, column } of MOVED_TABLES) {
      if (name === 'accounts' || name === 'credential_makers') continue;
      for (const owner of [EMPLOYER_CODE, '*', ''])
        assert.equal(await arriving(name, [{ [column]: owner }]), 'ARCHIVE_FOREIGN', `${name} of ${owner}`);
    }
    assert.equal(await wholeDatabase(host.effects), before);
  });

  it('rows with other columns are refused', async () => {
    assert.equal(await arriving('serials', [{ institution: CODE, year: '26' }]), 'ARCHIVE_FOREIGN');
    const more = { institution: CODE, year: '26', level: '3', last: 1, 'x" text': 1 };
    assert.equal(await arriving('serials', [more]), 'ARCHIVE_FOREIGN');
  });

  it('an account brings no way in, and changes nobody who is known here', async () => {
    const person = {
      id: 'acct_known',
      login: 'known',
      name: '李四',
      created_at: '2026-01-01T00:00:00Z',
      disabled_at: null,
    };
    await host.effects.database.knex('accounts').insert({ ...person, password: 'hash' });
    const stored = (): Promise<unknown> => host.effects.database.knex('accounts').orderBy('id');
    const before = await stored();
    assert.equal(await arriving('accounts', [{ ...person, name: '别人' }]), 'taken in');
    assert.deepEqual(await stored(), before);
    assert.equal(await arriving('accounts', [{ ...person, id: 'acct_new', password: 'hash' }]), 'ARCHIVE_FOREIGN');
    assert.equal(
      await arriving('credential_makers', [{ credential: 'acct_known', maker: 'acct_x', at: '2026-01-01T00:00:00Z' }]),
      'taken in',
    );
    assert.deepEqual(
      await host.effects.database.knex('credential_makers').select(),
      [],
      'who gave them access stays what it was',
    );
    assert.equal(await arriving('accounts', [{ ...person, id: 'acct_other' }]), 'taken in');
    const other: { login: string; password: string | null } | undefined = await host.effects.database
      .knex('accounts')
      .where({ id: 'acct_other' })
      .first('login', 'password');
    assert.deepEqual({ ...other }, { login: `known-${CODE.toLowerCase()}`, password: null });
  });

  it('an entry of the log that was changed is refused', async () => {
    const entry = {
      at: '2026-01-01T00:00:00.000Z',
      tenant: CODE,
      actor: 'a',
      action: 'certificate.issue',
      subject: 's',
      detail: '{}',
    };
    const origin = {
      origin: 'https://old.example',
      origin_sequence: 1,
      origin_previous_hash: '0'.repeat(64),
      origin_hash: '1'.repeat(64),
    };
    assert.equal(await arriving('audit_log', [{ ...entry, origins: [origin] }]), 'ARCHIVE_TAMPERED');
  });

  it('an applicant who came along is compared by name and last four characters', () => {
    const applicant = { name: '张伟', idType: 'resident-identity-card', idLastFour: '1234', holderKey: '' } as const;
    const holder = {
      name: '张伟',
      identityDocumentType: 'resident-identity-card',
      identityDocumentLastFour: '1234',
    } as const;
    assert.deepEqual(sameApplicant(applicant, holder, 'f'.repeat(64)), {
      answer: 'pass',
      code: 'PERSON_NAME_AND_LAST_FOUR',
    });
    assert.equal(sameApplicant({ ...applicant, idLastFour: '4321' }, holder, 'f'.repeat(64)).answer, 'fail');
  });
});
