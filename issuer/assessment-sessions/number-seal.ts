import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Custody } from '../../keys/custody.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps the document numbers of a session's candidates until they are handed in and archived: AES-256-GCM with a key of the session's
 * own, derived from a secret that never leaves custody. Whoever reads the database alone reads no number, and a sealed number put beside
 * another person does not open.
 */
export class NumberSeal {
  private constructor(
    private readonly key: Uint8Array,
    private readonly randomBytes: (length: number) => Uint8Array,
  ) {}

  /** @param session institution that holds it, and its id */
  static async of(
    { keystore, randomBytes }: { keystore: Pick<Custody, 'hmac'>; randomBytes: (length: number) => Uint8Array },
    { institution, id }: { institution: string; id: string },
  ): Promise<NumberSeal> {
    const name = new TextEncoder().encode(JSON.stringify([institution, id]));
    return new NumberSeal(await keystore.hmac('issuer candidate numbers', name), randomBytes);
  }

  /** @param holderKey HMAC of the document, which the sealed number belongs to */
  seal(number: string, holderKey: string): string {
    const iv = this.randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(holderKey));
    const sealed = Buffer.concat([iv, cipher.update(number, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return sealed.toString('base64url');
  }

  /** @throws Error when it was sealed for another session or person, or changed */
  open(sealed: string, holderKey: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, IV_BYTES)).setAAD(
      Buffer.from(holderKey),
    );
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  }
}
