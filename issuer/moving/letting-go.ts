import type { Knex } from 'knex';
import { appendAudit, moveOf, type TenantMove } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import type { IssuerEffects } from '../effects.js';
import { Institutions } from '../institutions.js';
import { keystoreOf } from '../key-custody/do-ceremony.js';
import { notMoving } from './export-institution.js';
import { readStatement, receiptSchema, type Receipt } from './manifest.js';
import { MOVED_TABLES, rowsOf } from './tables.js';

/**
 * Goes on with an institution here after all. Whoever asks for it vouches that no archive of it was or will be taken in anywhere: two hosts would
 * give the same numbers.
 * @throws YizhengError `TENANT_NOT_MOVING` (409), `TENANT_MOVED` (410)
 */
export async function reopenInstitution(
  { database, clock }: IssuerEffects,
  { code, actor }: { code: string; actor: string },
): Promise<void> {
  await database.write(async (transaction) => {
    const move = await requireMove(transaction, code);
    if (move.state === 'moved')
      throw new YizhengError('TENANT_MOVED', 'Another service goes on with this institution.', { status: 410 });
    await transaction<TenantMove>('tenant_moves').where({ tenant: code }).delete();
    const detail = { archive: move.archive };
    await appendAudit(transaction, { tenant: code, actor, action: 'tenant.reopen', subject: code, detail }, clock());
  });
}

/**
 * Lets go of an institution that arrived elsewhere: from now on everything of it answers 410 with its new address, and its private keys are
 * erased here. Doing it again changes nothing.
 * @param request `receipt`: what the new host signed
 * @throws YizhengError `TENANT_NOT_MOVING`, `RECEIPT_OTHER_ARCHIVE` (409: the receipt is not of the last archive), `ARCHIVE_TAMPERED`
 */
export async function closeInstitution(
  effects: IssuerEffects,
  { code, receipt, actor }: { code: string; receipt: string; actor: string },
): Promise<Receipt> {
  const { database, clock } = effects;
  const keystore = keystoreOf(effects.keystore);
  await keystore.refresh();
  const arrived = await readStatement(keystore, receipt, receiptSchema);
  const { archive, manifestSha256, at: address } = arrived;
  const { did } = await new Institutions(effects).get(code);
  await database.write(async (transaction) => {
    const move = await requireMove(transaction, code);
    if (move.archive !== archive || move.manifest_sha256 !== manifestSha256 || arrived.institution.code !== code)
      throw new YizhengError('RECEIPT_OTHER_ARCHIVE', 'The receipt is for another archive than the last one.', {
        status: 409,
      });
    if (move.state === 'moved') return;
    await transaction<TenantMove>('tenant_moves').where({ tenant: code }).update({ state: 'moved', address });
    const { sequence, hash } = arrived.audit;
    const detail = { archive, manifest: manifestSha256, address, there: { sequence, hash } };
    await appendAudit(transaction, { tenant: code, actor, action: 'tenant.close', subject: did, detail }, clock());
  });
  await keystore.erasePrivateKeys(did);
  return arrived;
}

/**
 * Erases what is left here of an institution that moved away: certificates, batches, sessions, applications and people who work nowhere else here.
 * The audit log stays, as no chain can lose links; it holds no personal data.
 * @returns rows erased, by table
 * @throws YizhengError `TENANT_NOT_MOVING` (409: it was not closed)
 */
export async function eraseInstitution(
  { database, clock }: IssuerEffects,
  { code, actor }: { code: string; actor: string },
): Promise<Record<string, number>> {
  return database.write(async (transaction) => {
    if ((await requireMove(transaction, code)).state !== 'moved') throw notMoving();
    const erased: Record<string, number> = {};
    await anonymise(transaction, code);
    // What a partner keeps of a joint examination that is over is its own.
    await transaction('assessment_sessions')
      .where({ lead: code })
      .update({ lead: transaction.ref('institution') });
    await transaction('assessment_partners').where({ lead: code }).orWhere({ institution: code }).delete();
    const tokens = transaction('access_tokens').where({ institution: code }).select('token_hash');
    await transaction('deferred_credentials').whereIn('token_hash', tokens).delete();
    await transaction('access_tokens').where({ institution: code }).delete();
    await transaction('account_invitations').where({ tenant: code }).delete();
    for (const table of MOVED_TABLES.toReversed()) {
      if (STAYS.has(table.name)) continue;
      const gone: number = await (rowsOf(transaction, table, code) as Knex.QueryBuilder<object, number>).delete();
      if (gone > 0) erased[table.name] = gone;
      // Kept by the database as long as there are certificates.
      if (table.name === 'certificates')
        await transaction('credential_skeletons').where({ skeleton_owner: code }).delete();
    }
    const entry = { tenant: code, actor, action: 'tenant.erase', subject: code, detail: { rows: erased } };
    await appendAudit(transaction, entry, clock());
    return erased;
  });
}

/** Shared with others, or part of the chain, or dealt with by itself. */
const STAYS: ReadonlySet<string> = new Set(['authorities', 'accounts', 'audit_log']);

/** People who belong to nobody else here lose name, login and every way in; their ids stay for the log. */
async function anonymise(transaction: Knex.Transaction, code: string): Promise<void> {
  const rows: { account: string }[] = await transaction('account_memberships')
    .where({ tenant: code })
    .whereNotIn('account', transaction('account_memberships').whereNot({ tenant: code }).select('account'))
    .select('account');
  const now = new Date(0).toISOString();
  for (const { account } of rows) {
    for (const table of ['account_passkeys', 'account_identities', 'account_recovery_codes', 'account_sessions'])
      await transaction(table).where({ account }).delete();
    await transaction('account_invitations').where({ account }).delete();
    await transaction('accounts').where({ id: account }).update({
      login: account,
      name: account,
      disabled_at: now,
      password: null,
      totp_sealed: null,
      totp_confirmed_at: null,
      totp_last_step: null,
    });
  }
}

async function requireMove(transaction: Knex.Transaction, code: string): Promise<TenantMove> {
  const move = await moveOf(transaction, code);
  if (!move) throw notMoving();
  return move;
}
