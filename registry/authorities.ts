import type { Knex } from 'knex';
import { z } from 'zod';
import { appendAudit } from '../server/index.js';
import { certificateText } from '../shared/certificate/text.js';
import { didWebOf } from '../shared/did/did-web-url.js';
import { YizhengError } from '../shared/errors.js';
import type { KeyInfo } from '../keys/custody.js';
import { feedJwkOfMultikey, jwkThumbprint, type Envelope, type FeedJwk, type FeedSigner } from '../shared/trust/jws.js';
import { FEED_ROLES, type FeedRole, type FeedRoot } from '../shared/trust/feed-metadata.js';
import { signMetadata } from '../shared/trust/sign-metadata.js';
import { DAY, rfc3339 } from '../shared/trust/time.js';
import {
  DUAL_CONTROL_KINDS,
  parseDualControl,
  refuseUnapproved,
  writeDualControl,
  type DualControlKind,
} from './dual-control.js';
import type { RegistryEffects } from './effects.js';

/** An authority whose registry is kept here. */
export interface Authority {
  /** Short name in addresses. */
  slug: string;
  did: string;
  name: string;
  /** Sequence of the newest manifest; 0 before the first. */
  sequence: number;
  /** What needs a second person. */
  dualControl: DualControlKind[];
}

/** A root as it is published, with the digest a recogniser pins. */
export interface PublishedRoot {
  version: number;
  digestMultibase: string;
  root: FeedRoot;
  envelope: Envelope;
}

/** What a new authority is registered with. */
export const newAuthoritySchema = z
  .strictObject({
    slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'must be 1–39 lower-case letters, digits and -'),
    name: certificateText(60),
    /** What needs a second person; everything when left out. */
    dualControl: z.array(z.enum(DUAL_CONTROL_KINDS)).max(DUAL_CONTROL_KINDS.length).optional(),
  })
  .meta({ id: 'NewAuthority' });

/** See {@link newAuthoritySchema}. */
export type NewAuthority = z.infer<typeof newAuthoritySchema>;

interface Row extends Omit<Authority, 'dualControl'> {
  dual_control: string;
}
const COLUMNS = ['slug', 'did', 'name', 'sequence', 'dual_control'] as const;

const ROOT_KEYS = 3;
const ROOT_THRESHOLD = 2;
const ROOT_YEARS = 5;
const PURPOSES = { registry: 'registry', freshness: 'freshness', statement: 'assertion' } as const;

/** Authorities, their keys and roots. */
export class Authorities {
  constructor(private readonly effects: RegistryEffects) {}

  /** @throws YizhengError `NOT_FOUND` (404) */
  async get(slug: string): Promise<Authority> {
    const row = await this.effects.database
      .knex('registry_authorities')
      .where({ slug })
      .first<Row | undefined>(...COLUMNS);
    if (!row) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    return readRow(row);
  }

  async list(): Promise<Authority[]> {
    const rows = await this.effects.database
      .knex('registry_authorities')
      .select<Row[]>(...COLUMNS)
      .orderBy('slug');
    return rows.map(readRow);
  }

