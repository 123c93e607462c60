import type { Knex } from 'knex';

/** Who holds an API key, as it was labelled, or an account; its id where there is no such one (any more). */
export async function personOf(knex: Knex, keyId: string): Promise<string> {
  const account = await knex('accounts').where({ id: keyId }).first<{ name: string } | undefined>('name');
  if (account) return account.name;
  const row = await knex('api_keys').where({ id: keyId }).first<{ label: string } | undefined>('label');
  return row?.label ?? keyId;
}

/** Do two labels name one person? Four eyes tell persons apart, not keys: nobody approves their own work with a second key. */
export function samePerson(a: string, b: string): boolean {
  const plain = (text: string): string => text.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();
  return plain(a) === plain(b);
}

/** Names of accounts and labels of API keys by id, of those who have done something at a tenant; others are left out. */
export async function namesOf(knex: Knex, tenant: string, ids: readonly string[]): Promise<Map<string, string>> {
  const actors: { actor: string }[] = await knex('audit_log').where({ tenant }).whereIn('actor', ids).distinct('actor');
  const known = actors.map(({ actor }) => actor);
  const keys: { id: string; label: string }[] = await knex('api_keys').whereIn('id', known).select('id', 'label');
  const accounts: { id: string; name: string }[] = await knex('accounts').whereIn('id', known).select('id', 'name');
  return new Map([
    ...keys.map(({ id, label }) => [id, label] as const),
    ...accounts.map(({ id, name }) => [id, name] as const),
  ]);
}
