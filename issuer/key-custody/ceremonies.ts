import type { Knex } from 'knex';
import type { KeyInfo } from '../../keys/custody.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { appendAudit, requireSecondPerson } from '../../server/index.js';
import type { Institution } from '../institutions.js';
import { authorityKnowledge } from './authority-knowledge.js';
import {
  CEREMONY_MS,
  ceremonyOf,
  refuseUnlessOpen,
  type Ceremony,
  type CeremonyKind,
  type CeremonyRow,
} from './ceremony.js';
import { keystoreOf } from './do-ceremony.js';
import { finishCeremony } from './finish-ceremony.js';
import { keyFingerprint } from './fingerprint.js';
import { keyNamed, sinceText, type CustodyTools } from './key-custody.js';

/** What one custodian wants done. */
export interface CeremonyRequest {
  kind: CeremonyKind;
  /** Part of the key's id behind `#`; for every kind but `prepare`. */
  key?: string | undefined;
  /** For `compromise`: since when the key is in other hands. */
  since?: Date | undefined;
  /** Why, for the second custodian, the record and the authority. */
  reason: string;
}

const MOST_LISTED = 200;

/** What custodians do to keys, always two of them: one proposes, another person confirms within two hours. */
export class KeyCeremonies {
  constructor(private readonly tools: CustodyTools) {}

