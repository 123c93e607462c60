import assert from 'node:assert/strict';
import fc from 'fast-check';
import { errorCode, YizhengError } from '../../shared/errors.js';
import { qrVersion } from '../../shared/carrier/qr-symbol.js';
import { makeBackup, restoreBackup } from '../../wallet/web/src/core/backup/backup.js';
import { createAssembler, encodeFrames } from '../../wallet/web/src/core/backup/frames.js';
import {
  newRecoveryCode,
  readRecoveryCode,
  RECOVERY_GROUPS,
  TRANSFER_GROUPS,
} from '../../wallet/web/src/core/backup/recovery-code.js';
import { writeBackup } from '../../wallet/web/src/core/backup/backup-file.js';
import { keepCertificate, listCertificates } from '../../wallet/web/src/core/certificates/certificates.js';
import type { HeldCertificate } from '../../wallet/web/src/core/certificates/held-certificate.js';
import { createHolderKey, holderDids } from '../../wallet/web/src/core/keys/holder-key.js';
import { acceptImport } from '../../wallet/web/src/core/receive/import-certificate.js';
import { previewForms } from '../../wallet/web/src/core/receive/preview.js';
import { logChange, shareLog } from '../../wallet/web/src/core/share/share-log.js';
import { makeLiveCode } from '../../wallet/web/src/core/show/live.js';
import { openVault, type Vault } from '../../wallet/web/src/core/vault/vault.js';
import { sampleRecord } from '../certificate/sample-records.js';
import { signed } from '../verdict/sample-trust.js';
import { hold, keyIn, openWallet, PASSPHRASE, testPlatform, type TestPlatform } from './core-world.js';

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', errorCode);
const codeThrown = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (error) {
    return errorCode(error);
  }
};

