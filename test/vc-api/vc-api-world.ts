import assert from 'node:assert/strict';
import type { NewVcApiTenant } from '../../issuer/vc-api/tenants.js';
import { createResolver } from '../../shared/did/create-resolver.js';
import { checkForeignCredential } from '../../shared/proof/check-foreign-credential.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { BASE_URL, startWorld, type World } from '../issuer/world.js';
import type { DatabaseKind } from '../database/fresh-database.js';

/** An issuing service with VC-API tenants, asked as a client of the VC-API would. */
export interface VcApiWorld {
  world: World;
  /** Makes a tenant and a key for it. */
  /** What our own check says of a credential, with the DID documents this service publishes. */
  verify(credential: JsonObject): Promise<string>;
  tenant(request: Partial<NewVcApiTenant> & { name: string }): Promise<Tenant>;
  remove(): Promise<void>;
}

/** A tenant, as its client sees it. */
export interface Tenant {
  did: string;
  name: string;
  secret: string;
  /** `POST /credentials/issue`. */
  issue(credential: unknown, options?: unknown): Promise<Answer>;
  /** Any body to the issue path. */
  post(path: string, body: unknown): Promise<Answer>;
  /** A minimal VC 2.0 in its name, with changes. */
  credential(changes?: object): JsonObject;
}

/** What the service answered. */
export interface Answer {
  status: number;
  code: string;
  at: string;
  credential: JsonObject;
}

export async function startVcApi(kind?: DatabaseKind): Promise<VcApiWorld> {
  const world = await startWorld(kind === undefined ? {} : { kind });
  const resolver = createResolver({
    fetchDidDocument: async (url) => {
      const response = await world.call('GET', url.slice(BASE_URL.length), undefined, { key: null });
      assert.equal(response.status, 200);
      return new Uint8Array(await response.arrayBuffer());
    },
  });
  return {
    world,
    async verify(credential) {
      const now = world.time.now.toISOString();
      return (await checkForeignCredential(JSON.stringify(credential), { now, resolver })).code;
    },
    async tenant({ method = 'key', cryptosuite = 'eddsa-rdfc-2022', ...request }) {
      const made = await world.call('POST', '/vc-api/tenants', { method, cryptosuite, ...request }, { secret: world.secrets.host, key: null }); // prettier-ignore
      assert.equal(made.status, 201, await made.clone().text());
      const { did, name } = (await made.json()) as { did: string; name: string };
      const { secret } = await world.issuer.service.createApiKey(
        { tenant: name, roles: ['clerk', 'approver'], label: 'test', expiresAt: '2036-01-01T00:00:00Z' },
        'test',
      );
      const post = async (path: string, body: unknown): Promise<Answer> => {
        const response = await world.call('POST', `/vc-api/${name}${path}`, body, { secret, key: null });
        const text = await response.text();
        const answer = (text === '' ? {} : JSON.parse(text)) as {
          code?: string;
          at?: string;
          verifiableCredential?: JsonObject;
        };
        return {
          status: response.status,
          code: answer.code ?? '',
          at: answer.at ?? '',
          credential: answer.verifiableCredential ?? {},
        };
      };
      return {
        did,
        name,
        secret,
        post,
        issue: (credential, options) =>
          post('/credentials/issue', { credential, ...(options === undefined ? {} : { options }) }),
        credential: (changes = {}) => ({
          '@context': ['https://www.w3.org/ns/credentials/v2'],
          type: ['VerifiableCredential'],
          issuer: did,
          credentialSubject: { id: 'did:example:subject' },
          ...changes,
        }),
      };
    },
    remove: () => world.remove(),
  };
}

export { BASE_URL };