  /** Ceremonies of an institution, newest first, at most 200. @throws YizhengError `NOT_FOUND` (404) */
  async list(code: string): Promise<Ceremony[]> {
    const { effects, institutions } = this.tools;
    await institutions.get(code);
    const rows = await effects.database
      .knex<CeremonyRow>('key_ceremonies')
      .where({ institution: code })
      .orderBy([
        { column: 'proposed_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(MOST_LISTED);
    return rows.map((row) => ceremonyOf(row, effects.clock()));
  }

  /** One ceremony. @throws YizhengError `CEREMONY_NOT_FOUND` (404) */
  async get(code: string, id: string): Promise<Ceremony> {
    return ceremonyOf(await readCeremony(this.tools.effects.database.knex, code, id), this.tools.effects.clock());
  }

  /**
   * The signed record of one that is done: a JSON text with `record` and `jws`.
   * @throws YizhengError `CEREMONY_NOT_FOUND` (404), `CEREMONY_STATE` (409)
   */
  async record(code: string, id: string): Promise<string> {
    const { record, state } = await readCeremony(this.tools.effects.database.knex, code, id);
    if (record === null)
      throw new YizhengError('CEREMONY_STATE', `This ceremony has no record: it is ${state}.`, { status: 409 });
    return record;
  }

  /**
   * Proposes one; nothing happens to any key before another person confirms it.
   * @throws YizhengError 404: `NOT_FOUND`, `KEY_NOT_FOUND`; 409: `CUSTODY_ELSEWHERE`, `CEREMONY_OPEN` (the same waits already),
   *   `KEY_NEXT_EXISTS`, `KEY_NOT_NEXT`, `KEY_NOT_ACTIVE`, `KEY_NOT_ACCREDITED` (activate: the authority does not know the key yet);
   *   422: `KEY_INTERVAL`, `CEREMONY_INPUT`
   */
  async propose(code: string, request: CeremonyRequest, actor: string): Promise<Ceremony> {
    const { database, clock, randomBytes } = this.tools.effects;
    const { institution, held } = await this.held(code);
    const now = clock();
    const { kind, reason } = request;
    if ((kind === 'prepare') !== (request.key === undefined))
      throw new YizhengError('CEREMONY_INPUT', 'Name the key, except where a new one is to be made.', { at: '/key', status: 422 }); // prettier-ignore
    if ((kind === 'compromise') !== (request.since !== undefined))
      throw new YizhengError('CEREMONY_INPUT', 'Say since when the key is in other hands.', { at: '/since', status: 422 }); // prettier-ignore
    const key = request.key === undefined ? undefined : keyNamed(held, institution, request.key);
    await this.refuseUnfit(kind, institution, held, key, now);
    const row: CeremonyRow = {
      id: `kc_${Buffer.from(randomBytes(12)).toString('hex')}`,
      institution: code,
      kind,
      state: 'proposed',
      key_id: key?.id ?? null,
      compromised_since: request.since ? sinceText(request.since, now) : null,
      reason,
      proposed_by: actor,
      proposed_at: now.toISOString(),
      expires_at: new Date(now.getTime() + CEREMONY_MS).toISOString(),
      confirmed_by: null,
      confirmed_at: null,
      cancelled_by: null,
      cancelled_at: null,
      done_at: null,
      record: null,
      record_sha256: null,
    };
    await database.write(async (transaction) => {
      const waiting = await transaction<CeremonyRow>('key_ceremonies')
        .where({ institution: code, kind, key_id: row.key_id, state: 'proposed' })
        .where('expires_at', '>', now.toISOString())
        .first('id');
      if (waiting)
        throw new YizhengError('CEREMONY_OPEN', 'The same is proposed already and waits for its second person.', {
          status: 409,
        });
      await transaction('key_ceremonies').insert(row);
      await this.audit(transaction, row, 'key.ceremony-propose', actor, now);
    });
    return ceremonyOf(row, now);
  }

  /**
   * The second person agrees, and it is done. One that was confirmed and interrupted, e.g. by a crash, is gone on with.
   * @param fingerprint of the key as the confirming person saw it; for every kind but `prepare`
   * @throws YizhengError 403: `APPROVAL_BY_SAME_PERSON`, `APPROVER_NOT_INDEPENDENT`; 404: `CEREMONY_NOT_FOUND`; 409: `CEREMONY_STATE`,
   *   `CEREMONY_EXPIRED`, `KEY_FINGERPRINT_DIFFERS`, and the 409 of {@link KeyCeremonies.propose}; 503: `KEYSTORE_*`, `STORAGE_*`
   */
  async confirm(code: string, id: string, request: { actor: string; fingerprint?: string }): Promise<Ceremony> {
    const { effects } = this.tools;
    const { institution, held } = await this.held(code);
    const seen = await readCeremony(effects.database.knex, code, id);
    const key = held.find((one) => one.id === seen.key_id);
    if (seen.state === 'proposed') {
      await this.refuseUnfit(seen.kind, institution, held, key, effects.clock());
      if (key && keyFingerprint(key.publicKeyMultibase) !== request.fingerprint)
        throw new YizhengError('KEY_FINGERPRINT_DIFFERS', 'This is not the fingerprint of the key; compare anew.', {
          status: 409,
          at: '/fingerprint',
        });
    }
    const confirmed = await effects.database.write(async (transaction) => {
      const row = await readCeremony(transaction, code, id);
      if (row.state === 'confirmed') return row;
      const now = effects.clock();
      refuseUnlessOpen(row, now);
      const { cautions } = await requireSecondPerson(transaction, {
        first: [{ actor: row.proposed_by, at: row.proposed_at }],
        second: request.actor,
      });
      const change = { state: 'confirmed', confirmed_by: request.actor, confirmed_at: now.toISOString() } as const;
      await transaction<CeremonyRow>('key_ceremonies').where({ id }).update(change);
      await this.audit(transaction, row, 'key.ceremony-confirm', request.actor, now, { cautions });
      return { ...row, ...change };
    });
    return ceremonyOf(await finishCeremony(confirmed, institution, this.tools), effects.clock());
  }

  /**
   * Takes a proposal back, or does not agree with it.
   * @throws YizhengError `CEREMONY_NOT_FOUND` (404), `CEREMONY_STATE`, `CEREMONY_EXPIRED` (409)
   */
  async cancel(code: string, id: string, actor: string): Promise<Ceremony> {
    const { database, clock } = this.tools.effects;
    return database.write(async (transaction) => {
      const row = await readCeremony(transaction, code, id);
      const now = clock();
      refuseUnlessOpen(row, now);
      const change = { state: 'cancelled', cancelled_by: actor, cancelled_at: now.toISOString() } as const;
      await transaction<CeremonyRow>('key_ceremonies').where({ id }).update(change);
      await this.audit(transaction, row, 'key.ceremony-cancel', actor, now);
      return ceremonyOf({ ...row, ...change }, now);
    });
  }

  private async held(code: string): Promise<{ institution: Institution; held: KeyInfo[] }> {
    const { effects, institutions } = this.tools;
    const institution = await institutions.get(code);
    const keystore = keystoreOf(effects.keystore);
    await keystore.refresh();
    return { institution, held: keystore.list({ controller: institution.did, purpose: 'assertion' }) };
  }

  private async refuseUnfit(
    kind: CeremonyKind,
    institution: Institution,
    held: readonly KeyInfo[],
    key: KeyInfo | undefined,
    now: Date,
  ): Promise<void> {
    if (kind === 'prepare' && held.some(({ state }) => state === 'next'))
      throw new YizhengError('KEY_NEXT_EXISTS', 'A next key is prepared; activate or retire it first.', {
        status: 409,
      });
    if (kind === 'retire' && key?.state !== 'active' && key?.state !== 'next')
      throw new YizhengError('KEY_NOT_ACTIVE', 'This key ended already.', { status: 409 });
    if (kind !== 'activate') return;
    if (key?.state !== 'next')
      throw new YizhengError('KEY_NOT_NEXT', 'Only a key that was prepared can be activated.', { status: 409 });
    const view = await this.tools.accreditations.view(institution.authority);
    const { state } = authorityKnowledge(view, institution, key, now);
    if (state !== 'listed')
      throw new YizhengError(
        'KEY_NOT_ACCREDITED',
        `The authority does not list this key yet (${state}); hand it the record and import its new bundle first.`,
        { status: 409 },
      );
  }

  private audit(
    transaction: Knex.Transaction,
    { id, institution, kind, key_id, compromised_since }: CeremonyRow,
    action: string,
    actor: string,
    now: Date,
    more: JsonObject = {},
  ): Promise<unknown> {
    const detail = {
      kind,
      ...(key_id === null ? {} : { key: key_id }),
      ...(compromised_since === null ? {} : { since: compromised_since }),
      ...more,
    };
    return appendAudit(transaction, { tenant: institution, actor, action, subject: id, detail }, now);
  }
}

async function readCeremony(knex: Knex, institution: string, id: string): Promise<CeremonyRow> {
  const row = await knex<CeremonyRow>('key_ceremonies').where({ institution, id }).first();
  if (!row) throw new YizhengError('CEREMONY_NOT_FOUND', 'There is no such key ceremony here.', { status: 404 });
  return row;
}