describe('backup: nothing is lost with the phone', () => {
  const code = newRecoveryCode(globalThis.crypto);
  let platform: TestPlatform;
  let vault: Vault;
  let did: string;
  let file: Uint8Array;

  before(async () => {
    platform = await testPlatform();
    vault = await openWallet(platform);
    ({ did } = await keyIn(vault, platform));
    const text = await signed({ holder: { ...sampleRecord().holder, id: did } });
    await hold(vault, platform, [{ format: 'ldp_vc', text, holder: did }]);
    file = await makeBackup(vault, code, platform);
  });

  it('brings back the same certificates and the same keys on another phone, under a passphrase of its own', async () => {
    const next = await testPlatform();
    const restored = await openVault(next);
    const found = await restoreBackup(file, code.toLowerCase(), restored, next, { passphrase: '另一台手机 88' });
    assert.deepEqual(found, { certificates: 1, keys: 1 });
    assert.deepEqual(await listCertificates(restored), await listCertificates(vault));
    assert.deepEqual(await holderDids(restored), [did]);
    assert.ok((await makeLiveCode(restored, 'held-1', next)).text.length > 100);
    restored.lock();
    assert.equal(await codeOf(restored.unlock({ passphrase: PASSPHRASE })), 'VAULT_PASSPHRASE_WRONG');
  });

  it('holds nothing anybody could read without the code', () => {
    const text = new TextDecoder().decode(file);
    for (const secret of ['张伟', 'proofValue', 'pkcs8', code, did]) assert.ok(!text.includes(secret), secret);
  });

  it('tells a wrong code from a changed file and from a file of another version, and then changes nothing', async () => {
    const next = await testPlatform();
    const empty = await openVault(next);
    const restored = (bytes: Uint8Array, typed = code): Promise<string> =>
      codeOf(restoreBackup(bytes, typed, empty, next, { passphrase: PASSPHRASE }));
    const edited = (edit: (file: Record<string, unknown>) => void): Uint8Array => {
      const value = JSON.parse(new TextDecoder().decode(file)) as Record<string, unknown>;
      edit(value);
      return new TextEncoder().encode(JSON.stringify(value));
    };
    assert.equal(await restored(file, newRecoveryCode(globalThis.crypto)), 'BACKUP_WRONG_CODE');
    const sealed = (JSON.parse(new TextDecoder().decode(file)) as { sealed: string }).sealed;
    const flipped = `${sealed.slice(0, 40)}${sealed[40] === 'A' ? 'B' : 'A'}${sealed.slice(41)}`;
    assert.equal(await restored(edited((value) => (value['sealed'] = flipped))), 'BACKUP_TAMPERED');
    assert.equal(await restored(edited((value) => (value['createdAt'] = '2020-01-01T00:00:00Z'))), 'BACKUP_TAMPERED');
    assert.equal(await restored(edited((value) => (value['sealed'] = '%'))), 'BACKUP_TAMPERED');
    assert.equal(await restored(edited((value) => delete value['sealed'])), 'BACKUP_TAMPERED');
    assert.equal(await restored(edited((value) => (value['version'] = 2))), 'BACKUP_VERSION');
    assert.equal(await restored(edited((value) => (value['type'] = 'Other'))), 'BACKUP_FORMAT');
    assert.equal(await restored(new TextEncoder().encode('hello')), 'BACKUP_FORMAT');
    assert.equal(await restored(file.slice(0, 500)), 'BACKUP_FORMAT');
    assert.equal(await restored(new Uint8Array(17 * 1024 * 1024)), 'BACKUP_TOO_LARGE');
    assert.equal(empty.phase, 'new');
  });

  it('does not let a file choose a cost that no phone can pay', async () => {
    const next = await testPlatform();
    const value = JSON.parse(new TextDecoder().decode(file)) as { derivation: { memoryKiB: number } };
    value.derivation.memoryKiB = 4_000_000;
    const costly = new TextEncoder().encode(JSON.stringify(value));
    assert.equal(await codeOf(restoreBackup(costly, code, await openVault(next), next)), 'BACKUP_TAMPERED');
  });

  it('adds to an open wallet, and asks to open a locked one', async () => {
    const next = await testPlatform();
    const mine = await openWallet(next);
    await hold(mine, next, [{ format: 'ldp_vc', text: await signed() }], 'mine');
    await restoreBackup(file, code, mine, next);
    assert.deepEqual((await listCertificates(mine)).map(({ id }) => id).toSorted(), ['held-1', 'mine']);
    mine.lock();
    assert.equal(await codeOf(restoreBackup(file, code, mine, next)), 'VAULT_LOCKED');
  });

  describe('into an open wallet', () => {
    const fileOf = (records: [string, object][]): Promise<Uint8Array> =>
      writeBackup(JSON.stringify({ records }), code, '2026-11-20T00:00:00Z', globalThis.crypto);

    it('replaces no key, and puts the forms of a certificate that is there together instead of overwriting it', async () => {
      const [key] = await vault.list('key/');
      const [old] = await listCertificates(vault);
      assert.ok(key && old);
      const bound = old.forms[0];
      const newer = { ...old, title: { zh: '新' }, receivedAt: '2026-12-01T00:00:00Z' };
      const unbound = { format: 'ldp_vc', text: await signed() } as const;
      const later = { ...old, forms: [unbound], receivedAt: '2027-01-01T00:00:00Z' };
      const next = await testPlatform();
      const mine = await openWallet(next);
      await mine.write([{ key: key.key, value: key.value }, keepCertificate(newer)]);
      await restoreBackup(file, code, mine, next);
      assert.deepEqual(await listCertificates(mine), [newer]);
      const other = (await createHolderKey(next)).change.value as object;
      await restoreBackup(await fileOf([[key.key, other], ['certificate/held-1', later]]), code, mine, next); // prettier-ignore
      assert.deepEqual(await mine.read(key.key), key.value);
      assert.deepEqual(
        (await listCertificates(mine)).map(({ forms }) => forms),
        [[bound]],
      );
      assert.ok((await makeLiveCode(mine, 'held-1', next)).text.length > 100);
    });

    it('takes no key that is none, and leaves out what it cannot read of what was shared', async () => {
      const next = await testPlatform();
      const mine = await openWallet(next);
      const restored = async (...records: [string, object][]): Promise<string> =>
        codeOf(restoreBackup(await fileOf(records), code, mine, next));
      assert.equal(await restored(['key/did:key:z1', { pkcs8: 7 }]), 'BACKUP_VERSION');
      assert.equal(await restored(['certificate/a', { id: 'b' }]), 'BACKUP_VERSION');
      const entry = { kind: 'link', at: '2026-11-20T00:00:00Z', party: '', certificates: [] };
      assert.equal(await restored(['log/1', { ...entry, party: 'x'.repeat(401) }], ['log/2', entry]), 'done');
      assert.deepEqual(await shareLog(mine), [{ ...entry, id: '2' }]);
    });
  });

  it('destroys nothing but the wallet it made itself when it cannot be written', async () => {
    const next = await testPlatform();
    const made = await openVault(next);
    let others = 0;
    const write = next.store.write.bind(next.store);
    next.store.write = async (changes, guard): Promise<void> => {
      await write(changes, guard);
      if (others++ > 0) return;
      await next.store.clear();
      await (await openVault(next)).create({ passphrase: '另一个标签页 99' });
    };
    assert.equal(await codeOf(restoreBackup(file, code, made, next, { passphrase: PASSPHRASE })), 'VAULT_REPLACED');
    const after = await openVault(next);
    assert.equal(await codeOf(after.unlock({ passphrase: '另一个标签页 99' })), 'done');
  });

  it('is read back before it is handed out, so a file that could not be opened again is never made', async () => {
    const next = await testPlatform();
    const mine = await openWallet(next);
    await mine.write([{ key: 'certificate/odd', value: { id: 'odd' } }]);
    assert.equal(await codeOf(makeBackup(mine, code, next)), 'BACKUP_VERSION');
  });
});

