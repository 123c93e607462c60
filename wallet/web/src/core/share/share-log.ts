import { z } from 'zod';
import { randomBytes, toBase64url } from '../bytes.js';
import type { Platform } from '../platform.js';
import type { Vault, VaultChange } from '../vault/vault.js';

const PREFIX = 'log/';
const entrySchema = z.strictObject({
  kind: z.enum(['request', 'link']),
  at: z.string(),
  /** Who got it: the verifier, or for a link what the person wrote. */
  party: z.string().max(400),
  host: z.string().max(300).optional(),
  /** When a link ends. */
  until: z.string().optional(),
  certificates: z.array(z.strictObject({ id: z.string(), facts: z.array(z.string().max(400)).max(400) })).max(20),
});

/** What was shared, with whom and when. It stays on this device. */
export type ShareEntry = z.infer<typeof entrySchema> & { id: string };

/** Everything shared, newest first. */
export async function shareLog(vault: Vault): Promise<ShareEntry[]> {
  const rows = await vault.list(PREFIX);
  const entries = rows.flatMap(({ key, value }) => {
    const { data } = entrySchema.safeParse(value);
    return data ? [{ ...data, id: key.slice(PREFIX.length) }] : [];
  });
  return entries.toReversed();
}

/** Forgets what was shared. */
export async function forgetShareLog(vault: Vault): Promise<void> {
  await vault.write((await vault.list(PREFIX)).map(({ key }) => ({ key, value: undefined })));
}

/** The change that notes something shared; keys are in order of time. */
export function logChange(entry: Omit<ShareEntry, 'id' | 'at'>, { now, crypto }: Platform): VaultChange {
  const at = new Date(now()).toISOString();
  return { key: `${PREFIX}${at}-${toBase64url(randomBytes(crypto, 6))}`, value: { ...entry, at } };
}
