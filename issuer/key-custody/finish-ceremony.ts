import { YizhengError } from '../../shared/errors.js';
import { appendAudit, personOf } from '../../server/index.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { keysToList, recordedKey, signRecord, type CeremonyRecord } from './ceremony-record.js';
import type { CeremonyRow } from './ceremony.js';
import { doCeremony, keystoreOf } from './do-ceremony.js';
import type { CustodyTools } from './key-custody.js';
import { compromiseEvent, previewCompromise } from './preview-compromise.js';

/**
 * Does a confirmed ceremony, signs its record and writes both down. What was done and not written down is found done when it is tried again.
 * @param row as confirmed
 * @returns the row, done
 * @throws YizhengError as `doCeremony`: it is cancelled where it can never be done (404, 409); `STORAGE_*` (503)
 */
export async function finishCeremony(
  row: CeremonyRow,
  institution: Institution,
  { effects, accreditations }: CustodyTools,
): Promise<CeremonyRow> {
  const { knex } = effects.database;
  const keystore = keystoreOf(effects.keystore);
  const now = effects.clock();
  const act = (): ReturnType<typeof doCeremony> => doCeremony(row, institution, { keystore, now });
  const { key, replaced } = await act()
    // Who goes on with it at the same time may have done it: a refused write has read what the keystore holds by then.
    .catch((error: unknown) => {
      if (!isFinal(error)) throw error;
      return act();
    })
    .catch(async (error: unknown) => {
      if (isFinal(error)) await giveUp(row, effects);
      throw error;
    });
  const record: CeremonyRecord = {
    type: 'KeyCeremonyRecord',
    id: row.id,
    institution: {
      code: institution.code,
      did: institution.did,
      name: institution.name,
      authority: institution.authority,
    },
    kind: row.kind,
    reason: row.reason,
    proposed: { by: row.proposed_by, name: await personOf(knex, row.proposed_by), at: row.proposed_at },
    confirmed: {
      by: row.confirmed_by ?? '',
      name: await personOf(knex, row.confirmed_by ?? ''),
      at: row.confirmed_at ?? '',
    },
    doneAt: now.toISOString(),
    key: recordedKey(key),
    keys: keysToList(keystore.list({ controller: institution.did, purpose: 'assertion' })),
    ...(replaced && { replaced: recordedKey(replaced) }),
  };
  if (row.kind === 'compromise') {
    const since = row.compromised_since ?? '';
    const { id: _, authority: __, ...event } = compromiseEvent(institution, key.id, { since, now });
    const others = keystore.list({ controller: institution.did, purpose: 'assertion', state: 'active' });
    const view = await accreditations.view(institution.authority);
    const asked = { institution, key, since, now, view, hasOtherKey: others.length > 0 };
    const { keyId: ___, ...consequences } = await previewCompromise(knex, asked);
    Object.assign(record, { event, consequences });
  }
  const signed = await signRecord(keystore, record, now);
  return effects.database.write(async (transaction) => {
    const change = {
      state: 'done',
      key_id: key.id,
      done_at: record.doneAt,
      record: signed.text,
      record_sha256: signed.sha256,
    } as const;
    const changed = await transaction<CeremonyRow>('key_ceremonies')
      .where({ id: row.id, state: 'confirmed' })
      .update(change);
    const stored = await transaction<CeremonyRow>('key_ceremonies').where({ id: row.id }).first();
    if (changed === 1)
      await appendAudit(
        transaction,
        {
          tenant: row.institution,
          actor: row.confirmed_by ?? '',
          action: `key.${row.kind}`,
          subject: key.id,
          detail: {
            ceremony: row.id,
            fingerprint: record.key.fingerprint,
            record: signed.sha256,
            signedBy: signed.signedBy,
            ...(replaced && { replaced: replaced.id }),
            ...(record.key.token && { token: { ...record.key.token } }),
            ...(row.compromised_since !== null && { since: row.compromised_since }),
          },
        },
        now,
      );
    return stored ?? { ...row, ...change };
  });
}

function isFinal(error: unknown): error is YizhengError {
  return error instanceof YizhengError && (error.status === 404 || error.status === 409);
}

/** What can never be done, e.g. because the key was ended at the command line meanwhile, does not wait for ever. */
async function giveUp({ id, institution, kind }: CeremonyRow, { database, clock }: IssuerEffects): Promise<void> {
  const now = clock();
  await database.write(async (transaction) => {
    const change = { state: 'cancelled', cancelled_by: 'system', cancelled_at: now.toISOString() } as const;
    const changed = await transaction<CeremonyRow>('key_ceremonies').where({ id, state: 'confirmed' }).update(change);
    if (changed === 0) return;
    const entry = {
      tenant: institution,
      actor: 'system',
      action: 'key.ceremony-cancel',
      subject: id,
      detail: { kind },
    };
    await appendAudit(transaction, entry, now);
  });
}