  /**
   * Registers an authority, makes its keys (three for the root, of which two must sign; one each for manifests, freshness and
   * statements) and signs root 1. Registering the same again changes nothing.
   * @throws YizhengError `AUTHORITY_EXISTS` (409)
   */
  async create(request: NewAuthority, actor: string): Promise<Authority> {
    const { database, baseUrl, clock } = this.effects;
    const { slug, name, dualControl } = request;
    const did = didWebOf(`${baseUrl}/authorities/${slug}`);
    const known = (await database.knex('registry_authorities').where({ slug }).first()) as Row | undefined;
    const asks = dualControl && writeDualControl(dualControl);
    if (known && (known.name !== name || known.did !== did || (asks !== undefined && known.dual_control !== asks)))
      throw new YizhengError('AUTHORITY_EXISTS', 'This short name is registered with other facts.', {
        status: 409,
        at: '/slug',
      });
    if (known) return this.get(slug);
    await this.makeKeys(did);
    const now = clock();
    await database.write(async (transaction) => {
      const again: unknown = await transaction('registry_authorities').where({ slug }).first();
      if (again) return;
      const row = { slug, did, name, sequence: 0, dual_control: asks ?? writeDualControl(DUAL_CONTROL_KINDS) };
      await transaction('registry_authorities').insert({ ...row, created_at: now.toISOString() });
      const root = await this.signRoot(transaction, readRow(row), undefined);
      await appendAudit(
        transaction,
        {
          tenant: slug,
          actor,
          action: 'authority.create',
          subject: did,
          detail: { rootVersion: root.version, rootDigest: root.digestMultibase, dualControl: row.dual_control },
        },
        now,
      );
    });
    return this.get(slug);
  }

  /**
   * Signs the next root with the keys now in custody, by the threshold of the old and the new.
   * @param rotate online keys to replace first
   * @throws YizhengError `NOT_FOUND` (404), `DUAL_CONTROL_REQUIRED` (409)
   */
  async renewRoot(
    slug: string,
    actor: string,
    rotate: readonly Exclude<FeedRole, 'root'>[] = [],
  ): Promise<PublishedRoot> {
    const authority = await this.get(slug);
    return this.effects.database.write(async (transaction) => {
      await refuseUnapproved(transaction, slug, { operation: 'root', input: { rotate: [...rotate] } });
      return this.applyRoot(transaction, authority, rotate, actor);
    });
  }

  /** {@link renewRoot} in the transaction of whoever may decide it. */
  async applyRoot(
    transaction: Knex.Transaction,
    authority: Authority,
    rotate: readonly Exclude<FeedRole, 'root'>[],
    actor: string,
  ): Promise<PublishedRoot> {
    const { keystore, clock } = this.effects;
    const old = await this.root(authority.slug, transaction);
    for (const role of rotate) await keystore.rotate(authority.did, PURPOSES[role], clock());
    const root = await this.signRoot(transaction, authority, old.root);
    const detail = { rootVersion: root.version, rootDigest: root.digestMultibase, rotated: [...rotate] };
    const entry = { tenant: authority.slug, actor, action: 'root.renew', subject: authority.did, detail };
    await appendAudit(transaction, entry, clock());
    return root;
  }

  /** Sets what needs a second person, in the transaction of whoever may decide it. */
  async applyDualControl(
    transaction: Knex.Transaction,
    { slug, did }: Authority,
    kinds: readonly DualControlKind[],
    actor: string,
  ): Promise<DualControlKind[]> {
    const text = writeDualControl(kinds);
    await transaction('registry_authorities').where({ slug }).update({ dual_control: text });
    const entry = { tenant: slug, actor, action: 'authority.dual-control', subject: did };
    await appendAudit(transaction, { ...entry, detail: { dualControl: text } }, this.effects.clock());
    return parseDualControl(text);
  }

  /** The newest root, or the one of this version. @throws YizhengError `NOT_FOUND` (404) */
  async root(slug: string, knex: Knex = this.effects.database.knex, version?: number): Promise<PublishedRoot> {
    const found = (await this.roots(slug, knex)).find((root) => version === undefined || root.version === version);
    if (!found) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    return found;
  }

  /** All roots, newest first. */
  async roots(slug: string, knex: Knex = this.effects.database.knex): Promise<PublishedRoot[]> {
    const rows = (await knex('registry_roots').where({ slug }).orderBy('version', 'desc')) as {
      version: number;
      digest: string;
      root: string;
      envelope: string;
    }[];
    return rows.map((row) => ({
      version: row.version,
      digestMultibase: row.digest,
      root: JSON.parse(row.root) as FeedRoot,
      envelope: JSON.parse(row.envelope) as Envelope,
    }));
  }

