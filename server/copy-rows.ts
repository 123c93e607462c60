import type { Knex } from 'knex';
import type { Client } from 'pg';

/** Fields of rows as the server sent them, row by row: field `f` of row `r` is number `r × fields + f`. */
export interface CopiedRows {
  readonly count: number;
  /** All that came. */
  readonly bytes: Buffer;
  /** Where each field begins in {@link CopiedRows.bytes}. */
  readonly starts: Int32Array;
  /** Bytes of each field, -1 for null: UTF-8 of a text, big-endian of a whole number. */
  readonly lengths: Int32Array;
}

/** Bytes before the flags of a binary COPY, and of what follows up to the first row (PostgreSQL, COPY, "Binary Format"). */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const HEADER_BYTES = SIGNATURE.length + 4 + 4;
const TRAILER_BYTES = 2;
const COUNT_BYTES = 2;
const LENGTH_BYTES = 4;

/** Memory rows are put together in, which no read uses now: new memory for each brings the next collection of garbage nearer. */
const spare: Buffer[] = [];

/** The most bytes that are kept for the next read. */
const KEPT_BYTES = 8 * 1024 * 1024;

/**
 * Reads rows with a binary `COPY`: they stay the bytes that came, where the driver makes a text of every field.
 * @param knex of a PostgreSQL database
 * @param query selects `fields` columns of texts and whole numbers
 * @param take what is made of the rows; their memory is used again as soon as it returns
 * @throws the driver's error
 */
export async function copyRows<T>(
  knex: Knex,
  query: Knex.QueryBuilder,
  fields: number,
  take: (rows: CopiedRows) => T,
): Promise<T> {
  // Loaded where there is a PostgreSQL only, as is the rest of its driver.
  const { to } = await import('pg-copy-streams');
  // In a transaction, whose end finds out when the connection was lost: it is not lent again then.
  return knex.transaction(
    async (transaction) => {
      const client = transaction.client as { acquireConnection(): Promise<Client> };
      const connection = await client.acquireConnection();
      let memory = spare.pop() ?? Buffer.alloc(0);
      let length = 0;
      for await (const piece of connection.query(to(`copy (${query.toQuery()}) to stdout (format binary)`))) {
        const bytes = piece as Buffer;
        memory = withRoom(memory, length, bytes.length);
        length += bytes.copy(memory, length);
      }
      const taken = take(fieldsOf(memory.subarray(0, length), fields));
      if (memory.length <= KEPT_BYTES) spare.push(memory);
      return taken;
    },
    { readOnly: true },
  );
}

function withRoom(memory: Buffer, length: number, more: number): Buffer {
  if (length + more <= memory.length) return memory;
  const larger = Buffer.allocUnsafeSlow(2 * (length + more));
  memory.copy(larger, 0, 0, length);
  return larger;
}

function fieldsOf(bytes: Buffer, fields: number): CopiedRows {
  if (bytes.length < HEADER_BYTES + TRAILER_BYTES || !bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE))
    throw new TypeError('The server sent no binary COPY.');
  const end = bytes.length - TRAILER_BYTES;
  const most = Math.floor((end - HEADER_BYTES) / (COUNT_BYTES + fields * LENGTH_BYTES));
  const starts = new Int32Array(most * fields);
  const lengths = new Int32Array(most * fields);
  let at = HEADER_BYTES;
  let count = 0;
  for (let field = 0; at < end; count++) {
    if (bytes.readInt16BE(at) !== fields) throw new TypeError('The server sent rows of other columns.');
    at += COUNT_BYTES;
    for (const last = field + fields; field < last; field++) {
      const length = bytes.readInt32BE(at);
      at += LENGTH_BYTES;
      starts[field] = at;
      lengths[field] = length;
      at += Math.max(0, length);
    }
  }
  if (at !== end || bytes.readInt16BE(end) !== -1) throw new TypeError('The server sent half a COPY.');
  return { count, bytes, starts, lengths };
}
