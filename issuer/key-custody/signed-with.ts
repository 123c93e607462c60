import type { Knex } from 'knex';

/** What a key signed, as the database has it. Instants RFC 3339. */
export interface SignedWith {
  certificates: number;
  /** `proof.created` of the first and the last. */
  first?: string;
  last?: string;
}

/** How many certificates of an institution each key signed, by key id; reads one pass over them. */
export async function signedWith(knex: Knex, institution: string): Promise<Map<string, SignedWith>> {
  const rows = await knex('certificates')
    .where({ institution, state: 'issued' })
    .groupBy('key_id')
    .select('key_id')
    .count({ certificates: '*' })
    .min({ first: 'proof_created' })
    .max({ last: 'proof_created' });
  return new Map(
    (rows as { key_id: string; certificates: number | string; first: string; last: string }[]).map(
      ({ key_id, certificates, first, last }) => [key_id, { certificates: Number(certificates), first, last }],
    ),
  );
}
