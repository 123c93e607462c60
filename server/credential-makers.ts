import type { Knex } from 'knex';
import type { Migration } from './database.js';

/** Who gave somebody a way in: made an API key and saw its secret, or made the invitation an account was begun or reset with. */
export interface CredentialMaker {
  /** API key or account. */
  credential: string;
  /** API key or account of who did it; a plain word (`operator`) for whoever has the machine itself. */
  maker: string;
  /** RFC 3339; for accounts when the invitation was accepted. */
  at: string;
}

/** Table of {@link CredentialMaker}; what was made before it is read from the audit log. */
export const credentialMakerMigrations: readonly Migration[] = [
  {
    name: 'base-005-credential-makers',
    async up(knex) {
      await knex.schema.createTable('credential_makers', (table) => {
        table.increments('sequence');
        table.string('credential', 64).notNullable();
        table.string('maker', 64).notNullable();
        table.string('at', 30).notNullable();
        table.index(['credential']);
      });
      const rows: { at: string; actor: string; action: string; subject: string; detail: string }[] = await knex(
        'audit_log',
      )
        .whereIn('action', ['api-key.create', 'account.accept'])
        .orderBy('sequence')
        .select('at', 'actor', 'action', 'subject', 'detail');
      for (const { at, actor, action, subject, detail } of rows) {
        const { invitedBy = actor } = JSON.parse(detail) as { invitedBy?: string };
        const maker = action === 'account.accept' ? invitedBy : actor;
        await knex('credential_makers').insert({ credential: subject, maker, at });
      }
    },
  },
];

/** Writes down who made a credential, in the transaction that makes it. */
export async function recordMaker(transaction: Knex.Transaction, made: CredentialMaker): Promise<void> {
  await transaction('credential_makers').insert({ ...made });
}

/** Everybody who ever gave a credential to its holder, oldest first; what counts is the last, since a reset takes away what was before. */
export async function makersOf(knex: Knex, credential: string): Promise<CredentialMaker[]> {
  return knex<CredentialMaker & { sequence: number }>('credential_makers')
    .where({ credential })
    .orderBy('sequence')
    .select('credential', 'maker', 'at');
}