describe('what the wallet writes it can read again', () => {
  it('keeps no certificate with more or longer forms than it reads', () => {
    const form = { format: 'vc+jwt' as const, text: 'a.b.c' };
    const certificate = { id: 'x', forms: [form], title: {}, source: 'offer' as const, receivedAt: '2026-11-20T00:00:00Z' }; // prettier-ignore
    const keeping = (changes: Partial<HeldCertificate>): string =>
      codeThrown(() => keepCertificate({ ...certificate, ...changes }));
    assert.equal(keeping({}), 'done');
    assert.equal(keeping({ forms: Array.from({ length: 9 }, () => form) }), 'CERTIFICATE_TOO_LARGE');
    assert.equal(keeping({ forms: [{ ...form, text: 'x'.repeat(300_000) }] }), 'CERTIFICATE_TOO_LARGE');
  });

  it('cuts names by whole characters to what it reads', async () => {
    const platform = await testPlatform();
    const name = `${'x'.repeat(199)}𠮷${'y'.repeat(90)}`;
    const arrived = [{ format: 'ldp_vc' as const, text: await signed(), names: { zh: name, en: name } }];
    const [preview] = await previewForms(arrived, { source: 'offer' }, platform);
    assert.ok(preview);
    assert.deepEqual(preview.certificate.title, { zh: 'x'.repeat(199), en: 'x'.repeat(199) });
    const mine = await openWallet(platform);
    await acceptImport(preview, mine);
    assert.equal((await listCertificates(mine)).length, 1);
  });

  it('notes in full view what was shared, whatever the asker is called and however much it asked for', async () => {
    const platform = await testPlatform();
    const mine = await openWallet(platform);
    const facts = Array.from({ length: 500 }, (_, index) => `${'f'.repeat(500)}${index}`);
    await mine.write([
      logChange({ kind: 'request', party: `${'x'.repeat(399)}𠮷`, certificates: [{ id: 'a', facts }] }, platform),
    ]);
    const [entry] = await shareLog(mine);
    assert.deepEqual([entry?.party, entry?.certificates[0]?.facts.length], ['x'.repeat(399), 400]);
  });
});

