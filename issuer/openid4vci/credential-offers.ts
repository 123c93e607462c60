import type { Knex } from 'knex';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { personalClaims } from '../../shared/proof/forms/personal-facts.js';
import { appendAudit, insertRows, requireSecondPerson } from '../../server/index.js';
import { findCertificate, recordOfRow } from '../certificate-row.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { holderKeyOf } from '../result-keys.js';
import { endTokens } from './access-token.js';
import { credentialOffer, offerLinks, type OfferLinks } from './credential-offer.js';
import type { OfferRequest } from './offer-request.js';
import { offerSeconds } from './offer-request.js';
import { readFormats, writeFormats, type OfferRow, type OfferState } from './offer-row.js';
import { whyOver } from './offer-over.js';
import { offeredCertificate } from './offered-certificate.js';
import { personalOf } from './personal.js';
import { sealFacts } from './sealed-facts.js';
import { keyedHash, keyedHashes, newSecret, newTxCode, secretHash } from './secrets.js';

/** Digits of a transaction code: five guesses at a million. */
export const TX_CODE_LENGTH = 6;

/** An offer just made. Its codes are told this once. */
export interface NewOffer extends OfferLinks {
  id: string;
  offer: JsonObject;
  /** To be told to the holder another way than the link. */
  txCode?: string;
  /** A second person tells the code ({@link CredentialOffers.tellCode}): the certificate names no key, so it is bound to whatever wallet takes it. */
  codeWithheld?: true;
  /** RFC 3339. */
  expiresAt: string;
}

/** What can be offered: an existing certificate, or the one a batch will issue under this idempotency key. */
export type OfferSubject = {
  kind: string;
  /** It names a key of its holder already, so no other wallet can take it. */
  isBound: boolean;
} & ({ certificate: string } | { certificateKey: string });

/** An offer as the institution sees it afterwards. */
export interface ShownOffer {
  id: string;
  state: OfferState | 'expired';
  createdAt: string;
  expiresAt: string;
  usedAt?: string;
  /** API key or account. */
  madeBy: string;
  /** Whether the code that a second person tells was told. */
  code?: 'withheld' | 'told';
}

/** Offers of certificates to wallets (OpenID4VCI 1.0 §4). */
export class CredentialOffers {
  constructor(
    private readonly effects: IssuerEffects,
    private readonly walletUrl: string | undefined,
  ) {}

  /**
   * Offers a certificate that was issued, or reserved and not yet signed.
   * @param idOrNumber credential id, or number for its newest revision
   * @throws YizhengError 404 `CERTIFICATE_NOT_FOUND`; 409 `APPROVAL_REQUIRED`, `CERTIFICATE_REVOKED`, `CERTIFICATE_SUSPENDED`, `CERTIFICATE_SUPERSEDED`,
   *   `CERTIFICATE_NOT_ISSUED`; 422 of `personalClaims`, `PERSONAL_FACTS_MISMATCH`
   */
  async offerCertificate(
    institution: Institution,
    idOrNumber: string,
    request: OfferRequest,
    actor: string,
  ): Promise<NewOffer> {
    const { knex } = this.effects.database;
    const row = await findCertificate(knex, institution.code, idOrNumber);
    if (!row) throw new YizhengError('CERTIFICATE_NOT_FOUND', 'No such certificate was issued here.', { status: 404 });
    const found = await offeredCertificate(knex, {
      institution: institution.code,
      certificate: row.id,
      certificate_key: null,
    });
    if (found.state === 'denied') throw new YizhengError(found.code, found.message, { status: 409 });
    const record = recordOfRow(row);
    if (request.personal && institution.requiresApproval)
      throw new YizhengError(
        'APPROVAL_REQUIRED',
        'Here a second person approves what is signed: facts nobody approved cannot be added to an offer.',
        { status: 409, at: '/personal' },
      );
    if (request.personal) await this.checkPersonal(request.personal, record.holder, row.holder_key);
    const [made] = await this.make(
      institution,
      [{ kind: row.kind, isBound: record.holder.id !== undefined, certificate: row.id }],
      request,
      actor,
    );
    if (!made) throw new TypeError('no offer was made');
    return made;
  }

