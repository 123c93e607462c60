import type { Knex } from 'knex';
import { appendAudit } from '../server/index.js';
import { YizhengError } from '../shared/errors.js';
import type { JsonObject } from '../shared/json/parse-json.js';
import { digestMultibase } from '../shared/trust/digest.js';
import type { FeedManifest } from '../shared/trust/feed-metadata.js';
import { signStatement } from '../shared/trust/statement-credential.js';
import { DAY, rfc3339 } from '../shared/trust/time.js';
import type {
  Accreditation,
  Recognition,
  RegistryEvent,
  SigningKey,
  StatementKind,
  StatementTypes,
} from '../shared/trust/types.js';
import type { Authorities, Authority } from './authorities.js';
import type { StatementChange } from './change.js';
import { refuseUnapproved } from './dual-control.js';
import type { RegistryEffects } from './effects.js';
import { fetchNewestRoot } from './fetch-feed.js';
import { SITE_DEADLINE_MS, withDeadline } from './fetch-json.js';
import { fetchInstitutionDocument } from './institution-document.js';
import {
  checkReplacement,
  citedStatements,
  leadTimeLack,
  parseSaid,
  refuseLeadTimeLack,
  type LeadTimeLack,
} from './statement-guards.js';
import { isUsable, keysEndedWith, mergeKeys } from './signing-keys.js';
import type { AccreditationInput, RecognitionInput } from './statement-input.js';

/** A statement as it is kept: what it says, and the `vc+jwt` served at its address. */
export interface KeptStatement<K extends StatementKind = StatementKind> {
  kind: K;
  statement: StatementTypes[K];
  signed: string;
  keyId: string;
}

interface Row {
  id: string;
  kind: StatementKind;
  subject: string;
  statement: string;
  signed: string;
  key_id: string;
}

/** A statement as it would be said now. */
export interface DraftStatement {
  kind: StatementKind;
  statement: StatementTypes[StatementKind];
  /** `update`: the keys of an accreditation that is there. */
  how: 'insert' | 'update';
  /** What it replaces, revokes or updates, as it is now. */
  cited: readonly (Accreditation | Recognition)[];
  /** What it takes away too soon. */
  lack?: LeadTimeLack;
}

const CHINA_OFFSET = 8 * 3_600_000;

/** What an authority says: appended, signed one by one, in the registry from the next publication on. */
export class Statements {
  constructor(
    private readonly effects: RegistryEffects,
    private readonly authorities: Authorities,
  ) {}

  /**
   * Accredits an institution (备案). Its id counts up per institution: `urn:yizheng:accreditation:<institutionCode>:<n>`. Keys are read
   * from the institution's DID document unless given; an action without `validFrom` begins today at 00:00 China Standard Time, or now when
   * it replaces another accreditation.
   * @throws YizhengError as {@link prepareAccreditation} and {@link apply}; `DUAL_CONTROL_REQUIRED` (409)
   */
  async accredit(slug: string, input: AccreditationInput, actor: string): Promise<Accreditation> {
    return (await this.direct(slug, await this.prepareAccreditation(slug, input), actor)) as Accreditation;
  }

  /**
   * Takes over the keys the institution's DID document shows now: new ones are added; ended, revoked and vanished ones get their end, in
   * every accreditation of the institution. No key and no past interval is ever taken away.
   * @throws YizhengError as {@link prepareSigningKeys} and {@link apply}; `DUAL_CONTROL_REQUIRED` (409)
   */
  async updateSigningKeys(slug: string, id: string, actor: string): Promise<Accreditation> {
    return (await this.direct(slug, await this.prepareSigningKeys(slug, id), actor)) as Accreditation;
  }

  /**
   * Recognises another authority, or one institution of it (互认). The root of the other's registry is fetched and pinned; give
   * `rootDigest`, told in person, to be sure of it.
   * @throws YizhengError as {@link prepareRecognition} and {@link apply}; `DUAL_CONTROL_REQUIRED` (409)
   */
  async recognise(slug: string, input: RecognitionInput, actor: string): Promise<Recognition> {
    return (await this.direct(slug, await this.prepareRecognition(slug, input), actor)) as Recognition;
  }