describe('recovery code: what is written by hand is read as it was meant', () => {
  it('is read in any case and with any separators, with O for 0 and I or L for 1', () => {
    const code = newRecoveryCode(globalThis.crypto);
    assert.match(code, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
    const sloppy = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    assert.equal(readRecoveryCode(sloppy), code);
    assert.equal(newRecoveryCode(globalThis.crypto, TRANSFER_GROUPS).length, 14);
  });

  it('names the group with a slip, nearly always', () => {
    let missed = 0;
    fc.assert(
      fc.property(fc.nat(RECOVERY_GROUPS * 4 - 1), fc.nat(30), (place, other) => {
        const code = newRecoveryCode(globalThis.crypto).replaceAll('-', '');
        const rest = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'].filter((one) => one !== code[place]);
        try {
          readRecoveryCode(code.slice(0, place) + (rest[other] ?? '') + code.slice(place + 1));
          missed++;
        } catch (error) {
          assert.ok(error instanceof YizhengError);
          assert.deepEqual([error.code, error.at], ['RECOVERY_CODE_TYPO', `group ${Math.floor(place / 4) + 1}`]);
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(missed < 40, `${missed} of 400 slips went unnoticed`);
    assert.equal(
      codeThrown(() => readRecoveryCode('0000')),
      'RECOVERY_CODE_TYPO',
    );
    const short = newRecoveryCode(globalThis.crypto).slice(0, -5);
    assert.equal(
      codeThrown(() => readRecoveryCode(short)),
      'RECOVERY_CODE_LENGTH',
    );
  });
});

describe('moving to a new phone by codes', () => {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(20_000));
  const frames = encodeFrames(bytes);

  it('arrives whole in any order, with frames seen twice, and says how far it is', () => {
    const assembler = createAssembler();
    const shuffled = [...frames].sort((a, b) => ((a.index * 7919) % 101) - ((b.index * 7919) % 101));
    for (const [seen, { text }] of shuffled.entries()) {
      assembler.add(text);
      const progress = assembler.add(text);
      assert.deepEqual(progress, { have: seen + 1, total: frames.length, done: seen + 1 === frames.length });
    }
    assert.deepEqual(assembler.bytes(), bytes);
  });

  it('shows codes that an old camera reads', () => {
    for (const { segments } of frames) assert.ok(qrVersion(segments) <= 16);
  });

  it('refuses codes of another transfer, other codes, and a whole that does not fit together', () => {
    const assembler = createAssembler();
    const first = frames[0]?.text ?? '';
    assembler.add(first);
    const other = encodeFrames(bytes.slice(1))[0]?.text ?? '';
    assert.equal(
      codeThrown(() => assembler.add(other)),
      'TRANSFER_OTHER',
    );
    assert.equal(
      codeThrown(() => assembler.add('https://example.org/')),
      'TRANSFER_FRAME',
    );
    assert.equal(
      codeThrown(() => assembler.add(first.replace(/-0-/, '-99-'))),
      'TRANSFER_FRAME',
    );
    assert.equal(
      codeThrown(() => assembler.bytes()),
      'TRANSFER_INCOMPLETE',
    );
    const swapped = createAssembler();
    for (const { text, index, total } of frames)
      swapped.add(index === 1 ? text.replace(/[A-Z2-7]+$/, (frames[2]?.text ?? '').split('-').at(-1) ?? '') : text || String(total)); // prettier-ignore
    assert.equal(
      codeThrown(() => swapped.bytes()),
      'TRANSFER_DAMAGED',
    );
    assert.equal(
      codeThrown(() => encodeFrames(new Uint8Array(500_000))),
      'TRANSFER_TOO_LARGE',
    );
  });
});
