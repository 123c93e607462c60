import type { KeyInfo } from '../../keys/custody.js';
import { Keystore } from '../../keys/keystore.js';
import { YizhengError } from '../../shared/errors.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import { appendAudit } from '../../server/index.js';
import type { AccreditationStore } from '../accreditation-store.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution, Institutions } from '../institutions.js';
import { wholeSecond } from '../time.js';
import { affectedCertificates } from './affected-certificates.js';
import { authorityKnowledge, type AuthorityKnowledge } from './authority-knowledge.js';
import { keyFingerprint } from './fingerprint.js';
import { previewCompromise, type CompromisePreview } from './preview-compromise.js';
import { signedWith, type SignedWith } from './signed-with.js';
import { nextStep, type KeyStep } from './what-to-do.js';

/** What key custody works with. */
export interface CustodyTools {
  effects: IssuerEffects;
  institutions: Institutions;
  accreditations: AccreditationStore;
}

/** A key that signs certificates, with everything a custodian needs to know of it. */
export interface HeldKey extends Omit<KeyInfo, 'controller' | 'purpose' | 'publicKeyJwk'> {
  /** See `keyFingerprint`. */
  fingerprint: string;
  signed: SignedWith;
  authority: AuthorityKnowledge;
  toDo: KeyStep;
}

/** The keys of an institution. */
export interface HeldKeys {
  /** `keystore`: the encrypted file of this host; `elsewhere`: another custody, whose own tools make and end keys. */
  custody: 'keystore' | 'elsewhere';
  /** Token that new keys are made on; null where they are made in the keystore file. */
  token: { label: string; serial: string } | null;
  /** When the authority confirmed the data its knowledge is read from; null before the first bundle. */
  dataAsOf: string | null;
  /** Newest first. */
  keys: HeldKey[];
}

/** What a custodian sees of the keys of an institution. Public facts only: a private key never leaves custody. */
export class KeyCustody {
  constructor(private readonly tools: CustodyTools) {}

  /** Every certificate key the institution ever had. @throws YizhengError `NOT_FOUND` (404) */
  async keys(code: string): Promise<HeldKeys> {
    const { effects } = this.tools;
    const { keystore } = effects;
    const { institution, view, held } = await this.known(code);
    const used = await signedWith(effects.database.knex, code);
    const now = effects.clock();
    const keys = held.map(({ controller: _, purpose: __, publicKeyJwk: ___, ...key }): HeldKey => {
      const authority = authorityKnowledge(view, institution, key, now);
      return {
        ...key,
        fingerprint: keyFingerprint(key.publicKeyMultibase),
        signed: used.get(key.id) ?? { certificates: 0 },
        authority,
        toDo: nextStep(key, authority, now),
      };
    });
    return {
      custody: keystore instanceof Keystore ? 'keystore' : 'elsewhere',
      token: (keystore instanceof Keystore ? keystore.token : undefined) ?? null,
      dataAsOf: view?.feedOf(institution.authority)?.issuedAt ?? null,
      keys: keys.toReversed(),
    };
  }

  /**
   * What would follow if this key were reported to be in other hands since an instant. Changes nothing.
   * @param name key id behind `#`
   * @throws YizhengError `NOT_FOUND`, `KEY_NOT_FOUND` (404), `KEY_INTERVAL` (422: in the future)
   */
  async preview(code: string, name: string, since: Date): Promise<CompromisePreview> {
    const { institution, view, held } = await this.known(code);
    const key = keyNamed(held, institution, name);
    const now = this.tools.effects.clock();
    const hasOtherKey = held.some(({ id, state }) => id !== key.id && state === 'active');
    const request = { institution, key, since: sinceText(since, now), now, view, hasOtherKey };
    return previewCompromise(this.tools.effects.database.knex, request);
  }

  /**
   * Every certificate the key signed, as CSV; written down in the audit log.
   * @throws YizhengError as {@link KeyCustody.preview}
   */
  async list(code: string, name: string, since: Date, actor: string): Promise<AsyncGenerator<Uint8Array>> {
    const { database, clock } = this.tools.effects;
    const { institution, held } = await this.known(code);
    const key = keyNamed(held, institution, name);
    const from = sinceText(since, clock());
    await database.write((transaction) =>
      appendAudit(
        transaction,
        { tenant: code, actor, action: 'key.certificates-read', subject: key.id, detail: { since: from } },
        clock(),
      ),
    );
    return affectedCertificates(database.knex, { institution: code, keyId: key.id, since: from });
  }

  private async known(
    code: string,
  ): Promise<{ institution: Institution; view: TrustView | undefined; held: KeyInfo[] }> {
    const { effects, institutions, accreditations } = this.tools;
    const institution = await institutions.get(code);
    await effects.keystore.refresh();
    return {
      institution,
      view: await accreditations.view(institution.authority),
      held: effects.keystore.list({ controller: institution.did, purpose: 'assertion' }),
    };
  }
}

/** A certificate key of the institution by the part of its id behind `#`. @throws YizhengError `KEY_NOT_FOUND` (404) */
export function keyNamed(held: readonly KeyInfo[], { did }: Pick<Institution, 'did'>, name: string): KeyInfo {
  const key = held.find(({ id }) => id === `${did}#${name}`);
  if (!key) throw new YizhengError('KEY_NOT_FOUND', 'This institution has no such key.', { status: 404 });
  return key;
}

/** An instant of the past as keys have it. @throws YizhengError `KEY_INTERVAL` (422) */
export function sinceText(since: Date, now: Date): string {
  if (since > now)
    throw new YizhengError('KEY_INTERVAL', 'A key cannot be compromised in the future.', { at: '/since', status: 422 });
  return wholeSecond(since);
}
