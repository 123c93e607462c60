import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { KeyInfo } from '../../keys/custody.js';
import { Keystore } from '../../keys/keystore.js';
import { CK, CKA } from '../../keys/pkcs11/constants.js';
import type { Cryptoki, Handle } from '../../keys/pkcs11/cryptoki.js';
import { EDWARDS25519_PARAMS, keyPairTemplates, publicKeyOfPoint } from '../../keys/pkcs11/ed25519-object.js';
import { libraryAt } from '../../keys/pkcs11/library.js';
import { Pkcs11Token } from '../../keys/pkcs11/pkcs11-token.js';
import { remedyFor, tokenError } from '../../keys/pkcs11/token-error.js';
import { refusePinTry } from '../../keys/pkcs11/token-sessions.js';
import { errorCode } from '../../shared/errors.js';
import { cli } from '../cli/run.js';
import { PIN, softHsm, SO_PIN, whyNoSoftHsm } from './softhsm.js';

const DID = 'did:web:issuer.example';
const PASSPHRASE = 'correct horse battery';
const NOW = '2026-11-21T08:00:00Z';
const LABEL = 'yizheng-test';
/** Attributes only the tests ask for. */
const ASKED = { VALUE: 0x11, LOCAL: 0x163, NEVER_EXTRACTABLE: 0x164, ALWAYS_SENSITIVE: 0x165 };

const why = whyNoSoftHsm();