  /**
   * Publishes an event, a cross-review or a supply-chain membership. An event without `effectiveFrom` takes effect now.
   * @throws YizhengError as {@link apply}; `DUAL_CONTROL_REQUIRED` (409)
   */
  async add<K extends 'event' | 'review' | 'supply-chain'>(
    slug: string,
    kind: K,
    input: object,
    actor: string,
  ): Promise<StatementTypes[K]> {
    const authority = await this.authorities.get(slug);
    if (kind === 'event') return (await this.direct(slug, prepareEvent({ ...input }), actor)) as StatementTypes[K];
    const said = { validFrom: this.today(), ...input, id: this.newId(kind), authority: authority.did };
    return this.effects.database.write(async (transaction) => {
      const statement = parseSaid(kind, said);
      await this.store(transaction, authority, kind, statement, 'insert');
      await this.audit(transaction, authority, actor, `${kind}.add`, statement.id);
      return statement;
    });
  }

  /**
   * An accreditation ready to be made, now or after approval.
   * @throws YizhengError `NOT_FOUND` (404), `INSTITUTION_KEYS_MISSING` (409), as `fetchInstitutionDocument`
   */
  async prepareAccreditation(slug: string, input: AccreditationInput): Promise<StatementChange> {
    await this.authorities.get(slug);
    const signingKeys = input.signingKeys ?? (await this.publishedKeys(input.institution)).filter(isUsable);
    return { operation: 'accredit', input: { ...input, signingKeys: signingKeys.map((key) => ({ ...key })) } };
  }

  /** Keys an institution shows now, ready to be taken over. @throws YizhengError `NOT_FOUND` (404), as {@link prepareAccreditation} */
  async prepareSigningKeys(slug: string, id: string): Promise<StatementChange> {
    const { institution } = await this.accreditation(slug, id);
    return { operation: 'signing-keys', input: { id, signingKeys: await this.publishedKeys(institution) } };
  }

  /** A recognition ready to be made. @throws YizhengError `NOT_FOUND` (404), `ROOT_DIGEST_MISMATCH` (409), as `fetchNewestRoot` */
  async prepareRecognition(slug: string, input: RecognitionInput): Promise<StatementChange> {
    await this.authorities.get(slug);
    const { rootDigest, urgent: _, urgentReason, ...said } = input;
    const root = await fetchNewestRoot(
      withDeadline(this.effects.fetch, SITE_DEADLINE_MS),
      input.homeAuthority ?? input.subject,
    );
    const digest = digestMultibase(root.text);
    if (rootDigest !== undefined && rootDigest !== digest)
      throw new YizhengError(
        'ROOT_DIGEST_MISMATCH',
        'The registry of the other authority has another root than the one told.',
        { status: 409, at: '/rootDigest' },
      );
    const registryRoot = { version: root.version, digestMultibase: digest };
    return { operation: 'recognise', input: { ...said, registryRoot }, ...(urgentReason && { urgentReason }) };
  }

  /**
   * What a change would say now, checked and not stored: dates left out begin now.
   * @throws YizhengError as `parseSaid`, `citedStatements`, `checkReplacement`; `NOT_FOUND` (404), `SIGNING_KEY_CHANGED` (409). That
   *   something is taken away too soon is in the answer: only {@link apply} refuses it
   */
  async draft(knex: Knex, authority: Authority, change: StatementChange): Promise<DraftStatement> {
    const { slug } = authority;
    if (change.operation === 'signing-keys') {
      const old = await this.accreditation(slug, change.input.id, knex);
      const signingKeys = mergeKeys(old.signingKeys, change.input.signingKeys, this.now());
      const statement = parseSaid('accreditation', { ...old, signingKeys });
      return { kind: 'accreditation', statement, how: 'update', cited: [old] };
    }
    const { kind, said } = await this.said(knex, authority, change);
    const statement = parseSaid(kind, said);
    const cited = await citedStatements(knex, slug, kind, statement);
    if (kind === 'accreditation') checkReplacement(statement as Accreditation, this.now());
    const lack = await leadTimeLack(kind, statement, cited, this.effects.clock().getTime(), (id) =>
      isPublished(knex, slug, id),
    );
    return { kind, statement, how: 'insert', cited, ...(lack && { lack }) };
  }

  /**
   * {@link draft} as it may be said: nothing is taken away too soon, unless it is urgent.
   * @throws YizhengError as {@link draft}, `LEAD_TIME` (422)
   */
  async sayable(knex: Knex, authority: Authority, change: StatementChange): Promise<DraftStatement> {
    const draft = await this.draft(knex, authority, change);
    if (change.urgentReason === undefined) refuseLeadTimeLack(draft.lack);
    return draft;
  }

