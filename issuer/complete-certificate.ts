import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import {
  certificateCredentialSchema,
  readRecord,
  type CertificateCredential,
  type UnsignedCertificate,
} from '../shared/certificate/credential.js';
import { signerError } from '../keys/signer-error.js';
import { errorCode, YizhengError } from '../shared/errors.js';
import { eddsaRdfc2022 } from '../shared/proof/eddsa-rdfc-2022.js';
import { verifyWithSecondImplementation } from '../shared/proof/second-implementation.js';
import { appendAudit } from '../server/index.js';
import { storedCertificates, type StoredCertificate } from './certificate-row.js';
import type { IssuerEffects } from './effects.js';
import { markChanged } from './status-lists.js';
import { wholeSecond } from './time.js';

/** What completing a certificate works with. */
export interface Completion extends IssuerEffects {
  /** Asked when the reserved key was retired before it signed. Throws (403) when the accreditation does not cover this key now. */
  replan(row: StoredCertificate, keyId: string, created: string): Promise<void>;
  /** Runs in the transaction that stores the certificate. */
  finish(transaction: Knex.Transaction, row: StoredCertificate): Promise<void>;
}

/** How often a reservation may be changed by another process while it is signed here. */
const ROUNDS = 3;

/**
 * Signs a reserved certificate, checks it with a second implementation and stores it. Repeating it changes nothing: Ed25519 is
 * deterministic and the bytes are fixed by the reservation. A correction becomes `void` when what it corrects was revoked or
 * suspended meanwhile.
 * @returns the row, `issued` or `void`
 * @throws YizhengError `SIGNER_FAILED`, `TOKEN_*`, `SIGNATURE_REJECTED`, `RESERVATION_CONFLICT`, `STORAGE_*` (503); the row then stays reserved
 */
export async function completeCertificate(id: string, io: Completion): Promise<StoredCertificate> {
  await io.keystore.refresh();
  for (let round = 0; round < ROUNDS; round++) {
    const row = await signAndStore(await readRow(io.database.knex, id), io);
    if (row.state !== 'reserved') return row;
  }
  throw new YizhengError('RESERVATION_CONFLICT', 'Another process works on this certificate; repeat the request.', {
    status: 503,
  });
}

/** @returns the row; still `reserved` when another process planned it anew meanwhile */
async function signAndStore(reserved: StoredCertificate, io: Completion): Promise<StoredCertificate> {
  if (reserved.state !== 'reserved') return reserved;
  const row = await withUsableKey(reserved, io);
  if (row.state !== 'reserved') return row;
  const { id } = row;
  const signed = await signChecked(row, io);
  const json = JSON.stringify(signed);
  return io.database.write(async (transaction) => {
    const now = io.clock();
    if (row.supersedes !== null) {
      const { status } = await readRow(transaction, row.supersedes);
      if (status !== 'active') return giveUp(transaction, row, `superseded certificate is ${status}`, now, io);
    }
    const stored = await transaction('certificates')
      .where({ id, state: 'reserved', key_id: row.key_id, proof_created: row.proof_created })
      .update({ state: 'issued', credential: json, issued_at: now.toISOString() });
    if (stored === 0) return readRow(transaction, id);
    await appendAudit(
      transaction,
      {
        tenant: row.institution,
        actor: row.actor,
        action: 'certificate.issue',
        subject: id,
        detail: { key: row.key_id, sha256: createHash('sha256').update(json).digest('hex') },
      },
      now,
    );
    if (row.supersedes !== null) await supersede(transaction, row, row.supersedes, now);
    await io.finish(transaction, row);
    return readRow(transaction, id);
  });
}

