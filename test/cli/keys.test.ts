import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyInfo } from '../../keys/custody.js';
import { eventInputSchema } from '../../registry/statement-input.js';
import { cli } from './run.js';

const DID = 'did:web:issuer.example';

describe('yizheng keys', () => {
  let home: string;
  let keystore: string;
  let access: string[];
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'yizheng-cli-keys-'));
    keystore = join(home, 'keystore.json');
    const passphrase = join(home, 'passphrase');
    await writeFile(passphrase, 'correct horse 口令\n', { mode: 0o600 });
    access = ['--keystore', keystore, '--passphrase-file', passphrase];
  });
  after(() => rm(home, { recursive: true }));

  const keys = (...argv: string[]) => cli(['keys', ...argv, '--json'], { home });
  const errorOf = (out: string): string => (JSON.parse(out) as { error: { code: string } }).error.code;

  it('takes a key through its whole life, and publishes it', async () => {
    const missing = await keys('create', '--did', DID, ...access);
    assert.deepEqual([missing.code, errorOf(missing.out)], [3, 'KEYSTORE_NOT_FOUND']);
    const created = await keys('create', '--init', '--did', DID, ...access);
    assert.equal(created.code, 0, created.out + created.err);
    assert.equal((await stat(keystore)).mode & 0o777, 0o600);
    const first = JSON.parse(created.out) as KeyInfo;
    assert.equal(first.id, `${DID}#key-1`);
    assert.equal(first.validFrom, '2026-11-21T00:00:00Z');

    const rotated = await keys('rotate', '--did', DID, ...access);
    assert.equal((JSON.parse(rotated.out) as { active: KeyInfo }).active.id, `${DID}#key-2`);
    const compromised = await keys('compromise', `${DID}#key-1`, '--since', '2026-11-20T20:00:00+08:00', ...access);
    assert.equal((JSON.parse(compromised.out) as KeyInfo).compromisedSince, '2026-11-20T12:00:00Z');
    const retired = await keys('retire', `${DID}#key-2`, ...access);
    assert.equal((JSON.parse(retired.out) as KeyInfo).state, 'retired');
    const again = await keys('retire', `${DID}#key-2`, ...access);
    assert.deepEqual([again.code, errorOf(again.out)], [1, 'KEY_NOT_ACTIVE']);

    const listed = JSON.parse((await keys('list', '--did', DID, ...access)).out) as KeyInfo[];
    assert.deepEqual(
      listed.map(({ state }) => state),
      ['compromised', 'retired'],
    );
    const document = JSON.parse((await keys('did-document', '--did', DID, ...access)).out) as {
      id: string;
      assertionMethod: string[];
    };
    assert.equal(document.id, DID);
    assert.deepEqual(document.assertionMethod, [`${DID}#key-2`]);
    const text = await cli(['keys', 'list', ...access], { home });
    assert.match(text.out, /key-1 {2}已泄露/);
  });

  it('never overwrites a keystore, and tells a wrong passphrase from a careless file', async () => {
    const other = await keys('create', '--init', '--did', DID, ...access);
    assert.deepEqual([other.code, errorOf(other.out)], [1, 'KEYSTORE_EXISTS']);
    const wrong = join(home, 'wrong');
    await writeFile(wrong, 'something else\n', { mode: 0o600 });
    const refused = await keys('list', '--keystore', keystore, '--passphrase-file', wrong);
    assert.deepEqual([refused.code, errorOf(refused.out)], [3, 'KEYSTORE_PASSPHRASE_WRONG']);
    const careless = join(home, 'careless');
    await writeFile(careless, 'correct horse 口令\n', { mode: 0o644 });
    const open = await keys('list', '--keystore', keystore, '--passphrase-file', careless);
    assert.deepEqual([open.code, errorOf(open.out)], [3, 'PASSPHRASE_FILE_MODE']);
    const none = await keys('list', '--keystore', keystore);
    assert.deepEqual([none.code, errorOf(none.out)], [3, 'PASSPHRASE_SOURCE']);
  });

  it('takes no passphrase as argument or from the environment, and shows none', async () => {
    const asArgument = await keys('list', '--keystore', keystore, '--passphrase', 'correct horse 口令');
    assert.equal(asArgument.code, 3);
    const help = await cli(['keys', 'list', '--help'], { home });
    assert.equal(help.code, 0);
    assert.ok(!/--passphrase(?!-file|-fd)/.test(help.out));
    const { content } = JSON.parse(await readFile(keystore, 'utf8')) as { content: { keys: object[] } };
    assert.ok(content.keys.every((key) => !('privateKey' in key)));
  });

  it('says what has to be done next after a rotation, a compromise and the end of the last key', async () => {
    const did = 'did:web:next.example';
    const said = async (...argv: string[]) => (await cli(['keys', ...argv, ...access], { home })).out;
    await said('create', '--did', did);
    assert.match(await said('rotate', '--did', did), /下一步[^]*\/accreditations\/<备案编号>\/keys/);
    const compromised = await said('compromise', `${did}#key-1`, '--since', '2026-11-20T20:00:00+08:00');
    const [event = ''] = /\{.*\}/.exec(compromised) ?? [];
    assert.equal(eventInputSchema.safeParse(JSON.parse(event)).error, undefined);
    assert.match(compromised, /registry event[^]*registry publish/);
    assert.match(await said('retire', `${did}#key-2`), /已没有在用的 assertion 密钥/);
  });

  it('makes the next key without letting it sign, says what comes before that, and then lets it take over', async () => {
    const did = 'did:web:follow.example';
    await keys('create', '--did', did, ...access);
    const prepared = await keys('prepare', '--did', did, ...access);
    assert.equal((JSON.parse(prepared.out) as KeyInfo).state, 'next');
    const refused = await keys('rotate', '--did', did, ...access);
    assert.deepEqual([refused.code, errorOf(refused.out)], [1, 'KEY_NEXT_EXISTS']);
    const done = JSON.parse((await keys('activate', '--did', did, ...access)).out) as Record<string, KeyInfo>;
    assert.deepEqual([done['retired']?.id, done['active']?.id], [`${did}#key-1`, `${did}#key-2`]);
    const text = await cli(['keys', 'prepare', '--did', did, ...access], { home });
    assert.match(text.out, /key-3 {2}待启用[\s\S]*备案[\s\S]*keys activate/);
  });
});
