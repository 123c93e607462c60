import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Keystore } from '../../keys/keystore.js';
import { decodeMultikey } from '../../shared/did/multikey.js';
import { webDid } from '../../shared/certificate/record.js';
import { INSTITUTION_CODE } from '../../shared/certificate/certificate-number.js';
import { YizhengError } from '../../shared/errors.js';
import { signCompactJws } from '../../shared/proof/jose/sign-compact-jws.js';
import { verifyCompactJws } from '../../shared/proof/jose/verify-compact-jws.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const institution = z.strictObject({
  code: z.string().regex(INSTITUTION_CODE),
  did: webDid,
  name: z.string().max(200),
  authority: webDid,
});

/** What an archive of an institution holds. */
export const manifestSchema = z.strictObject({
  type: z.literal('YizhengTenantArchive'),
  version: z.literal(1),
  /** Names this archive; the receipt of the new host names it too. */
  id: z.string().regex(/^mv_[0-9a-f]{24}$/),
  institution,
  /** Address of the service it comes from. */
  from: z.string().max(300),
  createdAt: z.iso.datetime(),
  /** Schema it was written at: names of the steps, in order. */
  migrations: z.array(z.string().max(100)).max(1000),
  /** Files, in the order they are read: SHA-256 of the bytes as they lie there. */
  tables: z
    .array(z.strictObject({ name: z.string().max(60), rows: z.int().min(0), bytes: z.int().min(0), sha256 }))
    .max(200),
  keystore: z.strictObject({ sha256 }),
  /** The audit log it comes from, found whole when the archive was written. */
  audit: z.strictObject({ entries: z.int().min(0), sequence: z.int().min(0), hash: sha256 }),
});

/** See {@link manifestSchema}. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What a new host answers once an institution is there: the old one may let go of it then. */
export const receiptSchema = z.strictObject({
  type: z.literal('YizhengTenantReceipt'),
  archive: z.string().max(40),
  manifestSha256: sha256,
  institution,
  /** Address of the service it is at now. */
  at: z.string().max(300),
  importedAt: z.iso.datetime(),
  certificates: z.int().min(0),
  /** Entry of the new host's log that says so. */
  audit: z.strictObject({ sequence: z.int().min(1), hash: sha256 }),
});

/** See {@link receiptSchema}. */
export type Receipt = z.infer<typeof receiptSchema>;

const LIMIT = 1024 * 1024;

/** Signs a statement about an institution's move with its `audit` key, which signs no certificate. @returns compact JWS (RFC 7515) */
export async function signStatement(keystore: Keystore, statement: Manifest | Receipt, kid: string): Promise<string> {
  const signer = { algorithm: 'Ed25519' as const, sign: ({ data }: { data: Uint8Array }) => keystore.sign(kid, data) };
  return signCompactJws({ header: { typ: typeOf(statement.type), kid }, payload: JSON.stringify(statement) }, signer);
}

/**
 * Reads what {@link signStatement} signed, by any `audit` key the keystore holds of the institution it speaks of.
 * @throws YizhengError `ARCHIVE_TAMPERED` for another key, a changed text, or another form
 */
export async function readStatement<T extends Manifest | Receipt>(
  keystore: Keystore,
  jws: string,
  schema: z.ZodType<T>,
): Promise<T> {
  try {
    const { header, payload } = await verifyCompactJws(jws.trim(), {
      typ: [typeOf('YizhengTenantArchive'), typeOf('YizhengTenantReceipt')],
      maxLength: LIMIT,
      keyOf: ({ kid }) => {
        const key = keystore.list({ purpose: 'audit' }).find(({ id }) => id === kid);
        return key && decodeMultikey(key.publicKeyMultibase);
      },
    });
    const statement = schema.parse(JSON.parse(new TextDecoder().decode(payload)));
    const { kid } = header;
    if (
      typeof kid !== 'string' ||
      !kid.startsWith(`${statement.institution.did}#`) ||
      header['typ'] !== typeOf(statement.type)
    )
      throw new TypeError('The key is another institution’s.');
    return statement;
  } catch (cause) {
    throw new YizhengError('ARCHIVE_TAMPERED', 'This was not written, or was changed, since it was signed.', { cause });
  }
}

/** SHA-256 of a signed statement, hex. */
export function statementDigest(jws: string): string {
  return createHash('sha256').update(jws.trim()).digest('hex');
}

function typeOf(type: string): string {
  return type === 'YizhengTenantArchive' ? 'yizheng-tenant-archive+jwt' : 'yizheng-tenant-receipt+jwt';
}
