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