describe('keys on a PKCS#11 token (SoftHSM 2)', function () {
  this.timeout(60_000);
  if (why !== undefined) {
    it.skip(`was not tried: ${why}`);
    return;
  }
  let folder: string;
  let file: string;
  let token: Pkcs11Token;
  let keystore: Keystore;

  const open = (changes: object = {}): Promise<Pkcs11Token> =>
    Pkcs11Token.open({ module: softHsm().module, label: LABEL, pin: PIN, ...changes });
  const reopened = (): Promise<Keystore> => Keystore.open(file, PASSPHRASE, { token });
  /** Works on the token behind the back of custody, as its own tools would. */
  const behind = <T>(work: (cryptoki: Cryptoki, session: Handle) => T | Promise<T>, pin = PIN): Promise<T> =>
    libraryAt(softHsm().module).use(async (cryptoki) => {
      const slot = cryptoki.C_GetSlotList(true).find((one) => cryptoki.C_GetTokenInfo(one).label.trim() === LABEL);
      assert.ok(slot);
      const session = cryptoki.C_OpenSession(slot, CK.SERIAL_SESSION | CK.RW_SESSION);
      try {
        try {
          cryptoki.C_Login(session, CK.USER, pin);
        } catch (error) {
          assert.match(String(error), /USER_ALREADY_LOGGED_IN/);
        }
        return await work(cryptoki, session);
      } finally {
        cryptoki.C_CloseSession(session);
      }
    });
  const objectsOf = (cryptoki: Cryptoki, session: Handle, keyId: string): Handle[] => {
    cryptoki.C_FindObjectsInit(session, [{ type: CKA.LABEL, value: keyId }]);
    const found = cryptoki.C_FindObjects(session, 10);
    cryptoki.C_FindObjectsFinal(session);
    return found;
  };
  const removeObjects = (keyId: string): Promise<void> =>
    behind((cryptoki, session) => {
      for (const object of objectsOf(cryptoki, session, keyId)) cryptoki.C_DestroyObject(session, object);
    });
  const newKey = async (): Promise<KeyInfo> => {
    await keystore.refresh();
    const [held] = keystore.list({ controller: DID, state: 'active' });
    if (held) await keystore.retire(held.id, NOW);
    return keystore.createKey({ controller: DID, purpose: 'assertion', now: NOW });
  };
  const signsRightly = async (from: Keystore, key: KeyInfo): Promise<boolean> => {
    const bytes = Buffer.from('一证');
    const signature = await from.sign(key.id, bytes);
    return verify(null, bytes, createPublicKey({ format: 'jwk', key: key.publicKeyJwk }), signature);
  };
  /** What waits until the library may be begun anew once more. */
  const eventually = async (work: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 100; tries++) {
      if (await work()) return;
      await pause(100);
    }
    assert.fail('it did not come to pass');
  };
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: unknown) => errorCode(error),
    );

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yizheng-pkcs11-'));
    file = join(folder, 'keys.json');
    softHsm().addToken(LABEL);
    token = await open();
    keystore = await Keystore.create(file, PASSPHRASE, { now: NOW, token });
  });
  afterEach(() => softHsm().putBack());
  after(async () => {
    await token.close();
    await rm(folder, { recursive: true });
  });

  it('is made on the token, signs there, and the file holds only where it lies', async () => {
    const key = await newKey();
    assert.deepEqual(key.token, { label: LABEL, serial: token.serial, isDestroyed: false });
    assert.ok(await signsRightly(keystore, key));
    assert.ok(await signsRightly(await reopened(), key));
    const { content } = JSON.parse(await readFile(file, 'utf8')) as { content: { keys: Record<string, unknown>[] } };
    const stored = content.keys.find(({ id }) => id === key.id);
    assert.equal(stored?.['privateKey'], undefined);
    assert.deepEqual(Object.keys(stored?.['token'] as object).sort(), ['label', 'objectId', 'serial']);
  });

  it('can be neither read nor copied: so the token itself says', async () => {
    const key = await newKey();
    await behind((cryptoki, session) => {
      const attributes = [CKA.SENSITIVE, CKA.EXTRACTABLE, ASKED.ALWAYS_SENSITIVE, ASKED.NEVER_EXTRACTABLE, ASKED.LOCAL];
      const privateKeys = objectsOf(cryptoki, session, key.id).filter(
        (object) =>
          cryptoki.C_GetAttributeValue(session, object, [{ type: CKA.CLASS }])[0]?.value[0] === CK.PRIVATE_KEY,
      );
      assert.equal(privateKeys.length, 1);
      for (const object of privateKeys) {
        const read = cryptoki.C_GetAttributeValue(session, object, attributes.map((type) => ({ type }))); // prettier-ignore
        assert.deepEqual(
          read.map(({ value }) => value[0]),
          [1, 0, 1, 1, 1],
        );
        assert.throws(() => cryptoki.C_GetAttributeValue(session, object, [{ type: ASKED.VALUE }]), /SENSITIVE/);
      }
    });
  });

  it('is refused where the token would give it out', async () => {
    const id = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    const publicKey = await behind(async (cryptoki, session) => {
      const [open, secret] = keyPairTemplates(id, 'loose', EDWARDS25519_PARAMS[0]);
      const loose = secret.map((one) => (one.type === CKA.EXTRACTABLE ? { ...one, value: true } : one));
      const mechanism = { mechanism: CK.EC_EDWARDS_KEY_PAIR_GEN, parameter: null };
      const made = await cryptoki.C_GenerateKeyPairAsync(session, mechanism, open, loose);
      return (
        cryptoki.C_GetAttributeValue(session, made.publicKey, [{ type: CKA.EC_POINT }])[0]?.value ?? Buffer.alloc(0)
      );
    });
    await assert.rejects(token.check(id.toString('hex'), publicKeyOfPoint(publicKey)), {
      code: 'TOKEN_KEY_EXTRACTABLE',
    });
    await token.destroy(id.toString('hex'));
  });

  it('is destroyed on the token when it is retired, rotated or compromised; its history stays', async () => {
    const first = await newKey();
    const { retired, active } = await keystore.rotate(DID, 'assertion', NOW);
    assert.deepEqual([retired.id, retired.state, retired.token?.isDestroyed], [first.id, 'retired', true]);
    assert.ok(await signsRightly(keystore, active));
    const compromised = await keystore.compromise(active.id, NOW, NOW);
    assert.deepEqual([compromised.state, compromised.token?.isDestroyed], ['compromised', true]);
    await behind((cryptoki, session) => {
      assert.deepEqual(objectsOf(cryptoki, session, first.id), []);
      assert.deepEqual(objectsOf(cryptoki, session, active.id), []);
    });
    await assert.rejects(keystore.sign(active.id, Buffer.from('x')), { code: 'KEY_NOT_ACTIVE' });
    assert.deepEqual((await reopened()).list(), keystore.list());
  });

  it('that cannot be destroyed says so, ends all the same, and is destroyed when the token is back', async () => {
    const key = await newKey();
    softHsm().takeOut();
    const ended = await keystore.retire(key.id, NOW);
    assert.equal(ended.state, 'retired');
    assert.deepEqual([ended.token?.isDestroyed, ended.token?.problem], [false, 'TOKEN_ABSENT']);
    softHsm().putBack();
    await eventually(async () => {
      const shown = (await reopened()).list().find(({ id }) => id === key.id);
      return shown?.token?.isDestroyed === true && shown.token.problem === undefined;
    });
    await behind((cryptoki, session) => assert.deepEqual(objectsOf(cryptoki, session, key.id), []));
  });

  it('signs again by itself after sessions were lost, and after the token was away', async () => {
    const key = await newKey();
    await libraryAt(softHsm().module).use((cryptoki) => {
      const all = cryptoki as Cryptoki & { C_CloseAllSessions(slot: Handle): void };
      for (const slot of cryptoki.C_GetSlotList(true)) all.C_CloseAllSessions(slot);
    });
    assert.ok(await signsRightly(keystore, key));
    softHsm().takeOut();
    const several = Array.from({ length: 5 }, () => codeOf(keystore.sign(key.id, Buffer.from('x'))));
    assert.deepEqual(new Set(await Promise.all(several)), new Set(['TOKEN_ABSENT']));
    softHsm().putBack();
    await eventually(async () => (await codeOf(keystore.sign(key.id, Buffer.from('x')))) === 'none');
    assert.ok(await signsRightly(keystore, key));
  });

  it('that is gone from the token, or is another, opens nothing and signs nothing', async () => {
    const key = await newKey();
    const { content } = JSON.parse(await readFile(file, 'utf8')) as {
      content: { keys: { id: string; token?: { objectId: string } }[] };
    };
    const objectId = content.keys.find(({ id }) => id === key.id)?.token?.objectId ?? '';
    await removeObjects(key.id);
    assert.equal(await codeOf(keystore.sign(key.id, Buffer.from('x'))), 'TOKEN_KEY_MISSING');
    await assert.rejects(reopened(), (error: Error) => {
      assert.equal(errorCode(error), 'TOKEN_KEY_MISSING');
      assert.ok(error.message.startsWith(key.id), error.message);
      return true;
    });
    await behind((cryptoki, session) =>
      cryptoki.C_GenerateKeyPairAsync(
        session,
        { mechanism: CK.EC_EDWARDS_KEY_PAIR_GEN, parameter: null },
        ...keyPairTemplates(Buffer.from(objectId, 'hex'), key.id, EDWARDS25519_PARAMS[1]),
      ),
    );
    assert.equal(await codeOf(keystore.sign(key.id, Buffer.from('x'))), 'SIGNATURE_REJECTED');
    assert.equal(await codeOf(reopened()), 'TOKEN_KEY_MISMATCH');
    const without = await Keystore.open(file, PASSPHRASE);
    assert.equal(await codeOf(without.sign(key.id, Buffer.from('x'))), 'TOKEN_NOT_CONFIGURED');
    assert.equal((await without.retire(key.id, NOW)).token?.problem, 'TOKEN_NOT_CONFIGURED');
    assert.equal((await reopened()).list().find(({ id }) => id === key.id)?.token?.isDestroyed, true);
  });

  it('has no successor in the file because somebody forgot to name the token', async () => {
    const key = await newKey();
    const without = await Keystore.open(file, PASSPHRASE);
    const next = { controller: DID, purpose: 'assertion', now: NOW } as const;
    assert.equal(await codeOf(without.prepareNext(next)), 'TOKEN_NOT_CONFIGURED');
    assert.equal(await codeOf(without.rotate(DID, 'assertion', NOW)), 'TOKEN_NOT_CONFIGURED');
    assert.equal(without.activeKey(DID, 'assertion').id, key.id);
  });

  it('that was prepared on a second token takes over when the first one is lost', async () => {
    const key = await newKey();
    softHsm().addToken('second');
    const second = await open({ label: 'second' });
    const other = await Keystore.open(file, PASSPHRASE, { token: second });
    const next = await other.prepareNext({ controller: DID, purpose: 'assertion', now: NOW });
    assert.deepEqual([next.state, next.token?.label], ['next', 'second']);
    assert.equal(await codeOf(other.sign(key.id, Buffer.from('x'))), 'TOKEN_NOT_CONFIGURED');
    const { active, retired } = await other.activateNext(DID, 'assertion', NOW);
    assert.ok(await signsRightly(other, active));
    assert.deepEqual([retired?.token?.isDestroyed, retired?.token?.problem], [false, 'TOKEN_NOT_CONFIGURED']);
    await other.retire(active.id, NOW);
    assert.equal((await reopened()).list().find(({ id }) => id === key.id)?.token?.isDestroyed, true);
    await second.close();
  });

  it('a wrong PIN is told and costs one try only, also when it was changed while running', async () => {
    const wrong = 'TOKEN_PIN_WRONG';
    await token.close();
    assert.equal(await codeOf(open({ pin: '000000' })), wrong);
    token = await open();
    keystore = await reopened();
    const key = await newKey();
    const setPin = (from: string, to: string): Promise<void> =>
      behind((cryptoki, session) => {
        const all = cryptoki as Cryptoki & { C_SetPIN(session: Handle, from: string, to: string): void };
        all.C_SetPIN(session, from, to);
      }, from);
    await setPin(PIN, '555555');
    await token.close();
    assert.equal(await codeOf(keystore.sign(key.id, Buffer.from('x'))), wrong);
    await setPin('555555', PIN);
    assert.equal(
      await codeOf(keystore.sign(key.id, Buffer.from('x'))),
      wrong,
      'right again, but it is not tried again',
    );
    token = await open();
    keystore = await reopened();
    assert.ok(await signsRightly(keystore, key));
    assert.doesNotMatch(JSON.stringify(token), new RegExp(PIN));
  });

  it('a PIN that is locked, or would be by one more try, is left alone', () => {
    const tried = (flags: number): string => {
      try {
        refusePinTry(flags, { label: LABEL });
        return 'none';
      } catch (error) {
        return errorCode(error);
      }
    };
    assert.deepEqual(
      [0, 0x1_0000, CK.USER_PIN_FINAL_TRY, CK.USER_PIN_LOCKED].map(tried),
      ['none', 'none', 'TOKEN_PIN_FINAL_TRY', 'TOKEN_PIN_LOCKED'], // prettier-ignore
    );
    const locked = new Error('CKR_PIN_LOCKED');
    assert.equal(errorCode(tokenError(locked, { label: LABEL })), 'TOKEN_PIN_LOCKED');
    assert.deepEqual(
      ['CKR_PIN_LOCKED', 'CKR_PIN_INCORRECT', 'CKR_SESSION_HANDLE_INVALID', 'CKR_USER_NOT_LOGGED_IN', 'CKR_DEVICE_REMOVED'].map((name) => remedyFor(new Error(name))), // prettier-ignore
      ['nothing', 'nothing', 'session', 'session', 'restart'],
    );
  });

  it('a token, library or setting that is not there is named', async () => {
    assert.equal(await codeOf(open({ label: 'another' })), 'TOKEN_ABSENT');
    assert.equal(await codeOf(open({ serial: '0000000000000000' })), 'TOKEN_ABSENT');
    assert.equal(await codeOf(open({ module: join(folder, 'none.so') })), 'TOKEN_LIBRARY');
    assert.equal(await codeOf(open({ module: file })), 'TOKEN_LIBRARY');
    softHsm().addToken('twin');
    softHsm().addToken('twin');
    await libraryAt(softHsm().module).restart(libraryAt(softHsm().module).generation);
    await eventually(async () => (await codeOf(open({ label: 'twin' }))) === 'TOKEN_AMBIGUOUS');
  });

  it('reads the public key however a token gives it', () => {
    const key = Buffer.alloc(32, 7);
    for (const head of ['', '0420', '032100'])
      assert.deepEqual(publicKeyOfPoint(Buffer.concat([Buffer.from(head, 'hex'), key])), new Uint8Array(key));
    for (const point of [Buffer.alloc(31), Buffer.concat([Buffer.from('0421', 'hex'), key])])
      assert.throws(() => publicKeyOfPoint(point), { code: 'TOKEN_UNSUITABLE' });
  });

  it('lives its whole life at the command line, with the PIN from a file', async () => {
    const home = await mkdtemp(join(folder, 'cli-'));
    const written = async (name: string, text: string, mode = 0o600): Promise<string> => {
      await writeFile(join(home, name), text, { mode });
      return join(home, name);
    };
    const access = ['--keystore', join(home, 'keys.json'), '--passphrase-file', await written('pass', PASSPHRASE)];
    const at = (pin: string): string[] => ['--token-module', softHsm().module, '--token-label', LABEL, '--token-pin-file', pin]; // prettier-ignore
    const onToken = at(await written('pin', `${PIN}\n`));
    const did = ['--did', 'did:web:cli.example'];
    const keys = (...argv: string[]) => cli(['keys', ...argv, ...access, '--json'], { home });
    const errorOf = (out: string): string => (JSON.parse(out) as { error: { code: string } }).error.code;

    assert.equal(errorOf((await keys('create', '--init', ...did, ...onToken.slice(0, 4))).out), 'TOKEN_SETTINGS');
    assert.equal(errorOf((await keys('create', '--init', ...did, ...at(await written('open', PIN, 0o644)))).out), 'PASSPHRASE_FILE_MODE'); // prettier-ignore
    const made = await keys('create', '--init', ...did, ...onToken);
    assert.equal(made.code, 0, made.out + made.err);
    assert.equal((JSON.parse(made.out) as KeyInfo).token?.label, LABEL);
    const rotated = JSON.parse((await keys('rotate', ...did, ...onToken)).out) as { retired: KeyInfo; active: KeyInfo };
    assert.equal(rotated.retired.token?.isDestroyed, true);
    const shown = await cli(['keys', 'list', ...access], { home });
    assert.match(shown.out, /令牌 yizheng-test\(序列号 [0-9a-f]+\): 私钥已销毁[^]*私钥不可复制/);
    const left = await cli(['keys', 'retire', rotated.active.id, ...access], { home });
    assert.match(left.out, /私钥还在令牌上,没能销毁 \[TOKEN_NOT_CONFIGURED\]/);
    const listed = JSON.parse((await keys('list', ...onToken)).out) as KeyInfo[];
    assert.deepEqual(
      listed.map((key) => key.token?.isDestroyed),
      [true, true],
    );
    assert.doesNotMatch([made, shown, left].map(({ out, err }) => out + err).join(''), new RegExp(`${PIN}|${SO_PIN}`));
  });
});
