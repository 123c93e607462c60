import { randomBytes } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { YizhengError } from '../../shared/errors.js';
import type { KeyToken } from '../key-token.js';
import { openssl } from '../signing/native-ed25519.js';
import { CK } from './constants.js';
import { returnValueOf, type Cryptoki, type Handle } from './cryptoki.js';
import { EDWARDS25519_PARAMS, findObjects, isExtractable, keyPairTemplates, readPublicKey } from './ed25519-object.js';
import { failed, nameOf, type TokenName } from './token-error.js';
import { TokenSessions, type Session } from './token-sessions.js';
import { libraryAt } from './library.js';

/** Which token, and what opens it. */
export interface TokenOptions extends TokenName {
  /** Path of the token maker's PKCS#11 library. */
  module: string;
  /** PIN of the user, from a file or a descriptor. */
  pin: string;
}

const EDDSA = { mechanism: CK.EDDSA, parameter: null } as const;
const TEST_MESSAGE = Buffer.from('Yizheng: is this the key it is said to be?\n');

/** Custody of Ed25519 keys on a PKCS#11 token. Handles, sessions and the PIN do not leave keys/pkcs11. */
export class Pkcs11Token implements KeyToken {
  private constructor(
    readonly label: string,
    readonly serial: string,
    private readonly sessions: TokenSessions,
  ) {}

  /**
   * Finds a token and logs in.
   * @param options `label` or `serial` or both
   * @throws YizhengError 500: `TOKEN_SUPPORT_MISSING`, `TOKEN_LIBRARY`, `TOKEN_AMBIGUOUS` (several have this label; name the serial number);
   *   503: `TOKEN_ABSENT`, `TOKEN_PIN_WRONG`, `TOKEN_PIN_LOCKED`, `TOKEN_PIN_FINAL_TRY`, `TOKEN_FAILED`
   */
  static async open({ module, pin, ...wanted }: TokenOptions): Promise<Pkcs11Token> {
    const sessions = new TokenSessions(libraryAt(module), wanted, pin);
    const { label, serial } = await sessions.open();
    return new Pkcs11Token(label, serial, sessions);
  }

  /** See {@link KeyToken.generate}. */
  async generate(name: string): Promise<{ objectId: string; publicKey: Uint8Array }> {
    const id = randomBytes(16);
    const objectId = id.toString('hex');
    const publicKey = await this.sessions.run(async ({ cryptoki, handle }) => {
      const made = await generateKeyPair(cryptoki, handle, id, name);
      return readPublicKey(cryptoki, handle, made.publicKey);
    }, CK.RW_SESSION);
    try {
      await this.check(objectId, publicKey);
    } catch (error) {
      await this.destroy(objectId);
      throw error;
    }
    return { objectId, publicKey };
  }

  /** See {@link KeyToken.check}. */
  async check(objectId: string, publicKey: Uint8Array): Promise<void> {
    const message = Buffer.concat([TEST_MESSAGE, randomBytes(32)]);
    const signature = await this.sessions.run(async (session) => {
      const { cryptoki, handle } = session;
      for (const object of findObjects(cryptoki, handle, idOf(objectId), CK.PUBLIC_KEY))
        if (!Buffer.from(readPublicKey(cryptoki, handle, object)).equals(publicKey)) throw this.mismatch(objectId);
      if (isExtractable(cryptoki, handle, this.privateKey(session, objectId)))
        throw failed('TOKEN_KEY_EXTRACTABLE', `${this.about(objectId)} can be read out of the token.`);
      return this.rawSign(session, objectId, message);
    });
    // Not OpenSSL: many tokens in software sign with it.
    if (!ed25519.verify(signature, message, publicKey)) throw this.mismatch(objectId);
  }

  /** See {@link KeyToken.sign}. */
  async sign(objectId: string, publicKey: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> {
    const data = Buffer.from(bytes);
    const signature = await this.sessions.run((session) => this.rawSign(session, objectId, data));
    if (!openssl.verify(signature, data, publicKey))
      throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature; nothing was issued.', {
        status: 503,
      });
    return signature;
  }

  /** See {@link KeyToken.destroy}. */
  async destroy(objectId: string): Promise<void> {
    // Logs in anew: of a token that is away, or where nobody is logged in, no key is seen either, and none would seem destroyed.
    await this.sessions.close();
    await this.sessions.run((session) => {
      const { cryptoki, handle, keys } = session;
      keys.delete(objectId);
      const objects = (): Handle[] =>
        [CK.PRIVATE_KEY, CK.PUBLIC_KEY].flatMap((half) => findObjects(cryptoki, handle, idOf(objectId), half));
      for (const object of objects()) cryptoki.C_DestroyObject(handle, object);
      if (objects().length > 0)
        throw failed('TOKEN_FAILED', `${this.about(objectId)} is still there after destroying it.`);
    }, CK.RW_SESSION);
  }

  /** See {@link KeyToken.close}. */
  close(): Promise<void> {
    return this.sessions.close();
  }

  private async rawSign(session: Session, objectId: string, data: Buffer): Promise<Uint8Array> {
    const { cryptoki, handle } = session;
    cryptoki.C_SignInit(handle, EDDSA, this.privateKey(session, objectId));
    return new Uint8Array(await cryptoki.C_SignAsync(handle, data, Buffer.alloc(64)));
  }

  private privateKey({ cryptoki, handle, keys }: Session, objectId: string): Handle {
    const known = keys.get(objectId);
    if (known) return known;
    const [found, another] = findObjects(cryptoki, handle, idOf(objectId), CK.PRIVATE_KEY);
    if (!found)
      throw failed('TOKEN_KEY_MISSING', `${this.about(objectId)} is not there; retire the key and make another.`);
    if (another) throw this.mismatch(objectId);
    keys.set(objectId, found);
    return found;
  }

  private mismatch(objectId: string): YizhengError {
    return failed(
      'TOKEN_KEY_MISMATCH',
      `${this.about(objectId)} is not the key that was recorded; nothing is signed with it.`,
    );
  }

  private about(objectId: string): string {
    return `Object ${objectId} on ${nameOf(this)}`;
  }
}

async function generateKeyPair(
  cryptoki: Cryptoki,
  session: Handle,
  id: Buffer,
  name: string,
): Promise<{ publicKey: Handle; privateKey: Handle }> {
  const [printable, oid] = EDWARDS25519_PARAMS;
  const mechanism = { mechanism: CK.EC_EDWARDS_KEY_PAIR_GEN, parameter: null };
  try {
    return await cryptoki.C_GenerateKeyPairAsync(session, mechanism, ...keyPairTemplates(id, name, printable));
  } catch (error) {
    if (!/^CKR_(?:CURVE_NOT_SUPPORTED|DOMAIN_PARAMS_INVALID|ATTRIBUTE_VALUE_INVALID)$/.test(returnValueOf(error) ?? ''))
      throw error;
    return cryptoki.C_GenerateKeyPairAsync(session, mechanism, ...keyPairTemplates(id, name, oid));
  }
}

function idOf(objectId: string): Buffer {
  return Buffer.from(objectId, 'hex');
}
