import type { Knex } from 'knex';
import { appendAudit } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { isJsonObject, type JsonObject } from '../../shared/json/parse-json.js';
import { signDocument } from '../../shared/proof/data-integrity/sign-document.js';
import { withProofContext } from '../../shared/proof/data-integrity/with-proof-context.js';
import { createBitstring, MIN_STATUS_LIST_ENTRIES, setBit } from '../../shared/status/bitstring.js';
import { pickUnusedIndex } from '../../shared/status/pick-unused-index.js';
import { buildStatusListCredential, type StatusPurpose } from '../../shared/status/status-list-credential.js';
import type { IssuerEffects } from '../effects.js';
import { wholeSecond } from '../time.js';
import type { VcApiTenant } from './tenants.js';

const COLUMN = { revocation: 'revoked_at', suspension: 'suspended_at' } as const;
const VALID_MS = 24 * 3600_000;
const RENEW_MS = VALID_MS / 2;

interface ListRow {
  list: number;
  used: number;
  changes: number;
}

/** A change somebody asks for (VC-API `POST /credentials/status`). */
export interface VcApiStatusChange {
  credentialId: string;
  purpose: StatusPurpose;
  /** Set, or cleared. */
  status: boolean;
  /** Entry it must be, where the caller names it. */
  entry?: { statusListIndex?: string | undefined; statusListCredential?: string | undefined };
}

/** Status entries and lists of VC-API tenants (Bitstring Status List 1.0). */
export class VcApiStatuses {
  private readonly signed = new Map<string, { changes: number; at: number; json: string }>();

  constructor(private readonly effects: IssuerEffects) {}