  /**
   * Makes offers for many certificates, in their order; one transaction and one audit entry.
   *
   * Where the institution asks for a second person, the code of a certificate that names no key of its holder is withheld: one person alone
   * could take it into a wallet of their own.
   * @param subjects as {@link CredentialOffers.offerCertificate} checks them
   * @throws YizhengError `APPROVAL_REQUIRED` (409) where there would be no code to withhold
   */
  async make(
    institution: Institution,
    subjects: readonly OfferSubject[],
    request: OfferRequest,
    actor: string,
  ): Promise<NewOffer[]> {
    const { keystore, clock, randomBytes, database } = this.effects;
    const now = clock();
    const expiresAt = new Date(now.getTime() + offerSeconds(request) * 1000).toISOString();
    const isWithheld = ({ isBound }: OfferSubject): boolean => institution.requiresApproval && !isBound;
    if (!request.txCode && subjects.some(isWithheld))
      throw new YizhengError(
        'APPROVAL_REQUIRED',
        'Here a second person tells the transaction code of a certificate that names no key; an offer without code cannot be made.',
        { status: 409, at: '/txCode' },
      );
    const secrets = subjects.map((subject) => ({
      id: Buffer.from(randomBytes(16)).toString('hex'),
      handle: newSecret(randomBytes),
      isWithheld: isWithheld(subject),
      txCode: request.txCode && !isWithheld(subject) ? newTxCode(randomBytes, TX_CODE_LENGTH) : undefined,
    }));
    const codes = await codesOf(
      keystore,
      secrets.map(({ handle }) => handle),
    );
    const txHashes = await keyedHashes(
      keystore,
      'tx_code',
      secrets.map(({ id, txCode }) => [id, txCode ?? '']),
    );
    const { personal } = request;
    const rows = subjects.map((subject, i): OfferRow => {
      const { id = '', handle = '', txCode, isWithheld: withheld = false } = secrets[i] ?? {};
      const code = codes[i] ?? '';
      return {
        id,
        institution: institution.code,
        handle_hash: secretHash(handle),
        code_hash: secretHash(code),
        tx_code_hash: txCode === undefined ? null : (txHashes[i]?.toString('hex') ?? ''),
        tx_code_length: request.txCode ? TX_CODE_LENGTH : null,
        code_withheld: withheld ? 1 : 0,
        code_told_by: null,
        code_told_at: null,
        wrong_codes: 0,
        certificate: 'certificate' in subject ? subject.certificate : null,
        certificate_key: 'certificateKey' in subject ? subject.certificateKey : null,
        kind: subject.kind,
        formats: writeFormats(request.formats),
        sealed: personal ? sealFacts(JSON.stringify(personal), code, randomBytes) : null,
        state: 'open',
        actor,
        created_at: now.toISOString(),
        expires_at: expiresAt,
        used_at: null,
      };
    });
    await database.write(async (transaction) => {
      await insertRows(
        transaction,
        'credential_offers',
        rows.map((row) => ({ ...row })),
      );
      await appendAudit(transaction, madeEntry(institution, rows, actor), now);
    });
    return rows.map((row, i) => {
      const { id, handle = '', txCode, isWithheld: withheld } = secrets[i] ?? { id: row.id };
      const offer = this.offerOf(institution, row, codes[i] ?? '');
      return {
        id,
        offer,
        ...offerLinks(institution, { handle, offer, walletUrl: this.walletUrl }),
        ...(txCode === undefined ? {} : { txCode }),
        ...(withheld && { codeWithheld: true as const }),
        expiresAt,
      };
    });
  }

