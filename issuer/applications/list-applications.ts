import type { Knex } from 'knex';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import type { ApplicationRow } from './application-row.js';
import type { ApplicationState, Wanted } from './types.js';

/** An application as a list shows it. */
export interface ListedApplication {
  id: string;
  state: ApplicationState;
  wanted: Wanted;
  name: string;
  idLastFour: string;
  createdAt: string;
  createdBy: string;
}

/** What applications are looked for by. */
export interface ApplicationFilter {
  /** The applicant's name in full. */
  name?: string | undefined;
  state?: ApplicationState | undefined;
}

/**
 * Applications of an institution, newest first.
 * @param page `after`: `next` of the page before; `limit`: most of them
 * @throws YizhengError `CURSOR_INVALID` (422)
 */
export async function listApplications(
  knex: Knex,
  institution: string,
  { name, state }: ApplicationFilter,
  page: { after?: string | undefined; limit: number },
): Promise<{ applications: ListedApplication[]; next?: string }> {
  const query = knex<ApplicationRow>('applications').where({
    institution,
    ...(name !== undefined && { name }),
    ...(state !== undefined && { state }),
  });
  if (page.after !== undefined) void query.whereRaw('(created_at, id) < (?, ?)', readCursor(page.after));
  const rows = await query
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(page.limit);
  const last = rows.length === page.limit ? rows.at(-1) : undefined;
  return {
    applications: rows.map((row) => ({
      id: row.id,
      state: row.state,
      wanted: JSON.parse(row.wanted) as Wanted,
      name: row.name,
      idLastFour: row.id_last_four,
      createdAt: row.created_at,
      createdBy: row.created_by,
    })),
    ...(last && { next: Buffer.from(JSON.stringify([last.created_at, last.id])).toString('base64url') }),
  };
}

const cursor = z.tuple([z.iso.datetime(), z.string().regex(/^[0-9a-f]{24}$/)]);

function readCursor(text: string): [string, string] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return cursor.parse(value);
  } catch (cause) {
    throw new YizhengError('CURSOR_INVALID', 'This is no "next" of an answer of ours.', {
      at: 'query/after',
      status: 422,
      cause,
    });
  }
}
