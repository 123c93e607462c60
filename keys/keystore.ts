import {
  createHmac,
  createSecretKey,
  createPrivateKey,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { inspect } from 'node:util';
import type { KeyAlgorithm } from '../shared/did/multikey.js';
import { YizhengError } from '../shared/errors.js';
import type { Signer } from '../shared/proof/types.js';
import type { Custody, Instant, KeyInfo, KeyPurpose, PackedTexts } from './custody.js';
import { adoptInto, eraseHalves } from './adopt-keys.js';
import { lockFile } from './file-lock.js';
import { HmacThread } from './hmac-thread.js';
import type { KeyToken } from './key-token.js';
import { instantText } from './instant.js';
import { authenticate, readEnvelope, writeEnvelope, type KeystoreContent, type StoredKey } from './keystore-file.js';
import { keyContext, readKeystoreFile, sealingContext, statKeystore, writing } from './keystore-io.js';
import { generatePrivateKey, publicMultikey, signWith } from './key-pair.js';
import { deriveMasterKey, deriveSubkey, newKdfParameters, seal, unseal, type KdfParameters } from './sealing.js';
import { fileStamp, writeSecretFile } from './secret-file.js';
import {
  demandFitting,
  endInterval,
  isActive,
  isNext,
  keyInfo,
  nextFragment,
  notActive,
  notFound,
  only,
  refuseIdentity,
  refuseOutside,
  refuseSecondNext,
  serves,
  stored,
  tooEarly,
} from './stored-key.js';
import { TokenKeys } from './token-keys.js';

const REFRESH_MS = 1000;
const MIN_PASSPHRASE = 8;
const HMAC_CONTEXT = 'hmac secret';

/** What a keystore is opened with beside its passphrase. */
export interface KeystoreOptions {
  /** Where keys that sign certificates and registries are made and sign from now on; what lies in the file stays there. */
  token?: KeyToken | undefined;
}

/**
 * The private key of an active key, for signing threads. For files of `keys/` only: a test holds that nothing else imports it.
 * @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_NOT_ACTIVE`, `KEY_ON_TOKEN` (409)
 */
export let privateKeyIn: (keystore: Keystore, keyId: string) => KeyObject;

/**
 * Custody in one encrypted file (design/SECURITY.md F11, §2.5).
 *
 * At rest: scrypt (N = 2^17, r = 8, p = 1) gives two keys; one seals every secret with AES-256-GCM, bound to key id,
 * controller, purpose and KDF parameters, the other authenticates the whole file, public history included. The file has
 * mode 0600 and is replaced atomically. A private key is erased from it when the key is retired or compromised; its
 * public half and interval stay for ever.
 *
 * With a token, keys that sign certificates and registries are made there and sign there; the file holds where each lies. What is said
 * of a key is the same, and so are its intervals. A private key is destroyed on the token when the key has ended; where that fails,
 * {@link KeyInfo.token} says so, and it is tried again whenever a key ends or the keystore is opened with that token.
 *
 * Several processes may use one file: writes are serialised by a lock and start from what the file then holds, and
 * `sign` notices within one second that another process retired or compromised the key. `list` and `activeKey` answer from
 * memory; `refresh` first. An older copy put back in
 * place of the whole file cannot be noticed; keep backups under the same care.
 */
export class Keystore implements Custody {
  readonly #path: string;
  readonly #sealingKey: Buffer;
  readonly #macKey: Buffer;
  readonly #tokenKeys: TokenKeys;
  readonly #hmacThread = new HmacThread();
  #content: KeystoreContent;
  #privateKeys = new Map<string, KeyObject>();
  #hmacSecret: Buffer = Buffer.alloc(0);
  #stamp: string;
  #refreshedAt = performance.now();
  #writes: Promise<unknown> = Promise.resolve();

  static {
    privateKeyIn = (keystore, keyId) => keystore.#privateKey(keyId);
  }

  private constructor(
    path: string,
    master: Uint8Array,
    { content, stamp, token }: { content: KeystoreContent; stamp: string } & KeystoreOptions,
  ) {
    this.#path = path;
    this.#tokenKeys = new TokenKeys(token);
    this.#sealingKey = deriveSubkey(master, 'sealing');
    this.#macKey = deriveSubkey(master, 'authentication');
    this.#content = content;
    this.#stamp = stamp;
  }

  /**
   * Makes a new, empty keystore file; the directory must exist.
   * @param passphrase at least 8 characters; from {@link import('./read-passphrase.js').readPassphrase}
   * @throws YizhengError `KEYSTORE_EXISTS` (409), `KEYSTORE_UNWRITABLE` (503), `PASSPHRASE_TOO_SHORT`, `KEY_INSTANT`
   */
  static async create(
    path: string,
    passphrase: string,
    { now, ...options }: { now: Instant } & KeystoreOptions,
  ): Promise<Keystore> {
    if ([...passphrase].length < MIN_PASSPHRASE)
      throw new YizhengError('PASSPHRASE_TOO_SHORT', `The passphrase needs at least ${MIN_PASSPHRASE} characters.`);
    const kdf = newKdfParameters();
    const master = await deriveMasterKey(passphrase, kdf);
    const content: KeystoreContent = {
      createdAt: instantText(now),
      kdf,
      passphraseCheck: deriveSubkey(master, 'passphrase check').toString('base64'),
      hmacSecret: seal(deriveSubkey(master, 'sealing'), sealingContext(kdf, HMAC_CONTEXT), randomBytes(32)),
      keys: [],
    };
    const bytes = writeEnvelope(content, deriveSubkey(master, 'authentication'));
    await writing(() => writeSecretFile(path, bytes, 'create'));
    return Keystore.#load(path, master, options);
  }

  /**
   * Opens a keystore file; takes about half a second and 128 MiB.
   * @throws YizhengError `KEYSTORE_NOT_FOUND`, `KEYSTORE_MODE` (group or others have access), `KEYSTORE_VERSION`,
   *   `KEYSTORE_PASSPHRASE_WRONG` (also when salt or KDF parameters were exchanged), `KEYSTORE_TAMPERED`; with a token also
   *   `TOKEN_KEY_MISSING`, `TOKEN_KEY_MISMATCH`, `TOKEN_KEY_EXTRACTABLE` (503): it does not hold every key that is said to lie on it
   */
  static async open(path: string, passphrase: string, options: KeystoreOptions = {}): Promise<Keystore> {
    const { kdf, passphraseCheck } = readEnvelope((await readKeystoreFile(path)).bytes).content;
    const master = await deriveMasterKey(passphrase, kdf);
    if (!timingSafeEqual(deriveSubkey(master, 'passphrase check'), Buffer.from(passphraseCheck, 'base64')))
      throw new YizhengError('KEYSTORE_PASSPHRASE_WRONG', 'The passphrase does not open this keystore.');
    return Keystore.#load(path, master, options);
  }

  static async #load(path: string, master: Buffer, options: KeystoreOptions): Promise<Keystore> {
    const { bytes, stamp } = await readKeystoreFile(path);
    const envelope = readEnvelope(bytes);
    const keystore = new Keystore(await realpath(path), master, { content: envelope.content, stamp, ...options });
    master.fill(0);
    authenticate(envelope, keystore.#macKey);
    keystore.#adopt(envelope.content);
    if (options.token) {
      await keystore.#tokenKeys.check(envelope.content.keys);
      await keystore.#destroyEnded();
    }
    return keystore;
  }

  /**
   * Makes a key; it may sign from the second of `now` on. Only `registry-root` may have several active keys (a threshold of
   * them signs); every other purpose has one.
   * @param request `fragment`: instead of `key-<n>`; `algorithm`: Ed25519 unless given, others for `vc-api` and `presentation-request` only
   * @throws YizhengError `KEY_EXISTS` (409: there is an active key; rotate it instead), `KEY_ALGORITHM`,
   *   `KEY_ID_TAKEN` (409), `KEY_CONTROLLER`, `KEY_FRAGMENT`, `KEY_INSTANT`, `KEYSTORE_LOCKED`, `KEYSTORE_UNWRITABLE`
   */
  async createKey(request: {
    controller: string;
    purpose: KeyPurpose;
    now: Instant;
    fragment?: string;
    algorithm?: KeyAlgorithm;
  }): Promise<KeyInfo> {
    const { controller, purpose, now, fragment, algorithm = 'Ed25519' } = request;
    demandFitting(algorithm, purpose);
    return this.#write(async (keys) => {
      if (purpose !== 'registry-root' && keys.some((key) => serves(key, controller, purpose)))
        throw new YizhengError('KEY_EXISTS', `${controller} already has an active ${purpose} key; rotate it instead.`, {
          status: 409,
        });
      const created = await this.#generate(keys, controller, purpose, instantText(now), { fragment, algorithm });
      keys.push(created);
      return created.id;
    });
  }

  /**
   * Makes a key that is its own identity: its controller is the did:key of the key itself. It has no successor; another did:key is
   * another identity.
   * @throws YizhengError `KEY_ALGORITHM`, `KEY_INSTANT`, `KEYSTORE_LOCKED`, `KEYSTORE_UNWRITABLE`
   */
  async createDidKey(request: { purpose: KeyPurpose; algorithm: KeyAlgorithm; now: Instant }): Promise<KeyInfo> {
    const { purpose, algorithm, now } = request;
    demandFitting(algorithm, purpose);
    return this.#write((keys) => {
      const privateKey = generatePrivateKey(algorithm);
      const publicKeyMultibase = publicMultikey(privateKey);
      const controller = `did:key:${publicKeyMultibase}`;
      const created = this.#sealed(privateKey, {
        id: `${controller}#${publicKeyMultibase}`,
        controller,
        purpose,
        publicKeyMultibase,
        validFrom: instantText(now),
      });
      keys.push(created);
      return created.id;
    });
  }

  /**
   * Makes the key that will follow the active one, and does not let it sign yet: it is published, the authority gets to know it, and then
   * {@link Keystore.activateNext} lets it take over. There is one such key for each DID and purpose.
   * @throws YizhengError `KEY_NEXT_EXISTS` (409), `KEY_IS_IDENTITY` (409: a did:key has no successor), `KEY_AMBIGUOUS` (409: root keys are
   *   made beside each other), `KEY_ALGORITHM`, and as `createKey`
   */
  async prepareNext(request: {
    controller: string;
    purpose: KeyPurpose;
    now: Instant;
    algorithm?: KeyAlgorithm;
  }): Promise<KeyInfo> {
    const { controller, purpose, now, algorithm = 'Ed25519' } = request;
    demandFitting(algorithm, purpose);
    if (purpose === 'registry-root')
      throw new YizhengError('KEY_AMBIGUOUS', 'Root keys stand beside each other; create one and retire one.', {
        status: 409,
      });
    return this.#write(async (keys) => {
      refuseIdentity(controller);
      refuseSecondNext(keys, controller, purpose);
      const created = await this.#generate(keys, controller, purpose, instantText(now), { algorithm });
      keys.push({ ...created, isNext: true });
      return created.id;
    });
  }

  /**
   * Lets the next key sign and retires the active one, if there is one, in one write; intervals as with {@link Keystore.rotate}.
   * @throws YizhengError `KEY_NOT_FOUND` (404: no key was prepared), `KEY_INTERVAL` (before a key's own start), `KEY_INSTANT`,
   *   `KEYSTORE_LOCKED`, `KEYSTORE_UNWRITABLE`
   */
  async activateNext(
    controller: string,
    purpose: KeyPurpose,
    now: Instant,
  ): Promise<{ retired?: KeyInfo; active: KeyInfo }> {
    let retiredId: string | undefined;
    const active = await this.#write((keys) => {
      const next = keys.find((key) => isNext(key) && key.controller === controller && key.purpose === purpose);
      if (next === undefined) throw notFound(`No next ${purpose} key of ${controller} was prepared.`);
      if (instantText(now) < next.validFrom) throw tooEarly(next);
      const old = keys.find((key) => serves(key, controller, purpose));
      if (old) endInterval(old, now);
      retiredId = old?.id;
      next.createdAt = next.validFrom;
      next.validFrom = instantText(now);
      delete next.isNext;
      return next.id;
    });
    await this.#destroyEnded();
    return { active, ...(retiredId === undefined ? {} : { retired: this.#info(retiredId) }) };
  }

  /** The token that new keys are made on, for those purposes whose keys lie on one; undefined without a token. */
  get token(): Pick<KeyToken, 'label' | 'serial'> | undefined {
    return this.#tokenKeys.place;
  }

  /** See {@link Custody.list}. */
  list(filter: Partial<Pick<KeyInfo, 'controller' | 'purpose' | 'state'>> = {}): KeyInfo[] {
    return this.#content.keys
      .map((key) => this.#shown(key))
      .filter(
        (key) =>
          (filter.controller ?? key.controller) === key.controller &&
          (filter.purpose ?? key.purpose) === key.purpose &&
          (filter.state ?? key.state) === key.state,
      );
  }

  /** See {@link Custody.activeKey}. */
  activeKey(controller: string, purpose: KeyPurpose): KeyInfo {
    return this.#shown(only(this.#content.keys, controller, purpose));
  }

  /**
   * Retires the active key and makes its successor, in one write.
   *
   * The successor may sign from the second of `now` on, and the old key until that second ends: `proof.created` has
   * whole seconds, so what the old key signed earlier in this second must stay valid.
   * @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_AMBIGUOUS` (409: several root keys; retire one and create one),
   *   `KEY_INTERVAL` (before the key's own start), `KEY_IS_IDENTITY` (409: a did:key cannot get another key), `KEY_NEXT_EXISTS` (409: its
   *   successor was made before; activate or retire that one), and as `createKey`
   */
  async rotate(controller: string, purpose: KeyPurpose, now: Instant): Promise<{ retired: KeyInfo; active: KeyInfo }> {
    let retiredId = '';
    const active = await this.#write(async (keys) => {
      const old = only(keys, controller, purpose);
      refuseIdentity(controller);
      refuseSecondNext(keys, controller, purpose);
      const { algorithm } = keyInfo(old);
      refuseOutside(old, now);
      const created = await this.#generate(keys, controller, purpose, instantText(now), { algorithm });
      endInterval(old, now);
      retiredId = old.id;
      keys.push(created);
      return created.id;
    });
    await this.#destroyEnded();
    return { retired: this.#info(retiredId), active };
  }

  /**
   * Ends a key's interval with the second of `at` and erases the private key; so also a next key that is not wanted any more.
   * @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_NOT_ACTIVE` (409), `KEY_INTERVAL`, `KEY_INSTANT`
   */
  async retire(keyId: string, at: Instant): Promise<KeyInfo> {
    await this.#write((keys) => {
      const key = stored(keys, keyId);
      if (!isActive(key) && !isNext(key)) throw notActive(key);
      endInterval(key, at);
      return key.id;
    });
    await this.#destroyEnded();
    return this.#info(keyId);
  }

  /**
   * Records that the private key has been in other hands since an instant, and erases it. Told again, the earliest
   * instant counts.
   * @param since first instant whose signatures prove nothing
   * @param at now
   * @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_INTERVAL` (`since` after `at`), `KEY_INSTANT`
   */
  async compromise(keyId: string, since: Instant, at: Instant): Promise<KeyInfo> {
    await this.#write((keys) => {
      const key = stored(keys, keyId);
      const sinceText = instantText(since);
      if (sinceText > instantText(at))
        throw new YizhengError('KEY_INTERVAL', 'A key cannot be compromised in the future.', { at: 'since' });
      if (isActive(key) || isNext(key)) endInterval(key, at);
      if (key.compromisedSince === undefined || sinceText < key.compromisedSince) key.compromisedSince = sinceText;
      return key.id;
    });
    await this.#destroyEnded();
    return this.#info(keyId);
  }

  /**
   * Takes over every key of a DID from another keystore, history and private halves included, sealed anew for this file. What is held
   * already is replaced where it is the same key, so that it may be done again.
   * @returns the keys, oldest first
   * @throws YizhengError `KEY_NOT_FOUND` (404: it holds none of this DID), `KEY_ID_TAKEN` (409: another key has the id here, or one is held here
   *   that does not come along), `KEY_NOT_MOVABLE` (409: a private key cannot be copied, as of one on a token), `KEYSTORE_LOCKED`,
   *   `KEYSTORE_UNWRITABLE`
   */
  async adoptKeys(controller: string, from: Keystore): Promise<KeyInfo[]> {
    await from.refresh();
    const coming = from.#content.keys.filter((key) => key.controller === controller);
    const reseal = (key: StoredKey, sealed: NonNullable<StoredKey['privateKey']>): StoredKey =>
      this.#sealed(from.#unsealKey(from.#content.kdf, key, sealed), key);
    await this.#write((keys) => adoptInto(keys, coming, { controller, reseal }));
    return this.list({ controller });
  }

  /**
   * Erases the private halves of all keys of a DID, which another keystore holds by now; what is public stays, and nothing signs here any more.
   * @throws YizhengError `KEY_NOT_FOUND` (404), `KEYSTORE_LOCKED`, `KEYSTORE_UNWRITABLE`
   */
  async erasePrivateKeys(controller: string): Promise<void> {
    await this.#write((keys) => eraseHalves(keys, controller));
  }

  /** See {@link Custody.signer}. */
  signer(keyId: string): Signer {
    this.#active(keyId);
    const { algorithm } = this.#info(keyId);
    return { id: keyId, algorithm, sign: ({ data }) => this.sign(keyId, data) };
  }

  /** See {@link Custody.sign}; may also throw what {@link Keystore.open} throws when the file changed, and what the token throws. */
  async sign(keyId: string, bytes: Uint8Array): Promise<Uint8Array> {
    if (performance.now() - this.#refreshedAt > REFRESH_MS) await this.refresh();
    const key = this.#active(keyId);
    return key.token ? this.#tokenKeys.sign(key, bytes) : signWith(this.#privateKey(keyId), bytes);
  }

  /** See {@link Custody.hmac}. */
  async hmac(purpose: string, data: Uint8Array): Promise<Uint8Array> {
    const [mac] = await this.hmacAll(purpose, [data]);
    return mac ?? new Uint8Array();
  }

  /** See {@link Custody.hmacAll}. */
  hmacAll(purpose: string, data: readonly (Uint8Array | string)[]): Promise<Uint8Array[]> {
    const key = deriveSubkey(this.#hmacSecret, `hmac ${purpose}`);
    return Promise.resolve(data.map((one) => new Uint8Array(createHmac('sha256', key).update(one).digest())));
  }

  /** See {@link Custody.hmacPacked}. */
  hmacPacked(purpose: string, texts: PackedTexts): Promise<Uint8Array> {
    const secret = deriveSubkey(this.#hmacSecret, `hmac ${purpose}`);
    const key = createSecretKey(secret);
    secret.fill(0);
    return this.#hmacThread.digests(key, texts);
  }

  /** Takes over what another process wrote meanwhile; costs one `stat` when nothing changed. @throws YizhengError as `open` */
  async refresh(): Promise<void> {
    const { ino, mtimeNs, size } = await statKeystore(this.#path);
    if (fileStamp({ ino, mtimeNs, size }) !== this.#stamp) await this.#read();
    this.#refreshedAt = performance.now();
  }

  /** Shows where the keystore lies and nothing of what it holds. */
  toJSON(): { keystore: string } {
    return { keystore: this.#path };
  }

  [inspect.custom](): string {
    return `Keystore(${this.#path})`;
  }

  async #write(change: (keys: StoredKey[]) => string | Promise<string>): Promise<KeyInfo> {
    const write = this.#writes.then(async () => {
      const lock = await lockFile(this.#path);
      try {
        await this.#read();
        const content = structuredClone(this.#content);
        const keyId = await change(content.keys);
        const bytes = writeEnvelope(content, this.#macKey);
        await writing(() => writeSecretFile(this.#path, bytes, 'replace', () => lock.assertHeld())).catch(
          (error: unknown) => this.#takeBack(content.keys, error),
        );
        await this.#read();
        return this.#info(keyId);
      } finally {
        await lock.release();
      }
    });
    this.#writes = write.catch(() => undefined);
    return write;
  }

  /** Leaves no key on the token that the file does not name. @throws `error` */
  async #takeBack(changed: readonly StoredKey[], error: unknown): Promise<never> {
    await this.#read();
    await this.#tokenKeys.discard(changed.filter(({ id }) => !this.#content.keys.some((key) => key.id === id)));
    throw error;
  }

  async #destroyEnded(): Promise<void> {
    const gone = await this.#tokenKeys.destroyEnded(this.#content.keys);
    const [first] = gone;
    if (first === undefined) return;
    await this.#write((keys) => {
      for (const { id, token } of keys) if (token && gone.includes(id)) token.isDestroyed = true;
      return first;
    });
  }

  async #read(): Promise<void> {
    const { bytes, stamp } = await readKeystoreFile(this.#path);
    if (stamp === this.#stamp) return;
    const envelope = readEnvelope(bytes);
    authenticate(envelope, this.#macKey);
    this.#adopt(envelope.content);
    this.#stamp = stamp;
  }

  #adopt(content: KeystoreContent): void {
    const privateKeys = new Map<string, KeyObject>();
    for (const key of content.keys) {
      if (key.privateKey === undefined || !isActive(key)) continue;
      privateKeys.set(key.id, this.#privateKeys.get(key.id) ?? this.#unsealKey(content.kdf, key, key.privateKey));
    }
    this.#hmacSecret = unseal(this.#sealingKey, sealingContext(content.kdf, HMAC_CONTEXT), content.hmacSecret);
    this.#privateKeys = privateKeys;
    this.#content = content;
  }

  #unsealKey(kdf: KdfParameters, key: StoredKey, sealed: NonNullable<StoredKey['privateKey']>): KeyObject {
    const der = unseal(this.#sealingKey, keyContext(kdf, key), sealed);
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    der.fill(0);
    if (publicMultikey(privateKey) !== key.publicKeyMultibase)
      throw new YizhengError('KEYSTORE_TAMPERED', `The private key of ${key.id} is not the one of its public key.`, {
        status: 500,
      });
    return privateKey;
  }

  async #generate(
    keys: readonly StoredKey[],
    controller: string,
    purpose: KeyPurpose,
    validFrom: string,
    {
      algorithm,
      fragment = nextFragment(keys, controller),
    }: { algorithm: KeyAlgorithm; fragment?: string | undefined },
  ): Promise<StoredKey> {
    if (!/^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/.test(controller))
      throw new YizhengError('KEY_CONTROLLER', 'The controller of a key must be a DID without path or fragment.');
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(fragment))
      throw new YizhengError('KEY_FRAGMENT', 'A key fragment has 1 to 64 characters of A–Z, a–z, 0–9, ".", "_", "-".');
    const id = `${controller}#${fragment}`;
    if (keys.some((key) => key.id === id))
      throw new YizhengError('KEY_ID_TAKEN', `${id} names another key already; ids are never used again.`, {
        status: 409,
      });
    // What succeeds a key on a token never lies in the file because somebody forgot to name the token.
    if (this.#tokenKeys.takes(purpose) || keys.some((key) => key.token && serves(key, controller, purpose)))
      return { id, controller, purpose, ...(await this.#tokenKeys.generate(id)), validFrom };
    const privateKey = generatePrivateKey(algorithm);
    return this.#sealed(privateKey, {
      id,
      controller,
      purpose,
      publicKeyMultibase: publicMultikey(privateKey),
      validFrom,
    });
  }

  #sealed(privateKey: KeyObject, key: StoredKey): StoredKey {
    const der = privateKey.export({ format: 'der', type: 'pkcs8' });
    const sealed = { ...key, privateKey: seal(this.#sealingKey, keyContext(this.#content.kdf, key), der) };
    der.fill(0);
    return sealed;
  }

  #active(keyId: string): StoredKey {
    const key = stored(this.#content.keys, keyId);
    if (!isActive(key)) throw notActive(key);
    return key;
  }

  #privateKey(keyId: string): KeyObject {
    const privateKey = this.#privateKeys.get(keyId);
    if (privateKey) return privateKey;
    const key = this.#active(keyId);
    if (key.token)
      throw new YizhengError('KEY_ON_TOKEN', `${keyId} lies on a token and signs only there.`, { status: 409 });
    throw notActive(key);
  }

  #info(keyId: string): KeyInfo {
    return this.#shown(stored(this.#content.keys, keyId));
  }

  #shown(key: StoredKey): KeyInfo {
    const { token, ...info } = keyInfo(key);
    const problem = token?.isDestroyed === false ? this.#tokenKeys.problems.get(key.id) : undefined;
    return { ...info, ...(token && { token: { ...token, ...(problem !== undefined && { problem }) } }) };
  }
}