async function signChecked(row: StoredCertificate, io: Completion): Promise<CertificateCredential> {
  const unsigned = JSON.parse(row.unsigned ?? 'null') as UnsignedCertificate;
  const [key] = io.keystore.list().filter((candidate) => candidate.id === row.key_id);
  let signed: object;
  try {
    const signer = io.keystore.signer(row.key_id);
    signed = await eddsaRdfc2022.sign(unsigned, { signer, created: row.proof_created });
  } catch (cause) {
    throw signerError(cause, 'The signer did not sign; repeat the request with the same key.');
  }
  const { proof, ...rest } = signed as { proof?: { created?: unknown; verificationMethod?: unknown } };
  const asReserved =
    JSON.stringify(rest) === row.unsigned &&
    proof?.created === row.proof_created &&
    proof.verificationMethod === row.key_id;
  const parsed = certificateCredentialSchema.safeParse(signed);
  const verified =
    key !== undefined && parsed.success && (await verifyWithSecondImplementation(signed, key).catch(() => false));
  if (!asReserved || !verified)
    throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature; nothing was issued.', {
      status: 503,
    });
  readRecord(signed);
  return signed as CertificateCredential;
}

/** A key may be retired between reserving and signing. Then the active key takes over, if the accreditation lists it. */
async function withUsableKey(row: StoredCertificate, io: Completion): Promise<StoredCertificate> {
  const key = io.keystore.list().find((candidate) => candidate.id === row.key_id);
  if (key?.state === 'active') return row;
  const now = io.clock();
  const created = wholeSecond(now);
  const keyId = activeKeyId(row, io);
  const covered = keyId !== undefined && (await covers(row, keyId, created, io));
  return io.database.write(async (transaction) => {
    const changed = await transaction('certificates')
      .where({ id: row.id, state: 'reserved', key_id: row.key_id })
      .update(covered ? { key_id: keyId, proof_created: created } : { state: 'void' });
    if (changed === 1)
      await appendAudit(
        transaction,
        {
          tenant: row.institution,
          actor: 'system',
          action: covered ? 'certificate.replan' : 'certificate.void',
          subject: row.id,
          detail: { key: row.key_id, ...(covered ? { newKey: keyId, created } : {}) },
        },
        now,
      );
    if (changed === 1 && !covered) await io.finish(transaction, row);
    return readRow(transaction, row.id);
  });
}

function activeKeyId(row: StoredCertificate, io: Completion): string | undefined {
  try {
    return io.keystore.activeKey(row.key_id.split('#', 1)[0] ?? '', 'assertion').id;
  } catch (error) {
    if (errorCode(error) === 'KEY_NOT_FOUND') return undefined;
    throw error;
  }
}

async function covers(row: StoredCertificate, keyId: string, created: string, io: Completion): Promise<boolean> {
  try {
    await io.replan(row, keyId, created);
    return true;
  } catch (error) {
    if (error instanceof YizhengError && error.status === 403) return false;
    throw error;
  }
}

async function giveUp(
  transaction: Knex.Transaction,
  row: StoredCertificate,
  reason: string,
  now: Date,
  io: Completion,
): Promise<StoredCertificate> {
  const changed = await transaction('certificates')
    .where({ id: row.id, state: 'reserved', key_id: row.key_id, proof_created: row.proof_created })
    .update({ state: 'void' });
  if (changed === 1) {
    await appendAudit(
      transaction,
      { tenant: row.institution, actor: 'system', action: 'certificate.void', subject: row.id, detail: { reason } },
      now,
    );
    await io.finish(transaction, row);
  }
  return readRow(transaction, row.id);
}

async function supersede(
  transaction: Knex.Transaction,
  row: StoredCertificate,
  oldId: string,
  now: Date,
): Promise<void> {
  const old = await readRow(transaction, oldId);
  await transaction('certificates')
    .where({ id: oldId })
    .update({ status: 'revoked', status_reason: 'superseded', status_at: now.toISOString() });
  await markChanged(transaction, old, ['revocation']);
  await appendAudit(
    transaction,
    {
      tenant: row.institution,
      actor: row.actor,
      action: 'certificate.revoke',
      subject: oldId,
      detail: { reason: 'superseded', by: row.id },
    },
    now,
  );
}

async function readRow(knex: Knex, id: string): Promise<StoredCertificate> {
  const row: StoredCertificate | undefined = await storedCertificates(knex).where({ id }).first();
  if (!row) throw new YizhengError('CERTIFICATE_NOT_FOUND', 'This certificate is not known here.', { status: 404 });
  return row;
}
