import { issuerMigrations, type IssuerEffects } from '../../issuer/index.js';
import { readPassphrase } from '../../keys/read-passphrase.js';
import type { CliContext } from '../context.js';
import { openService } from './open-service.js';
import type { Settings } from './settings.js';

/** Who it is in the audit log: whoever has the machine. */
export const OPERATOR = 'operator';

/**
 * Does something about the move of an institution beside the issuer, whose database and keystore it opens.
 * @throws YizhengError as `openService`, and what `work` throws
 */
export async function besideIssuer<T>(
  settings: Settings<'tenant'>,
  context: Pick<CliContext, 'now'>,
  work: (effects: IssuerEffects) => Promise<T>,
): Promise<T> {
  const open = await openService('tenant', settings, issuerMigrations, context);
  try {
    return await work({ ...open, baseUrl: settings.baseUrl, verifierUrl: `${settings.baseUrl}/` });
  } finally {
    await open.database.close();
  }
}

/** The passphrase an archive opens with on its way. @throws YizhengError `PASSPHRASE_*` */
export function transferPassphrase(file: string): Promise<string> {
  return readPassphrase({ file });
}
