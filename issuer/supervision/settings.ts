import type { Knex } from 'knex';
import { appendAudit, HOST_TENANT, namesOf } from '../../server/index.js';
import {
  DEFAULT_SUPERVISION,
  supervisionSettingsSchema,
  type SupervisionSettings,
} from '../../shared/supervision/rules.js';
import type { IssuerEffects } from '../effects.js';

interface SettingsRow {
  id: number;
  settings: string;
  set_by: string;
  set_at: string;
}

/** The rules of this host and who set them; {@link DEFAULT_SUPERVISION} until somebody has. */
export interface HeldSettings {
  settings: SupervisionSettings;
  setBy?: string;
  /** As colleagues know them. */
  setByName?: string;
  setAt?: string;
}

/** Reads the rules that are applied on this host. */
export async function readSettings(knex: Knex): Promise<HeldSettings> {
  const row = await knex<SettingsRow>('supervision_settings').where({ id: 1 }).first();
  if (!row) return { settings: DEFAULT_SUPERVISION };
  const setByName = (await namesOf(knex, HOST_TENANT, [row.set_by])).get(row.set_by);
  return {
    settings: supervisionSettingsSchema.parse(JSON.parse(row.settings)),
    setBy: row.set_by,
    ...(setByName !== undefined && { setByName }),
    setAt: row.set_at,
  };
}

/** Sets the rules of this host; the audit row holds them as they were and as they are. */
export async function writeSettings(
  { database, clock }: Pick<IssuerEffects, 'database' | 'clock'>,
  settings: SupervisionSettings,
  actor: string,
): Promise<HeldSettings> {
  return database.write(async (transaction) => {
    const now = clock();
    const before = await readSettings(transaction);
    const row = { settings: JSON.stringify(settings), set_by: actor, set_at: now.toISOString() };
    await transaction<SettingsRow>('supervision_settings')
      .insert({ id: 1, ...row })
      .onConflict('id')
      .merge(row);
    await appendAudit(
      transaction,
      {
        tenant: HOST_TENANT,
        actor,
        action: 'supervision.set-rules',
        subject: HOST_TENANT,
        detail: { before: { ...before.settings }, after: { ...settings } },
      },
      now,
    );
    return readSettings(transaction);
  });
}
