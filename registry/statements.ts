import type { Knex } from 'knex';
import { appendAudit } from '../server/index.js';
import { YizhengError } from '../shared/errors.js';
import { digestMultibase } from '../shared/trust/digest.js';
import { signStatement } from '../shared/trust/statement-credential.js';
import { parseStatement } from '../shared/trust/statement-schema.js';
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
import type { RegistryEffects } from './effects.js';
import { fetchNewestRoot } from './fetch-feed.js';
import { SITE_DEADLINE_MS, withDeadline } from './fetch-json.js';
import { fetchInstitutionDocument } from './institution-document.js';
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

const CHINA_OFFSET = 8 * 3_600_000;

/** What an authority says: appended, signed one by one, in the registry from the next publication on. */
export class Statements {
  constructor(
    private readonly effects: RegistryEffects,
    private readonly authorities: Authorities,
  ) {}

  /**
   * Accredits an institution (备案). Its id counts up per institution: `urn:yizheng:accreditation:<institutionCode>:<n>`. Keys are read
   * from the institution's DID document unless given; an action without `validFrom` begins today at 00:00 China Standard Time.
   * @throws YizhengError `STATEMENT_INVALID` (422), `INSTITUTION_KEYS_MISSING` (409), as `fetchInstitutionDocument`
   */
  async accredit(slug: string, input: AccreditationInput, actor: string): Promise<Accreditation> {
    const authority = await this.authorities.get(slug);
    const actions = input.actions.map((action) => ({ action: 'issue', validFrom: this.today(), ...action }));
    const signingKeys = input.signingKeys ?? (await this.publishedKeys(input.institution));
    return this.append(authority, 'accreditation', actor, async (transaction) => {
      const before = await count(
        transaction,
        slug,
        'accreditation',
        `urn:yizheng:accreditation:${input.institutionCode}:`,
      );
      return {
        ...input,
        id: `urn:yizheng:accreditation:${input.institutionCode}:${before + 1}`,
        authority: authority.did,
        signingKeys,
        actions,
      };
    });
  }

  /**
   * Takes over the keys the institution's DID document shows now: new ones are added, ended ones get their end. No key and no
   * interval is ever taken away.
   * @throws YizhengError `NOT_FOUND` (404), `SIGNING_KEY_CHANGED` (409), as {@link accredit}
   */
  async updateSigningKeys(slug: string, id: string, actor: string): Promise<Accreditation> {
    const authority = await this.authorities.get(slug);
    const kept = await this.get(slug, id);
    if (kept.kind !== 'accreditation') throw notFound();
    const old = kept.statement as Accreditation;
    const published = await this.publishedKeys(old.institution);
    return this.effects.database.write(async (transaction) => {
      const statement = parseStatement('accreditation', { ...old, signingKeys: mergeKeys(old.signingKeys, published) });
      await this.store(transaction, authority, 'accreditation', statement, 'update');
      await this.audit(transaction, authority, actor, 'accreditation.keys', id);
      return statement;
    });
  }

  /**
   * Recognises another authority, or one institution of it (互认). The root of the other's registry is fetched and pinned; give
   * `rootDigest`, told in person, to be sure of it.
   * @throws YizhengError `STATEMENT_INVALID` (422), `ROOT_DIGEST_MISMATCH` (409), as `fetchNewestRoot`
   */
  async recognise(slug: string, input: RecognitionInput, actor: string): Promise<Recognition> {
    const authority = await this.authorities.get(slug);
    const { rootDigest, ...said } = input;
    const root = await fetchNewestRoot(
      withDeadline(this.effects.fetch, SITE_DEADLINE_MS),
      input.homeAuthority ?? input.subject,
    );
    const digest = digestMultibase(root.text);
    if (rootDigest !== undefined && rootDigest !== digest)
      throw new YizhengError(
        'ROOT_DIGEST_MISMATCH',
        'The registry of the other authority has another root than the one told.',
        {
          status: 409,
          at: '/rootDigest',
        },
      );
    const actions = input.actions.map((action) => ({
      action: 'accredit',
      validFrom: this.today(),
      scope: {},
      ...action,
    }));
    return this.append(authority, 'recognition', actor, () =>
      Promise.resolve({
        ...said,
        id: this.newId('recognition'),
        authority: authority.did,
        registryRoot: { version: root.version, digestMultibase: digest },
        actions,
      }),
    );
  }

  /**
   * Publishes an event, a cross-review or a supply-chain membership. An event without `effectiveFrom` takes effect now.
   * @throws YizhengError `STATEMENT_INVALID` (422)
   */
  async add<K extends 'event' | 'review' | 'supply-chain'>(
    slug: string,
    kind: K,
    input: object,
    actor: string,
  ): Promise<StatementTypes[K]> {
    const authority = await this.authorities.get(slug);
    const now = rfc3339(this.effects.clock().getTime());
    const begin = kind === 'event' ? { effectiveFrom: now } : { validFrom: this.today() };
    return this.append(authority, kind, actor, () =>
      Promise.resolve({ ...begin, ...input, id: this.newId(kind), authority: authority.did }),
    );
  }

  /** One statement. @throws YizhengError `NOT_FOUND` (404) */
  async get(slug: string, id: string): Promise<KeptStatement> {
    const row = (await this.effects.database.knex('registry_statements').where({ slug, id }).first()) as
      Row | undefined;
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

  private async append<K extends StatementKind>(
    authority: Authority,
    kind: K,
    actor: string,
    make: (transaction: Knex.Transaction) => Promise<object>,
  ): Promise<StatementTypes[K]> {
    return this.effects.database.write(async (transaction) => {
      const statement = parseStatement(kind, await make(transaction));
      await this.store(transaction, authority, kind, statement, 'insert');
      await this.audit(transaction, authority, actor, `${kind}.add`, statement.id);
      return statement;
    });
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

  private audit(
    transaction: Knex.Transaction,
    { slug }: Authority,
    actor: string,
    action: string,
    subject: string,
  ): Promise<unknown> {
    return appendAudit(transaction, { tenant: slug, actor, action, subject }, this.effects.clock());
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

  /** Beginning of today in China, where a day of issue begins. */
  private today(): string {
    const day = new Date(Math.floor((this.effects.clock().getTime() + CHINA_OFFSET) / DAY) * DAY);
    return `${day.toISOString().slice(0, 10)}T00:00:00+08:00`;
  }
}

function mergeKeys(old: readonly SigningKey[], published: readonly SigningKey[]): SigningKey[] {
  const merged = old.map((key) => {
    const now = published.find(({ id }) => id === key.id);
    if (now && now.publicKeyMultibase !== key.publicKeyMultibase)
      throw new YizhengError('SIGNING_KEY_CHANGED', `The institution shows another key under the name ${key.id}.`, {
        status: 409,
      });
    const until = key.validUntil ?? now?.validUntil;
    return { ...key, ...(until === undefined ? {} : { validUntil: until }) };
  });
  return [...merged, ...published.filter(({ id }) => !old.some((key) => key.id === id))];
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
