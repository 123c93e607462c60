import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSecretFile } from '../../keys/secret-file.js';
import type { NewApiKey, Role } from '../../server/index.js';
import { AUTHORITIES, INSTITUTIONS } from './alliance.js';
import type { OpenAlliance } from './open-alliance.js';

/** API key of somebody who works at an institution or authority of the demo, in a file only its owner can read. */
export interface DemoKey {
  /** Institution code or short name of the authority. */
  tenant: string;
  file: string;
  /** Address `yizheng issue --issuer` or `yizheng registry --registry` takes. */
  address: string;
}

type CreateKey = (
  key: { tenant: string; roles: readonly Role[]; label: string; expiresAt: string },
  actor: string,
) => Promise<NewApiKey>;

const YEAR_MS = 365 * 86_400_000;

/** Makes one API key for a clerk of each institution and one for an officer of each authority, unless its file is there. */
export async function demoKeys(alliance: OpenAlliance, directory: string, now: Date): Promise<DemoKey[]> {
  const { issuer, registry, addresses } = alliance;
  const expiresAt = new Date(now.getTime() + YEAR_MS).toISOString();
  const make = async (tenant: string, base: string, roles: readonly Role[], create: CreateKey): Promise<DemoKey> => {
    const file = join(directory, `api-key-${tenant}`);
    if ((await readFile(file).catch(() => undefined)) === undefined) {
      const { secret } = await create({ tenant, roles, label: `demo ${roles[0] ?? ''}`, expiresAt }, 'demo');
      await writeSecretFile(file, new TextEncoder().encode(secret), 'create');
    }
    return { tenant, file, address: `${base}/${tenant}` };
  };
  const keys: DemoKey[] = [];
  for (const { code } of INSTITUTIONS)
    keys.push(
      await make(code, `${addresses.issuer}/institutions`, ['clerk', 'approver', 'auditor'], (key, actor) =>
        issuer.service.createApiKey(key, actor),
      ),
    );
  for (const { slug } of AUTHORITIES)
    keys.push(
      await make(slug, `${addresses.registry}/authorities`, ['officer', 'auditor'], (key, actor) =>
        registry.service.createApiKey(key, actor),
      ),
    );
  return keys;
}
