import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { signerError } from '../keys/signer-error.js';
import { statusListUrl } from '../shared/certificate/credential.js';
import { errorCode, YizhengError } from '../shared/errors.js';
import { eddsaRdfc2022 } from '../shared/proof/eddsa-rdfc-2022.js';
import { verifyWithSecondImplementation } from '../shared/proof/second-implementation.js';
import { createBitstring, setBit } from '../shared/status/bitstring.js';
import {
  buildStatusListCredential,
  MAX_STATUS_LIST_VALIDITY_SECONDS,
  type StatusPurpose,
} from '../shared/status/status-list-credential.js';
import { appendAudit, type TenantMove } from '../server/index.js';
import type { CertificateRow } from './certificate-row.js';
import type { IssuerEffects } from './effects.js';
import type { Institution } from './institutions.js';
import type { StatusListRow } from './status-list-row.js';
import { wholeSecond } from './time.js';

/** Both purposes; a certificate has the same list number and index in each. */
export const STATUS_PURPOSES = ['revocation', 'suspension'] as const;

/** A list is signed anew every day, so that whoever fetches it has most of its life left. */
const RENEW_AFTER_MS = 86_400_000;

/** One signed list. */
export interface PublishedList {
  /** Code of the institution. */
  institution: string;
  list: number;
  purpose: StatusPurpose;
}

interface Publication {
  changes: number;
  credential: string;
  valid_from: string;
}

/**
 * Notes in the transaction of a status change that the lists of a certificate must be signed anew; whoever asks for them after
 * the commit gets the new bit (SECURITY I7).
 */
export async function markChanged(
  transaction: Knex.Transaction,
  row: Pick<CertificateRow, 'institution' | 'list'>,
  purposes: readonly StatusPurpose[],
): Promise<void> {
  for (const purpose of purposes)
    await transaction('status_lists')
      .where({ institution: row.institution, list: row.list })
      .increment(`${purpose}_changes`, 1);
}

/** Signed status lists (Bitstring Status List 1.0), made from the certificates' rows when something changed or they grow old. */
export class StatusLists {
  private readonly running = new Map<string, Promise<string>>();

  constructor(private readonly effects: IssuerEffects) {}

  /** Addresses of all lists of an institution. */
  async urls(institution: Institution): Promise<string[]> {
    const rows = await this.effects.database
      .knex<StatusListRow>('status_lists')
      .where({ institution: institution.code })
      .orderBy('list')
      .select('list');
    return rows.flatMap(({ list }) => STATUS_PURPOSES.map((purpose) => statusListUrl(institution.did, purpose, list)));
  }

  /**
   * The current signed list as JSON text: holds every change committed before the call and has at least half its life left.
   * @throws YizhengError `NOT_FOUND` (404), `SIGNER_FAILED`, `TOKEN_*`, `SIGNATURE_REJECTED`, `STORAGE_*` (503)
   */
  async current(institution: Institution, purpose: StatusPurpose, list: number): Promise<string> {
    const key = `${institution.code}/${purpose}/${list}`;
    const fresh = await this.published(institution, purpose, list);
    if (fresh !== undefined) return fresh;
    const before = this.running.get(key);
    // A run that began before this call may have read the rows before the change this caller knows of.
    const work = (before ?? Promise.resolve(''))
      .catch(() => '')
      .then(async () => (await this.published(institution, purpose, list)) ?? this.publish(institution, purpose, list));
    this.running.set(key, work);
    try {
      return await work;
    } finally {
      if (this.running.get(key) === work) this.running.delete(key);
    }
  }

  /**
   * Signs anew whatever changed or grows old; what neither did costs nothing. What cannot be signed is logged and keeps nothing else
   * from being signed.
   */
  async refresh(institutions: readonly Institution[]): Promise<void> {
    const byCode = new Map(institutions.map((institution) => [institution.code, institution]));
    for (const { institution: code, list, purpose } of await this.due()) {
      const institution = byCode.get(code);
      if (!institution) continue;
      await this.current(institution, purpose, list).catch((error: unknown) => {
        this.effects.logger.error(
          { institution: code, list, purpose, code: errorCode(error) },
          'a status list was not signed anew',
        );
      });
    }
  }

