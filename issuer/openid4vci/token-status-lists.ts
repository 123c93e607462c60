import { signerError } from '../../keys/signer-error.js';
import { YizhengError } from '../../shared/errors.js';
import { createBitstring, setBit } from '../../shared/status/bitstring.js';
import { MAX_STATUS_LIST_VALIDITY_SECONDS } from '../../shared/status/status-list-credential.js';
import { tokenStatusesOf, tokenStatusListUrl } from '../../shared/status/token-status-list.js';
import { signTokenStatusList } from '../../shared/status/token-status-list-token.js';
import { appendAudit } from '../../server/index.js';
import type { CertificateRow } from '../certificate-row.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import type { StatusListRow } from '../status-list-row.js';
import { secretHash } from './secrets.js';

/** Signed anew every day, so that whoever fetches it has most of its life left. */
const RENEW_AFTER_MS = 86_400_000;
/** How long a verifier may keep it before it looks again, in seconds. */
const TTL_SECONDS = 300;

interface Publication {
  changes: number;
  token: string;
  signed_at: string;
}

/**
 * Token Status Lists (draft-ietf-oauth-status-list): the same entries as the Bitstring lists, in one list for both purposes, for the
 * SD-JWT VC form. Made from the certificates' rows when one is asked for after a change, so it cannot say anything else than they do.
 */
export class TokenStatusLists {
  private readonly running = new Map<string, Promise<string>>();

  constructor(private readonly effects: IssuerEffects) {}

  /**
   * The current signed list: holds every change committed before the call.
   * @throws YizhengError `NOT_FOUND` (404), `SIGNER_FAILED`, `TOKEN_*`, `STORAGE_*` (503)
   */
  async current(institution: Institution, list: number): Promise<string> {
    const fresh = await this.published(institution, list);
    if (fresh !== undefined) return fresh;
    const key = `${institution.code}/${list}`;
    // A run that began before this call may have read the rows before the change this caller knows of.
    const work = (this.running.get(key) ?? Promise.resolve(''))
      .catch(() => '')
      .then(async () => (await this.published(institution, list)) ?? this.publish(institution, list));
    this.running.set(key, work);
    try {
      return await work;
    } finally {
      if (this.running.get(key) === work) this.running.delete(key);
    }
  }

  /** Lists that some SD-JWT VC points to, so that they must be published; reads what was handed out. */
  async needed(): Promise<{ institution: string; list: number }[]> {
    return this.effects.database
      .knex('certificate_forms')
      .join('certificates', 'certificates.id', 'certificate_forms.certificate')
      .where({ 'certificate_forms.format': 'dc+sd-jwt' })
      .distinct<{ institution: string; list: number }[]>('certificates.institution', 'certificates.list')
      .orderBy(['certificates.institution', 'certificates.list']);
  }

  private async published(institution: Institution, list: number): Promise<string | undefined> {
    const { knex } = this.effects.database;
    const { changes } = await this.row(institution, list);
    const found = await knex<Publication & { institution: string; list: number }>('token_status_publications')
      .where({ institution: institution.code, list })
      .first();
    const age = this.effects.clock().getTime() - Date.parse(found?.signed_at ?? '1970-01-01T00:00:00Z');
    return found && found.changes >= changes && age < RENEW_AFTER_MS ? found.token : undefined;
  }

  private async row(institution: Institution, list: number): Promise<{ entries: number; changes: number }> {
    const row = await this.effects.database
      .knex<StatusListRow>('status_lists')
      .where({ institution: institution.code, list })
      .first('entries', 'revocation_changes', 'suspension_changes');
    if (!row) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    return { entries: row.entries, changes: row.revocation_changes + row.suspension_changes };
  }

  private async publish(institution: Institution, list: number): Promise<string> {
    const { database, keystore, clock } = this.effects;
    const now = clock();
    // Counted before the rows are read: a change in between makes the list newer than its count says, never older.
    const { entries, changes } = await this.row(institution, list);
    const statuses = tokenStatusesOf(await this.bits(institution, list, entries));
    await keystore.refresh();
    const key = keystore.activeKey(institution.did, 'assertion');
    const uri = tokenStatusListUrl(institution.did, list);
    const token = await signTokenStatusList(
      {
        uri,
        issuer: institution.did,
        statuses,
        now: now.toISOString(),
        validForSeconds: MAX_STATUS_LIST_VALIDITY_SECONDS,
        ttlSeconds: TTL_SECONDS,
      },
      keystore.signer(key.id),
    ).catch((cause: unknown) => {
      throw signerError(cause, 'The signer did not sign the status list.');
    });
    await database.write(async (transaction) => {
      const detail = { key: key.id, sha256: secretHash(token) };
      const entry = { tenant: institution.code, actor: 'system', action: 'status-list.sign', subject: uri, detail };
      await appendAudit(transaction, entry, now);
      await transaction('token_status_publications')
        .insert({ institution: institution.code, list, changes, token, signed_at: now.toISOString() })
        .onConflict(['institution', 'list'])
        .merge();
    });
    return token;
  }

  private async bits(
    institution: Institution,
    list: number,
    entries: number,
  ): Promise<{ revoked: Uint8Array; suspended: Uint8Array }> {
    const [revoked, suspended] = [createBitstring(entries), createBitstring(entries)];
    const rows = await this.effects.database
      .knex<CertificateRow>('certificates')
      .where({ institution: institution.code, list })
      .whereIn('status', ['revoked', 'suspended'])
      // The very words of the index `certificates_changed`; SQLite uses it for nothing less.
      .whereRaw(`status <> 'active'`)
      .select('status', 'list_index');
    for (const { status, list_index } of rows) setBit(status === 'revoked' ? revoked : suspended, list_index, true);
    return { revoked, suspended };
  }
}