  /**
   * Says it: signs, stores and writes down, in the transaction of whoever may decide it.
   * @throws YizhengError as {@link sayable}
   */
  async apply(
    transaction: Knex.Transaction,
    authority: Authority,
    change: StatementChange,
    actor: string,
  ): Promise<StatementTypes[StatementKind]> {
    const { kind, statement, how } = await this.sayable(transaction, authority, change);
    await this.store(transaction, authority, kind, statement, how);
    const action = how === 'update' ? 'accreditation.keys' : `${kind}.add`;
    if (how === 'update') await this.endKeys(transaction, authority, statement as Accreditation);
    const { urgentReason } = change;
    await this.audit(transaction, authority, actor, action, statement.id, urgentReason ? { urgentReason } : {});
    return statement;
  }

  /** One statement. @throws YizhengError `NOT_FOUND` (404) */
  async get(slug: string, id: string, knex: Knex = this.effects.database.knex): Promise<KeptStatement> {
    const row = (await knex('registry_statements').where({ slug, id }).first()) as Row | undefined;
    if (!row) throw notFound();
    return kept(row);
  }

  /** All statements of a kind, in order of id. */
  async list<K extends StatementKind>(
    slug: string,
    kind: K,
    knex: Knex = this.effects.database.knex,
  ): Promise<KeptStatement<K>[]> {
    const rows = (await knex('registry_statements').where({ slug, kind }).orderBy('id')) as Row[];
    return rows.map((row) => kept(row) as KeptStatement<K>);
  }

  /** Signs anew what was signed by a statement key that is no longer in use; the same words, another signature. */
  async resign(transaction: Knex.Transaction, authority: Authority): Promise<void> {
    const { kid } = this.authorities.statementSigner(authority.did);
    const rows = (await transaction('registry_statements')
      .where({ slug: authority.slug })
      .whereNot({ key_id: kid })) as Row[];
    for (const row of rows) {
      const { kind, statement } = kept(row);
      await this.store(transaction, authority, kind, statement, 'update');
    }
  }

  private async direct(slug: string, change: StatementChange, actor: string): Promise<StatementTypes[StatementKind]> {
    const authority = await this.authorities.get(slug);
    return this.effects.database.write(async (transaction) => {
      await refuseUnapproved(transaction, slug, change);
      return this.apply(transaction, authority, change, actor);
    });
  }

  private async said(
    knex: Knex,
    { slug, did }: Authority,
    change: Exclude<StatementChange, { operation: 'signing-keys' }>,
  ): Promise<{ kind: StatementKind; said: object }> {
    switch (change.operation) {
      case 'accredit': {
        const { institutionCode, actions } = change.input;
        const prefix = `urn:yizheng:accreditation:${institutionCode}:`;
        const before = await count(knex, slug, 'accreditation', prefix);
        const replaces = (change.input.supersedes ?? []).length > 0;
        const validFrom = replaces ? this.now() : this.today();
        const begun = actions.map((action) => ({ action: 'issue', validFrom, ...action }));
        const said = { ...change.input, id: `${prefix}${before + 1}`, authority: did, actions: begun };
        return { kind: 'accreditation', said };
      }
      case 'recognise': {
        const begun = change.input.actions.map((action) => ({
          action: 'accredit',
          validFrom: this.today(),
          scope: {},
          ...action,
        }));
        const said = { ...change.input, id: this.newId('recognition'), authority: did, actions: begun };
        return { kind: 'recognition', said };
      }
      case 'event': {
        const effectiveFrom = this.now();
        const said = { effectiveFrom, ...change.input, id: this.newId('event'), authority: did };
        return { kind: 'event', said };
      }
    }
  }

  private async accreditation(slug: string, id: string, knex?: Knex): Promise<Accreditation> {
    const { kind, statement } = await this.get(slug, id, knex);
    if (kind !== 'accreditation') throw notFound();
    return statement as Accreditation;
  }