  /**
   * Takes a random free place, for ever; half a list is used at most, so that a draw finds one at once.
   * @returns the entries to stand in the credential, one for each purpose of the tenant
   */
  async reserve(transaction: Knex.Transaction, tenant: VcApiTenant, credentialId: string): Promise<JsonObject[]> {
    const newest = (await transaction('vc_api_status_lists')
      .where({ tenant: tenant.name })
      .orderBy('list', 'desc')
      .forUpdate()
      .first()) as ListRow | undefined;
    const isNew = newest === undefined || newest.used >= MIN_STATUS_LIST_ENTRIES / 2;
    const list = isNew ? (newest?.list ?? 0) + 1 : newest.list;
    if (isNew) await transaction('vc_api_status_lists').insert({ tenant: tenant.name, list, used: 0, changes: 0 });
    const rows: { list_index: number }[] = await transaction('vc_api_statuses')
      .where({ tenant: tenant.name, list })
      .select('list_index');
    const taken = new Set(rows.map(({ list_index }) => list_index));
    const index = pickUnusedIndex(MIN_STATUS_LIST_ENTRIES, {
      isTaken: (at) => taken.has(at),
      randomBytes: this.effects.randomBytes,
    });
    await transaction('vc_api_statuses').insert({
      tenant: tenant.name,
      list,
      list_index: index,
      credential_id: credentialId,
    });
    await transaction('vc_api_status_lists').where({ tenant: tenant.name, list }).increment('used', 1);
    return tenant.statusPurposes.map((purpose) => ({
      id: `${this.url(tenant, purpose, list)}#${index}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: purpose,
      statusListIndex: String(index),
      statusListCredential: this.url(tenant, purpose, list),
    }));
  }

  /**
   * Sets or clears the status of everything the tenant issued under an id. A revocation is for ever.
   * @param actor key id of who does it
   * @throws YizhengError `CREDENTIAL_NOT_FOUND` (404), `STATUS_PURPOSE_UNKNOWN` (400: not one the tenant has),
   *   `STATUS_ENTRY_MISMATCH` (400: another entry than the credential's), `REVOCATION_IS_FINAL` (409)
   */
  async change(tenant: VcApiTenant, change: VcApiStatusChange, actor: string): Promise<void> {
    const { credentialId, purpose, status, entry = {} } = change;
    if (!tenant.statusPurposes.includes(purpose))
      throw new YizhengError('STATUS_PURPOSE_UNKNOWN', 'This tenant adds no such status to what it issues.', {
        at: '/credentialStatus/statusPurpose',
      });
    if (purpose === 'revocation' && !status)
      throw new YizhengError('REVOCATION_IS_FINAL', 'A revocation cannot be taken back.', {
        status: 409,
        at: '/status',
      });
    const now = this.effects.clock();
    await this.effects.database.write(async (transaction) => {
      const rows: { list: number; list_index: number }[] = await transaction('vc_api_statuses')
        .where({ tenant: tenant.name, credential_id: credentialId })
        .select('list', 'list_index');
      if (rows.length === 0)
        throw new YizhengError('CREDENTIAL_NOT_FOUND', 'This tenant issued no credential of this id with a status.', {
          status: 404,
          at: '/credentialId',
        });
      const meant = rows.filter(
        ({ list, list_index }) =>
          (entry.statusListIndex ?? String(list_index)) === String(list_index) &&
          (entry.statusListCredential ?? this.url(tenant, purpose, list)) === this.url(tenant, purpose, list),
      );
      if (meant.length === 0)
        throw new YizhengError('STATUS_ENTRY_MISMATCH', 'The entry is not one of this credential.', {
          at: '/credentialStatus',
        });
      for (const { list, list_index } of meant)
        await transaction('vc_api_statuses')
          .where({ tenant: tenant.name, list, list_index })
          .update({ [COLUMN[purpose]]: status ? now.toISOString() : null });
      for (const list of new Set(meant.map((row) => row.list)))
        await transaction('vc_api_status_lists').where({ tenant: tenant.name, list }).increment('changes', 1);
      await appendAudit(
        transaction,
        {
          tenant: tenant.name,
          actor,
          action: status ? 'vc-api.set-status' : 'vc-api.clear-status',
          subject: tenant.did,
          detail: { purpose, entries: meant.map(({ list, list_index }) => `${list}#${list_index}`) },
        },
        now,
      );
    });
  }

  /** The signed list as JSON text; holds every change committed before the call. @throws YizhengError `NOT_FOUND` (404) */
  async list(tenant: VcApiTenant, purpose: StatusPurpose, list: number): Promise<string> {
    const { knex } = this.effects.database;
    const row = (await knex('vc_api_status_lists').where({ tenant: tenant.name, list }).first()) as ListRow | undefined;
    if (!row || !tenant.statusPurposes.includes(purpose))
      throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    const key = this.url(tenant, purpose, list);
    const known = this.signed.get(key);
    const now = this.effects.clock();
    if (known?.changes === row.changes && now.getTime() - known.at < RENEW_MS) return known.json;
    const json = JSON.stringify(await this.sign(tenant, purpose, list, now));
    this.signed.set(key, { changes: row.changes, at: now.getTime(), json });
    return json;
  }

  private async sign(tenant: VcApiTenant, purpose: StatusPurpose, list: number, now: Date): Promise<JsonObject> {
    const { database, keystore } = this.effects;
    const bits = createBitstring(MIN_STATUS_LIST_ENTRIES);
    const rows: { list_index: number }[] = await database
      .knex('vc_api_statuses')
      .where({ tenant: tenant.name, list })
      .whereNotNull(COLUMN[purpose])
      .select('list_index');
    for (const { list_index } of rows) setBit(bits, list_index, true);
    const validFrom = wholeSecond(now);
    const unsigned: unknown = buildStatusListCredential({
      id: this.url(tenant, purpose, list),
      issuer: tenant.did,
      purpose,
      bits,
      validFrom,
      validUntil: wholeSecond(new Date(now.getTime() + VALID_MS)),
    });
    if (!isJsonObject(unsigned)) throw new TypeError('a status list is an object');
    await keystore.refresh();
    const signer = keystore.signer(keystore.activeKey(tenant.did, 'vc-api').id);
    const { cryptosuite: suite } = tenant;
    return signDocument(withProofContext(unsigned, suite), { suite, signer, created: validFrom });
  }

  private url({ name }: VcApiTenant, purpose: StatusPurpose, list: number): string {
    return `${this.effects.baseUrl}/vc-api/${name}/status/${purpose}/${list}`;
  }
}
