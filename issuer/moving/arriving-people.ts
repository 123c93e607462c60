import type { AccountRow } from '../../server/accounts/account.js';
import { YizhengError } from '../../shared/errors.js';
import type { ArrivingTools } from './arriving.js';
import { textOf, type MovedRow } from './table-file.js';

const ACCOUNT_ID = /^acct_[A-Za-z0-9_-]{1,27}$/;

/**
 * Takes in people without any way to sign in: an administrator gives each a new beginning. Whoever is known here by the same id stays as they are;
 * a login somebody else has here gets the institution's code behind it.
 * @throws YizhengError `ARCHIVE_FOREIGN` (422)
 */
export async function arriveAccounts(
  rows: readonly MovedRow[],
  { transaction, code, credentials }: ArrivingTools,
): Promise<void> {
  for (const row of rows) {
    const { id, login, name, created_at, disabled_at } = row as unknown as AccountRow;
    if (Object.keys(row).length !== 5 || !ACCOUNT_ID.test(id))
      throw new YizhengError('ARCHIVE_FOREIGN', 'An account in the archive has another form.', { status: 422 });
    const known = await transaction<AccountRow>('accounts').where({ id }).first('id', 'login');
    if (known && known.login !== known.id) continue;
    const taken = await transaction<AccountRow>('accounts').where({ login }).first('id');
    const person = { login: taken ? `${login}-${code.toLowerCase()}` : login, name, created_at, disabled_at };
    // One that was here before and left with its institution comes back.
    if (known) await transaction<AccountRow>('accounts').where({ id }).update(person);
    else await transaction<AccountRow>('accounts').insert({ id, ...person });
    credentials.add(id);
  }
}

/** Takes in who gave whom access, for credentials that came along. */
export async function arriveMakers(
  rows: readonly MovedRow[],
  { transaction, credentials }: ArrivingTools,
): Promise<void> {
  for (const row of rows) {
    const { credential, maker, at, ...rest } = row;
    if (Object.keys(rest).length > 0)
      throw new YizhengError('ARCHIVE_FOREIGN', 'Who gave access stands in another form.', { status: 422 });
    if (credentials.has(textOf(row, 'credential')))
      await transaction('credential_makers').insert({ credential, maker, at });
  }
}
