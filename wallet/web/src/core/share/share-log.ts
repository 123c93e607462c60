import { z } from 'zod';
import { randomBytes, toBase64url } from '../bytes.js';
import type { Platform } from '../platform.js';
import { cutText } from '../text.js';
import type { Vault, VaultChange } from '../vault/vault.js';

const PREFIX = 'log/';
const MAX_TEXT = 400;
const MAX_FACTS = 400;
const MAX_CERTIFICATES = 64;
const entrySchema = z.strictObject({
  kind: z.enum(['request', 'link']),
  at: z.string(),
  /** Who got it: the verifier, or for a link what the person wrote. */
  party: z.string().max(MAX_TEXT),
  host: z.string().max(300).optional(),
  /** When a link ends. */
  until: z.string().optional(),
  certificates: z
    .array(z.strictObject({ id: z.string(), facts: z.array(z.string().max(MAX_TEXT)).max(MAX_FACTS) }))
    .max(MAX_CERTIFICATES),
  /** It was sent, and nobody has said that it arrived. */
  state: z.literal('unconfirmed').optional(),
});

/** What was shared, with whom and when. It stays on this device. */
export type ShareEntry = z.infer<typeof entrySchema> & { id: string };

/** The change that notes something shared. */
export interface LogChange extends VaultChange {
  value: Omit<ShareEntry, 'id'>;
}

/** Everything shared, newest first. */
export async function shareLog(vault: Vault): Promise<ShareEntry[]> {
  const rows = await vault.list(PREFIX);
  const entries = rows.flatMap(({ key, value }) => {
    const { data } = entrySchema.safeParse(value);
    return data ? [{ ...data, id: key.slice(PREFIX.length) }] : [];
  });
  return entries.toReversed();
}

/** Whether a value is an entry as the vault keeps it. */
export function isLogEntry(value: unknown): boolean {
  return entrySchema.safeParse(value).success;
}

/** Forgets what was shared. */
export async function forgetShareLog(vault: Vault): Promise<void> {
  await vault.write((await vault.list(PREFIX)).map(({ key }) => ({ key, value: undefined })));
}

/** The change that notes something shared, cut to what can be read again; keys are in order of time. */
export function logChange(entry: Omit<ShareEntry, 'id' | 'at'>, { now, crypto }: Platform): LogChange {
  const at = new Date(now()).toISOString();
  const certificates = entry.certificates.slice(0, MAX_CERTIFICATES).map(({ id, facts }) => ({
    id,
    facts: facts.slice(0, MAX_FACTS).map((fact) => cutText(fact, MAX_TEXT)),
  }));
  const value = { ...entry, party: cutText(entry.party, MAX_TEXT), certificates, at };
  return { key: `${PREFIX}${at}-${toBase64url(randomBytes(crypto, 6))}`, value };
}

/** The same entry while nobody has said that it arrived. */
export function unconfirmed({ key, value }: LogChange): LogChange {
  return { key, value: { ...value, state: 'unconfirmed' } };
}