  /** Signer of a role's active key, as feeds name keys. */
  signer(did: string, role: Exclude<FeedRole, 'root'>): FeedSigner {
    return this.feedSigner(this.effects.keystore.activeKey(did, PURPOSES[role]));
  }

  /** Signer of single statements: `kid` is the verification method URL. */
  statementSigner(did: string): FeedSigner {
    const key = this.effects.keystore.activeKey(did, PURPOSES.statement);
    return { ...this.feedSigner(key), kid: key.id };
  }

  private async makeKeys(did: string): Promise<void> {
    const { keystore, clock } = this.effects;
    const active = (purpose: KeyInfo['purpose']): number =>
      keystore.list({ controller: did, purpose, state: 'active' }).length;
    for (let i = active('registry-root'); i < ROOT_KEYS; i++)
      await keystore.createKey({ controller: did, purpose: 'registry-root', now: clock() });
    for (const purpose of Object.values(PURPOSES))
      if (active(purpose) === 0) await keystore.createKey({ controller: did, purpose, now: clock() });
  }

  private async signRoot(
    transaction: Knex,
    { slug, did, name }: Authority,
    old: FeedRoot | undefined,
  ): Promise<PublishedRoot> {
    const { keystore, clock } = this.effects;
    const rootKeys = keystore.list({ controller: did, purpose: 'registry-root', state: 'active' });
    const keys = {
      root: rootKeys,
      registry: [keystore.activeKey(did, PURPOSES.registry)],
      freshness: [keystore.activeKey(did, PURPOSES.freshness)],
      statement: [keystore.activeKey(did, PURPOSES.statement)],
    };
    const role = (name_: FeedRole) => ({
      threshold: name_ === 'root' ? ROOT_THRESHOLD : 1,
      keyids: keys[name_].map((key) => jwkThumbprint(jwk(key))),
    });
    const root: FeedRoot = {
      authority: did,
      name,
      version: (old?.version ?? 0) + 1,
      expires: rfc3339(clock().getTime() + ROOT_YEARS * 365 * DAY),
      keys: Object.fromEntries(
        FEED_ROLES.flatMap((name_) => keys[name_]).map((key) => [jwkThumbprint(jwk(key)), jwk(key)]),
      ),
      roles: {
        root: role('root'),
        registry: role('registry'),
        freshness: role('freshness'),
        statement: role('statement'),
      },
    };
    const signed = await signMetadata(
      'root',
      root,
      rootSigners(rootKeys, old).map((key) => this.feedSigner(key)),
    );
    const published = {
      version: root.version,
      digestMultibase: signed.digestMultibase,
      root,
      envelope: signed.envelope,
    };
    await transaction('registry_roots').insert({
      slug,
      version: root.version,
      digest: signed.digestMultibase,
      root: JSON.stringify(root),
      envelope: JSON.stringify(signed.envelope),
    });
    return published;
  }

  private feedSigner(key: KeyInfo): FeedSigner {
    return { kid: jwkThumbprint(jwk(key)), sign: (bytes) => this.effects.keystore.sign(key.id, bytes) };
  }
}

function readRow({ dual_control, slug, did, name, sequence }: Row): Authority {
  return { slug, did, name, sequence, dualControl: parseDualControl(dual_control) };
}

/** The threshold of the new root and, where it replaces one, of the old. */
function rootSigners(keys: readonly KeyInfo[], old: FeedRoot | undefined): KeyInfo[] {
  const olds = keys.filter((key) => old?.roles.root.keyids.includes(jwkThumbprint(jwk(key))) === true);
  return [...new Set([...olds.slice(0, ROOT_THRESHOLD), ...keys.slice(0, ROOT_THRESHOLD)])];
}

function jwk(key: KeyInfo): FeedJwk {
  return feedJwkOfMultikey(key.publicKeyMultibase, key.id);
}
