import type { Knex } from 'knex';

/** A column whose values must be there in another table. */
export interface StatementReference {
  table: string;
  /** Never NULL, and never changed. */
  column: string;
  parent: string;
  /** Unique column of `parent`. */
  key: string;
}

/**
 * Has PostgreSQL check a foreign key once for each statement instead of once for each row, which takes a fifth of the time of storing a
 * batch, whose rows all refer to the same. What is refused stays the same, as does the code (`23503`): rows that refer to nothing,
 * and removing or renaming what rows refer to. SQLite, where a key costs next to nothing, keeps it.
 */
export async function checkByStatement(knex: Knex, { table, column, parent, key }: StatementReference): Promise<void> {
  const { dialect } = knex.client as { dialect: string };
  if (dialect !== 'postgresql') return;
  const name = `${table}_${column}`;
  const refuse = (what: string): string =>
    `raise exception using errcode = 'foreign_key_violation', constraint = '${name}_foreign', table = '${table}', message = '${what}';`;
  await knex.raw(
    `create function ${name}_known() returns trigger language plpgsql as $$
      declare
        wanted text[] := array(select ${column} from added group by ${column});
        found_keys bigint;
      begin
        select count(*) into found_keys from (select from ${parent} where ${key} = any(wanted) for key share) p;
        if found_keys <> cardinality(wanted) then ${refuse(`${table}.${column} refers to nothing in ${parent}`)} end if;
        return null;
      end $$`,
  );
  await knex.raw(
    `create trigger ${name}_known after insert on ${table}
      referencing new table as added for each statement execute function ${name}_known()`,
  );
  // Without lists of columns and conditions: columns these name could not be given another collation later.
  await knex.raw(
    `create function ${name}_kept() returns trigger language plpgsql as $$
      begin
        if new.${column} is distinct from old.${column} then ${refuse(`${table}.${column} stays what it is`)} end if;
        return null;
      end $$`,
  );
  await knex.raw(`create trigger ${name}_kept after update on ${table} for each row execute function ${name}_kept()`);
  await knex.raw(
    `create function ${name}_needed() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' then
          if new.${key} = old.${key} then return null; end if;
        end if;
        if exists (select from ${table} where ${column} = old.${key}) then ${refuse(`${table} refers to this row of ${parent}`)} end if;
        return null;
      end $$`,
  );
  await knex.raw(
    `create trigger ${name}_needed after delete or update on ${parent} for each row execute function ${name}_needed()`,
  );
  await knex.raw(`alter table ${table} drop constraint ${name}_foreign`);
}