  private async store<K extends StatementKind>(
    transaction: Knex.Transaction,
    { slug, did }: Authority,
    kind: K,
    statement: StatementTypes[K],
    how: 'insert' | 'update',
  ): Promise<void> {
    const signer = this.authorities.statementSigner(did);
    const columns = {
      statement: JSON.stringify(statement),
      signed: await signStatement(kind, statement, signer),
      key_id: signer.kid,
    };
    if (how === 'update') await transaction('registry_statements').where({ slug, id: statement.id }).update(columns);
    else
      await transaction('registry_statements').insert({
        slug,
        id: statement.id,
        kind,
        subject: subjectOf(kind, statement),
        created_at: this.effects.clock().toISOString(),
        ...columns,
      });
  }

  /** A key that ended in one accreditation of an institution ends in all of them. */
  private async endKeys(transaction: Knex.Transaction, authority: Authority, said: Accreditation): Promise<void> {
    const rows = await this.list(authority.slug, 'accreditation', transaction);
    for (const row of rows.flatMap(({ statement }) => keysEndedWith(said, statement) ?? []))
      await this.store(transaction, authority, 'accreditation', parseSaid('accreditation', row), 'update');
  }

  private audit(
    transaction: Knex.Transaction,
    { slug }: Authority,
    actor: string,
    action: string,
    subject: string,
    detail: JsonObject = {},
  ): Promise<unknown> {
    return appendAudit(transaction, { tenant: slug, actor, action, subject, detail }, this.effects.clock());
  }

  private async publishedKeys(institution: string): Promise<SigningKey[]> {
    const { keys } = await fetchInstitutionDocument(this.effects.fetch, institution);
    if (keys.length === 0)
      throw new YizhengError('INSTITUTION_KEYS_MISSING', 'The institution publishes no key for certificates.', {
        status: 409,
        at: institution,
      });
    return keys.map(({ id, publicKeyMultibase, expires }) => ({
      id,
      type: 'Multikey',
      publicKeyMultibase,
      validFrom: this.today(),
      ...(expires === undefined ? {} : { validUntil: expires }),
    }));
  }

  private newId(kind: StatementKind): string {
    return `urn:yizheng:${kind}:${Buffer.from(this.effects.randomBytes(10)).toString('hex')}`;
  }

  private now(): string {
    return rfc3339(this.effects.clock().getTime());
  }

  /** Beginning of today in China, where a day of issue begins. */
  today(): string {
    const day = new Date(Math.floor((this.effects.clock().getTime() + CHINA_OFFSET) / DAY) * DAY);
    return `${day.toISOString().slice(0, 10)}T00:00:00+08:00`;
  }
}

/** An event ready to be published. `urgent` and `urgentReason` are about the change, not part of the event. */
export function prepareEvent({ urgent: _, urgentReason, ...input }: Record<string, unknown>): StatementChange {
  return { operation: 'event', input, ...(typeof urgentReason === 'string' && { urgentReason }) };
}

/** Does the newest publication hold this recognition? */
async function isPublished(knex: Knex, slug: string, id: string): Promise<boolean> {
  const newest = await knex('registry_manifests')
    .where({ slug })
    .orderBy('sequence', 'desc')
    .first<{ manifest: string } | undefined>('manifest');
  const { parts } = newest ? (JSON.parse(newest.manifest) as FeedManifest) : { parts: [] };
  const sha256 = parts.find(({ name }) => name === 'recognitions')?.sha256 ?? '';
  const part = await knex('registry_parts').where({ sha256 }).first<{ text: string } | undefined>('text');
  return part?.text.split('\n').some((row) => row.startsWith(`{"id":${JSON.stringify(id)},`)) === true;
}

async function count(knex: Knex, slug: string, kind: string, prefix: string): Promise<number> {
  const rows = await knex('registry_statements').where({ slug, kind }).select<{ id: string }[]>('id');
  return rows.filter(({ id }) => id.startsWith(prefix)).length;
}

function subjectOf<K extends StatementKind>(kind: K, statement: StatementTypes[K]): string {
  switch (kind) {
    case 'accreditation':
      return (statement as Accreditation).institution;
    case 'recognition':
      return (statement as Recognition).subject;
    case 'supply-chain':
      return (statement as StatementTypes['supply-chain']).chainLeader;
    default:
      return (statement as RegistryEvent).about;
  }
}

function kept({ kind, statement, signed, key_id }: Row): KeptStatement {
  return { kind, statement: JSON.parse(statement) as StatementTypes[StatementKind], signed, keyId: key_id };
}

function notFound(): YizhengError {
  return new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
}