  /**
   * The offer behind a `credential_offer_uri` (OpenID4VCI 1.0 §4.1.3), while it may be taken.
   * @throws YizhengError `NOT_FOUND` (404); `OFFER_USED`, `OFFER_EXPIRED`, `OFFER_LOCKED`, `OFFER_WITHDRAWN` (410)
   */
  async byReference(institution: Institution, handle: string): Promise<JsonObject> {
    const { database, keystore, clock } = this.effects;
    const row = await database
      .knex<OfferRow>('credential_offers')
      .where({ institution: institution.code, handle_hash: secretHash(handle) })
      .first();
    if (!row) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    const over = whyOver(row, clock());
    if (over) throw new YizhengError(over.code, over.message, { status: 410 });
    const [code = ''] = await codesOf(keystore, [handle]);
    return this.offerOf(institution, row, code);
  }

  /**
   * Tells the code of an offer, once, to a second person who has checked that whoever asks is the holder.
   * @throws YizhengError `NOT_FOUND` (404); `OFFER_…` (409: it is over), `OFFER_CODE_TOLD` (409); of `requireSecondPerson` (403)
   */
  async tellCode(institution: Institution, id: string, actor: string): Promise<{ txCode: string }> {
    const { database, keystore, clock, randomBytes } = this.effects;
    const txCode = newTxCode(randomBytes, TX_CODE_LENGTH);
    const tx_code_hash = await txCodeHash(keystore, id, txCode);
    const now = clock();
    await database.write(async (transaction) => {
      const row = await transaction<OfferRow>('credential_offers').where({ id, institution: institution.code }).first();
      if (!row) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
      const over = whyOver(row, now);
      if (over) throw new YizhengError(over.code, over.message, { status: 409 });
      if (row.code_withheld === 0 || row.code_told_at !== null)
        throw new YizhengError('OFFER_CODE_TOLD', 'The code of this offer was told already; make a new offer.', {
          status: 409,
        });
      const act = { first: [{ actor: row.actor, at: row.created_at }], second: actor };
      const { cautions } = await requireSecondPerson(transaction, act);
      await transaction<OfferRow>('credential_offers')
        .where({ id })
        .update({ tx_code_hash, code_told_by: actor, code_told_at: now.toISOString() });
      const detail = {
        certificate: row.certificate ?? row.certificate_key ?? '',
        identityChecked: true,
        ...(cautions.length > 0 && { cautions }),
      };
      const entry = { tenant: institution.code, actor, action: 'offer.tell-code', subject: id, detail };
      await appendAudit(transaction, entry, now);
    });
    return { txCode };
  }

  /** Offers made for a certificate, the newest first, at most 100. */
  async list(institution: Institution, idOrNumber: string): Promise<ShownOffer[]> {
    const { knex } = this.effects.database;
    const row = await findCertificate(knex, institution.code, idOrNumber);
    if (!row) throw new YizhengError('CERTIFICATE_NOT_FOUND', 'No such certificate was issued here.', { status: 404 });
    const rows = await knex<OfferRow>('credential_offers')
      .where({ institution: institution.code })
      .where((either) => {
        void either.where({ certificate: row.id }).orWhere({ certificate_key: row.idempotency_key });
      })
      .orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id' }])
      .limit(100);
    return rows.map((offer) => shownOffer(offer, this.effects.clock()));
  }

  /**
   * Withdraws an offer, e.g. because its slip was lost. One that was taken can be withdrawn while its access token lives: token and waiting
   * transactions are gone at once, and what the wallet has by then stays with it. Repeating it changes nothing.
   * @throws YizhengError `NOT_FOUND` (404); `OFFER_USED` (409: there is nothing left to withdraw)
   */
  async withdraw(institution: Institution, id: string, actor: string): Promise<ShownOffer> {
    const { database, clock } = this.effects;
    const now = clock();
    return database.write(async (transaction) => {
      const row = await transaction<OfferRow>('credential_offers').where({ id, institution: institution.code }).first();
      if (!row) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
      if (row.state === 'withdrawn') return shownOffer(row, now);
      const ended = row.state === 'used' ? await endTokens(transaction, row, now) : undefined;
      await closeOffer(transaction, row, 'withdrawn', {
        actor,
        action: 'offer.withdraw',
        now,
        ...(ended && { detail: ended }),
      });
      return shownOffer({ ...row, state: 'withdrawn' }, now);
    });
  }

