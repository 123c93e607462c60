import type { Role } from '../../../server/index.js';
import type { Accreditation } from '../../../shared/trust/types.js';
import { accreditationOf, answer, CODE, startWorld, type World } from '../world.js';
import type { DatabaseKind } from '../../database/fresh-database.js';

/** What the API answers about a key, as far as these tests look. */
export interface Key {
  id: string;
  fingerprint: string;
  state: string;
  token?: { label: string; serial: string; isDestroyed: boolean; problem?: string };
  signed: { certificates: number; first?: string; last?: string };
  authority: { state: string; since?: string };
  toDo: string;
}

/** A ceremony as the API answers it. */
export interface Ceremony {
  id: string;
  kind: string;
  state: string;
  keyId?: string;
  recordSha256?: string;
}

/** An institution with two custodians, made by the host. */
export interface CustodyWorld extends World {
  custodians: { a: string; b: string };
  did: string;
  path: string;
  keys(): Promise<Key[]>;
  propose(body: object, secret?: string): Promise<Ceremony>;
  confirm(ceremony: Ceremony, fingerprint?: string, secret?: string): Promise<Response>;
  /** What the authority does: takes over the keys the DID document shows, and the service imports the new bundle. */
  accreditKeys(): Promise<void>;
}

/** Starts it. */
export async function startCustodyWorld(
  kind: DatabaseKind = 'sqlite',
  options: Parameters<typeof startWorld>[0] = {},
): Promise<CustodyWorld> {
  const world = (await startWorld({ ...options, kind })) as CustodyWorld;
  const secretOf = async (label: string, roles: Role[] = ['custodian']): Promise<string> =>
    (await world.issuer.service.createApiKey({ tenant: CODE, roles, label, expiresAt: '2036-01-01T00:00:00Z' }, 'test'))
      .secret;
  world.custodians = { a: await secretOf('甲 custodian'), b: await secretOf('乙 custodian') };
  world.path = `/institutions/${CODE}`;
  const institution = await world.issuer.service.institutions.get(CODE);
  world.did = institution.did;
  world.keys = async () =>
    (await answer<{ keys: Key[] }>(world.call('GET', `${world.path}/keys`, undefined, { secret: world.custodians.a })))
      .keys;
  world.propose = (body, secret = world.custodians.a) =>
    answer(world.call('POST', `${world.path}/key-ceremonies`, { reason: '例行更换', ...body }, { secret }), 201);
  world.confirm = ({ id }, fingerprint, secret = world.custodians.b) =>
    world.call(
      'POST',
      `${world.path}/key-ceremonies/${id}/confirm`,
      { ...(fingerprint && { fingerprint }) },
      { secret },
    );
  world.accreditKeys = async () => {
    const [first, ...others] = world.accreditations;
    const [sample] = world.keystore.list({ controller: institution.did, purpose: 'assertion' });
    if (!first || !sample) throw new Error('the world has no accreditation');
    const signingKeys: Accreditation['signingKeys'] = world.keystore
      .list({ controller: institution.did, purpose: 'assertion' })
      .map(({ id, publicKeyMultibase, validUntil }) => ({
        id,
        type: 'Multikey',
        publicKeyMultibase,
        validFrom: '2026-01-01T00:00:00+08:00',
        ...(validUntil === undefined ? {} : { validUntil }),
      }));
    const row = { ...accreditationOf(institution, sample), signingKeys };
    world.accreditations = [row, ...others];
    await world.issuer.service.accreditations.import(institution, 'test', await world.publish(world.accreditations));
  };
  return world;
}
