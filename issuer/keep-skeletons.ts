import type { Knex } from 'knex';

/**
 * Has the database refuse to change a row of `credential_skeletons`, and to remove one while its institution has certificates, which
 * could not be read without. Checked there and not where certificates refer to it, it costs nothing when those are stored.
 */
export async function keepSkeletons(knex: Knex): Promise<void> {
  const refusal = 'certificates cannot be read without this skeleton';
  const needed = 'exists (select 1 from certificates where institution = old.skeleton_owner)';
  const { dialect } = knex.client as { dialect: string };
  if (dialect !== 'postgresql') {
    const refuse = `begin select raise(abort, '${refusal}'); end`;
    await knex.raw(`create trigger credential_skeletons_same before update on credential_skeletons ${refuse}`);
    await knex.raw(
      `create trigger credential_skeletons_kept before delete on credential_skeletons when ${needed} ${refuse}`,
    );
    return;
  }
  await knex.raw(
    `create function credential_skeletons_kept() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' or ${needed} then
          raise exception using errcode = 'restrict_violation', message = '${refusal}';
        end if;
        return old;
      end $$`,
  );
  await knex.raw(
    `create trigger credential_skeletons_kept before update or delete on credential_skeletons
      for each row execute function credential_skeletons_kept()`,
  );
}