  private async checkPersonal(
    personal: NonNullable<OfferRequest['personal']>,
    holder: CertificateRecord['holder'],
    holderKey: string | null,
  ): Promise<void> {
    const { idNumber } = personalClaims(personalOf(personal), holder);
    if (idNumber === undefined || holderKey === null) return;
    if ((await holderKeyOf(this.effects.keystore, { idNumber, idType: holder.identityDocumentType })) !== holderKey)
      throw new YizhengError('PERSONAL_FACTS_MISMATCH', 'The certificate was issued for another document number.', {
        at: '/personal/idNumber',
        status: 422,
      });
  }

  private offerOf(institution: Institution, row: OfferRow, preAuthorizedCode: string): JsonObject {
    return credentialOffer(institution, {
      kind: row.kind,
      formats: readFormats(row.formats),
      preAuthorizedCode,
      txCodeLength: row.tx_code_length ?? undefined,
    });
  }
}

/** HMAC of a transaction code with the offer it belongs to. */
export function txCodeHash(keystore: IssuerEffects['keystore'], offer: string, txCode: string): Promise<string> {
  return keyedHash(keystore, 'tx_code', [offer, txCode]);
}

/** Ends an open offer, with its audit entry. */
export async function closeOffer(
  transaction: Knex.Transaction,
  { id, institution, certificate, certificate_key }: OfferRow,
  state: OfferState,
  { actor, action, now, detail: more }: { actor: string; action: string; now: Date; detail?: JsonObject },
): Promise<void> {
  await transaction('credential_offers')
    .where({ id })
    .update({ state, sealed: null, ...(state === 'used' ? { used_at: now.toISOString() } : {}) });
  const detail = { certificate: certificate ?? certificate_key ?? '', ...more };
  await appendAudit(transaction, { tenant: institution, actor, action, subject: id, detail }, now);
}

/**
 * The pre-authorized codes of offers. They are derived in custody, so that an offer can be given by reference and neither its code
 * nor its address be stored.
 */
async function codesOf(keystore: IssuerEffects['keystore'], handles: readonly string[]): Promise<string[]> {
  const macs = await keyedHashes(
    keystore,
    'pre-authorized_code',
    handles.map((handle) => [handle]),
  );
  return macs.map((mac) => mac.toString('base64url'));
}

function madeEntry(
  institution: Institution,
  rows: readonly OfferRow[],
  actor: string,
): Parameters<typeof appendAudit>[1] {
  const [first] = rows;
  const about = {
    formats: first?.formats ?? '',
    expiresAt: first?.expires_at ?? '',
    txCode: first?.tx_code_length !== null,
  };
  return rows.length === 1
    ? {
        tenant: institution.code,
        actor,
        action: 'offer.make',
        subject: first?.id ?? '',
        detail: { certificate: first?.certificate ?? first?.certificate_key ?? '', ...about },
      }
    : {
        tenant: institution.code,
        actor,
        action: 'offer.make-many',
        subject: first?.certificate_key?.split('/')[1] ?? institution.did,
        detail: { offers: rows.length, first: first?.id ?? '', last: rows.at(-1)?.id ?? '', ...about },
      };
}

function shownOffer(row: OfferRow, now: Date): ShownOffer {
  const isOver = row.state === 'open' && row.expires_at <= now.toISOString();
  return {
    id: row.id,
    state: isOver ? 'expired' : row.state,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.used_at === null ? {} : { usedAt: row.used_at }),
    madeBy: row.actor,
    ...(row.code_withheld !== 0 && { code: row.code_told_at === null ? ('withheld' as const) : ('told' as const) }),
  };
}
