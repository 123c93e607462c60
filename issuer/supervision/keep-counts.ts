import type { Knex } from 'knex';

/** Columns of `certificate_cells` the database itself keeps equal to what `certificates` holds. */
export const COUNTS = ['issued', 'suspended', 'revoked', 'voided'] as const;

/**
 * Counts what there is, and has the database count on by itself: triggers change the counts in the transaction that changes a certificate,
 * whichever way it is changed, so counts and certificates never differ and no code can forget them. PostgreSQL counts once for a statement,
 * however many rows it stores; SQLite row by row.
 */
export async function keepCounts(knex: Knex): Promise<void> {
  const { dialect } = knex.client as { dialect: string };
  // One pass: PostgreSQL may refuse an index on rows the same transaction wrote (broken HOT chains), and would read all for each cell.
  await knex.raw(
    `update certificate_cells set ${COUNTS.map((count) => `${count} = d.${count}`).join(', ')}
      from (select c.cell, ${COUNTS.map((count) => `sum(${one('c', count)}) as ${count}`).join(', ')}
        from certificates c where c.cell is not null group by c.cell) d
      where certificate_cells.id = d.cell`,
  );
  for (const statement of dialect === 'postgresql' ? POSTGRES : SQLITE) await knex.raw(statement);
}

/** Has a database of before count what is stored in the cheaper way of today. */
export async function countAddedCheaply(knex: Knex): Promise<void> {
  const { dialect } = knex.client as { dialect: string };
  if (dialect === 'postgresql') return;
  await knex.raw('drop trigger certificates_added');
  await knex.raw(ADDED);
}

/** Whether a certificate is counted, and under which count. What a correction replaced is not counted at all. */
function counts(row: string, count: (typeof COUNTS)[number]): string {
  const reason = `coalesce(${row}.status_reason, '')`;
  const isCounted = `${row}.state = 'issued' and not (${row}.status = 'revoked' and ${reason} = 'superseded')`;
  const also = {
    issued: '',
    suspended: ` and ${row}.status = 'suspended'`,
    revoked: ` and ${row}.status = 'revoked' and ${reason} <> 'batch-void'`,
    voided: ` and ${row}.status = 'revoked' and ${reason} = 'batch-void'`,
  };
  return `(${isCounted}${also[count]})`;
}

const one = (row: string, count: (typeof COUNTS)[number]): string =>
  `case when ${counts(row, count)} then 1 else 0 end`;
const changed = (row: string, sign: string, where = ''): string =>
  `update certificate_cells set ${COUNTS.map((count) => `${count} = ${count} ${sign} ${one(row, count)}`).join(', ')}
    where id = ${row}.cell and ${row}.state = 'issued'${where};`;

/** Nearly all that is stored as issued is active, and adding one to one count is half the work. */
const ADDED = `create trigger certificates_added after insert on certificates when new.state = 'issued' and new.cell is not null
    begin
      update certificate_cells set issued = issued + 1 where id = new.cell and new.status = 'active';
      ${changed('new', '+', ` and new.status <> 'active'`)}
    end`;

const SQLITE = [
  ADDED,
  `create trigger certificates_changed_count after update of state, status, status_reason, cell on certificates
    begin ${changed('old', '-')} ${changed('new', '+')} end`,
  `create trigger certificates_removed after delete on certificates when old.cell is not null
    begin ${changed('old', '-')} end`,
];

const summed = (rows: string, sign: string): string =>
  `select x.cell, ${COUNTS.map((count) => `${sign}(${one('x', count)}) as ${count}`).join(', ')} from ${rows} x where x.cell is not null`;
const apply = (rows: string): string => `
  update certificate_cells set ${COUNTS.map((count) => `${count} = certificate_cells.${count} + d.${count}`).join(', ')}
  from (select cell, ${COUNTS.map((count) => `sum(${count}) as ${count}`).join(', ')} from (${rows}) y group by cell) d
  where certificate_cells.id = d.cell and (${COUNTS.map((count) => `d.${count} <> 0`).join(' or ')});`;

const POSTGRES = [
  `create function count_certificates() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then ${apply(summed('added', '+'))}
      elsif tg_op = 'DELETE' then ${apply(summed('removed', '-'))}
      else ${apply(`${summed('removed', '-')} union all ${summed('added', '+')}`)}
      end if;
      return null;
    end $$`,
  `create trigger certificates_added after insert on certificates
    referencing new table as added for each statement execute function count_certificates()`,
  `create trigger certificates_changed_count after update on certificates
    referencing old table as removed new table as added for each statement execute function count_certificates()`,
  `create trigger certificates_removed after delete on certificates
    referencing old table as removed for each statement execute function count_certificates()`,
];
