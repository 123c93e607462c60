import { errorCode, YizhengError } from '../shared/errors.js';
import { decodeMultikey, encodeMultikey } from '../shared/did/multikey.js';
import type { KeyPurpose } from './custody.js';
import type { KeyToken, TokenKeyRef } from './key-token.js';
import type { StoredKey } from './keystore-file.js';
import { isActive, isNext } from './stored-key.js';

/**
 * Purposes whose keys are made on the token. Not `audit`, which signs the record of a compromise: who reports a stolen token must be able to
 * without it. Not the keys of short-lived answers.
 */
const ON_TOKEN: readonly KeyPurpose[] = ['assertion', 'registry-root', 'registry'];

/** Keys of a keystore that lie on a token: the keystore file records where, the token signs. */
export class TokenKeys {
  readonly #publicKeys = new Map<string, Uint8Array>();
  /** Code of why the private key of an ended key could not be destroyed when it was last tried, by key id. */
  readonly problems = new Map<string, string>();

  constructor(private readonly token: KeyToken | undefined) {}

  /** The token, by its names. */
  get place(): Pick<KeyToken, 'label' | 'serial'> | undefined {
    return this.token && { label: this.token.label, serial: this.token.serial };
  }

  /** Whether a new key for this is made on the token. */
  takes(purpose: KeyPurpose): boolean {
    return this.token !== undefined && ON_TOKEN.includes(purpose);
  }

  /** Makes a key. @param id its verification method URL @throws YizhengError `TOKEN_*` (503) */
  async generate(id: string): Promise<Required<Pick<StoredKey, 'publicKeyMultibase' | 'token'>>> {
    const token = this.#demand(undefined, id);
    const { label, serial } = token;
    const { objectId, publicKey } = await token.generate(id);
    const publicKeyMultibase = encodeMultikey({ algorithm: 'Ed25519', bytes: publicKey });
    return { publicKeyMultibase, token: { serial, label, objectId } };
  }

  /** Signs with a key. @throws YizhengError `TOKEN_*`, `SIGNATURE_REJECTED` (503) */
  async sign(key: StoredKey, bytes: Uint8Array): Promise<Uint8Array> {
    return this.#demand(key.token, key.id).sign(key.token?.objectId ?? '', this.#publicKeyOf(key), bytes);
  }

  /** Proves that the token holds each of these that lies on it. @throws YizhengError `TOKEN_*` (503) naming the key */
  async check(keys: readonly StoredKey[]): Promise<void> {
    for (const key of keys)
      if (key.token && this.#isHere(key.token) && (isActive(key) || isNext(key)))
        await this.token?.check(key.token.objectId, this.#publicKeyOf(key)).catch((cause: unknown) => {
          if (!(cause instanceof YizhengError)) throw cause;
          throw new YizhengError(cause.code, `${key.id}: ${cause.message}`, { status: cause.status, cause });
        });
  }

  /**
   * Destroys the private keys of ended keys; why one could not be destroyed stands in {@link TokenKeys.problems}.
   * @returns ids of those that are gone
   */
  async destroyEnded(keys: readonly StoredKey[]): Promise<string[]> {
    const gone: string[] = [];
    for (const key of keys) {
      if (key.token === undefined || key.token.isDestroyed === true || isActive(key) || isNext(key)) continue;
      try {
        await this.#demand(key.token, key.id).destroy(key.token.objectId);
        this.problems.delete(key.id);
        gone.push(key.id);
      } catch (error) {
        this.problems.set(key.id, errorCode(error));
      }
    }
    return gone;
  }

  /** Destroys what was made for keys that were never recorded. @throws YizhengError `TOKEN_*` (503) */
  async discard(keys: readonly StoredKey[]): Promise<void> {
    for (const { token, id } of keys) if (token) await this.#demand(token, id).destroy(token.objectId);
  }

  #isHere(ref: TokenKeyRef): boolean {
    return this.token?.serial === ref.serial;
  }

  #demand(ref: TokenKeyRef | undefined, id: string): KeyToken {
    if (this.token && (ref === undefined || this.#isHere(ref))) return this.token;
    const where = ref === undefined ? '' : ` ${ref.label} (serial ${ref.serial})`;
    throw new YizhengError('TOKEN_NOT_CONFIGURED', `${id} lies on token${where}, which this process was not given.`, {
      status: 503,
    });
  }

  /** One array for each key, so that whoever verifies with it may remember what it made of it. */
  #publicKeyOf({ publicKeyMultibase: text }: StoredKey): Uint8Array {
    const known = this.#publicKeys.get(text);
    if (known) return known;
    const { bytes } = decodeMultikey(text);
    this.#publicKeys.set(text, bytes);
    return bytes;
  }
}
