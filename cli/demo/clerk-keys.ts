import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { writeSecretFile } from '../../keys/secret-file.js';
import { INSTITUTIONS } from './alliance.js';
import type { OpenAlliance } from './open-alliance.js';

/** API key of a demo institution's clerk, in a file only its owner can read. */
export interface ClerkKey {
  institution: string;
  file: string;
  /** Address `yizheng issue --issuer` takes. */
  address: string;
}

const YEAR_MS = 365 * 86_400_000;

/** Makes one API key for each institution, unless its file is there. */
export async function clerkKeys(
  { issuer, addresses }: OpenAlliance,
  directory: string,
  now: Date,
): Promise<ClerkKey[]> {
  const keys: ClerkKey[] = [];
  for (const { code } of INSTITUTIONS) {
    const file = join(directory, `api-key-${code}`);
    keys.push({ institution: code, file, address: `${addresses.issuer}/institutions/${code}` });
    if ((await readFile(file).catch(() => undefined)) !== undefined) continue;
    const { secret } = await issuer.service.createApiKey(
      {
        tenant: code,
        roles: ['clerk', 'approver', 'auditor'],
        label: 'demo clerk',
        expiresAt: new Date(now.getTime() + YEAR_MS).toISOString(),
      },
      'demo',
    );
    await writeSecretFile(file, new TextEncoder().encode(secret), 'create');
  }
  return keys;
}