  /** Lists whose publication is missing, behind a change, or old; one query for each purpose, whatever is held. */
  async due(): Promise<PublishedList[]> {
    const old = wholeSecond(new Date(this.effects.clock().getTime() - RENEW_AFTER_MS));
    const found: PublishedList[] = [];
    for (const purpose of STATUS_PURPOSES) {
      const rows: { institution: string; list: number }[] = await this.effects.database
        .knex('status_lists as l')
        .leftJoin('status_publications as p', (join) =>
          join.on('p.institution', 'l.institution').andOn('p.list', 'l.list').andOnVal('p.purpose', purpose),
        )
        .where((either) => {
          void either
            .whereNull('p.changes')
            .orWhereRaw('?? < ??', ['p.changes', `l.${purpose}_changes`])
            .orWhere('p.valid_from', '<=', old);
        })
        .whereNotIn(
          'l.institution',
          this.effects.database.knex<TenantMove>('tenant_moves').where({ state: 'moved' }).select('tenant'),
        )
        .orderBy(['l.institution', 'l.list'])
        .select('l.institution', 'l.list');
      for (const row of rows) found.push({ ...row, purpose });
    }
    return found;
  }

  /** Every signed list with a mark that changes whenever it is signed anew; reads none of them. */
  async signed(): Promise<(PublishedList & { mark: string })[]> {
    const rows = await this.effects.database
      .knex<PublishedList & Publication>('status_publications')
      .orderBy(['institution', 'list', 'purpose'])
      .select('institution', 'list', 'purpose', 'changes', 'valid_from');
    return rows.map(({ institution, list, purpose, changes, valid_from }) => ({
      institution,
      list,
      purpose,
      mark: `${changes} ${valid_from}`,
    }));
  }

  private async published(institution: Institution, purpose: StatusPurpose, list: number): Promise<string | undefined> {
    const { knex } = this.effects.database;
    const changes = await this.changes(institution, purpose, list);
    const found = (await knex('status_publications')
      .where({ institution: institution.code, list, purpose })
      .first()) as Publication | undefined;
    const age = this.effects.clock().getTime() - Date.parse(found?.valid_from ?? '1970-01-01T00:00:00Z');
    return found && found.changes >= changes && age < RENEW_AFTER_MS ? found.credential : undefined;
  }

  private async changes(institution: Institution, purpose: StatusPurpose, list: number): Promise<number> {
    const row = await this.row(institution, list);
    return row[`${purpose}_changes`];
  }

  private async row(institution: Institution, list: number): Promise<StatusListRow> {
    const row = await this.effects.database
      .knex<StatusListRow>('status_lists')
      .where({ institution: institution.code, list })
      .first();
    if (!row) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    return row;
  }

  private async publish(institution: Institution, purpose: StatusPurpose, list: number): Promise<string> {
    const { database, keystore, clock } = this.effects;
    const now = clock();
    const validFrom = wholeSecond(now);
    // Counted before the rows are read: a change in between makes the list newer than its count says, never older.
    const changes = await this.changes(institution, purpose, list);
    const unsigned = buildStatusListCredential({
      id: statusListUrl(institution.did, purpose, list),
      issuer: institution.did,
      purpose,
      bits: await this.bits(institution, purpose, list),
      validFrom,
      validUntil: wholeSecond(new Date(now.getTime() + MAX_STATUS_LIST_VALIDITY_SECONDS * 1000)),
    });
    await keystore.refresh();
    const key = keystore.activeKey(institution.did, 'assertion');
    await database.write((transaction) =>
      appendAudit(
        transaction,
        {
          tenant: institution.code,
          actor: 'system',
          action: 'status-list.sign',
          subject: unsigned.id,
          detail: {
            key: key.id,
            validFrom,
            sha256: createHash('sha256').update(unsigned.credentialSubject.encodedList).digest('hex'),
          },
        },
        now,
      ),
    );
    const signed = await eddsaRdfc2022
      .sign(unsigned, { signer: keystore.signer(key.id), created: validFrom })
      .catch((cause: unknown) => {
        throw signerError(cause, 'The signer did not sign the status list.');
      });
    if (!(await verifyWithSecondImplementation(signed, key).catch(() => false)))
      throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature for a status list.', {
        status: 503,
      });
    const credential = JSON.stringify(signed);
    await database.write(async (transaction) => {
      await transaction('status_publications')
        .insert({
          institution: institution.code,
          list,
          purpose,
          changes,
          credential,
          valid_from: validFrom,
          valid_until: unsigned.validUntil,
        })
        .onConflict(['institution', 'list', 'purpose'])
        .merge();
    });
    return credential;
  }

  private async bits(institution: Institution, purpose: StatusPurpose, list: number): Promise<Uint8Array> {
    const { knex } = this.effects.database;
    const { entries } = await this.row(institution, list);
    const bits = createBitstring(entries);
    const rows = await knex<CertificateRow>('certificates')
      .where({ institution: institution.code, list, status: purpose === 'revocation' ? 'revoked' : 'suspended' })
      // The very words of the index `certificates_changed`; SQLite uses it for nothing less.
      .whereRaw(`status <> 'active'`)
      .select('list_index');
    for (const row of rows) setBit(bits, row.list_index, true);
    return bits;
  }
}
