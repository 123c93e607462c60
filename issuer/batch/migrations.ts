import type { Knex } from 'knex';
import type { Migration } from '../../server/index.js';
import { createBitstring, setBit } from '../../shared/status/bitstring.js';

/** Certificates read at once while the schema is brought up to date. */
const PAGE = 500;

/** Schema of batches, and what certificates need so that batches can make and find them. */
export const batchMigrations: readonly Migration[] = [
  {
    name: 'issuer-005-batches',
    async up(knex) {
      await knex.schema.createTable('batches', (table) => {
        table.string('id', 40).primary();
        table.string('institution', 13).notNullable().references('code').inTable('institutions');
        table.string('operation', 20).notNullable();
        table.string('state', 20).notNullable();
        table.string('reason', 40);
        table.string('file_name', 255);
        table.string('file_sha256', 64);
        table.string('assessment', 60);
        table.string('row_mode', 4);
        table.integer('needs_approval').notNullable();
        table.string('uploaded_by', 64).notNullable();
        table.string('uploader_roles', 200).notNullable();
        table.string('uploaded_at', 30).notNullable();
        table.string('confirmed_by', 64);
        table.string('confirmed_at', 30);
        table.string('approved_by', 64);
        table.string('approved_at', 30);
        table.string('started_at', 30);
        table.string('running_since', 30);
        table.string('finished_at', 30);
        for (const count of ['rows', 'wrong', 'done', 'failed', 'skipped'])
          table.integer(count).notNullable().defaultTo(0);
        table.string('trouble', 60);
        table.string('retry_at', 30);
        table.string('checking_until', 30);
        table.text('record');
        table.index(['institution', 'uploaded_at']);
        table.index(['state']);
      });
      await knex.schema.createTable('batch_rows', (table) => {
        table.string('batch', 40).notNullable().references('id').inTable('batches');
        table.integer('row').notNullable();
        table.string('state', 8).notNullable();
        table.string('code', 60);
        table.text('draft');
        table.integer('facts');
        table.string('number', 40);
        table.string('issued_on', 10);
        table.string('assessment', 60);
        table.string('duplicate_key', 64);
        table.string('result_key', 64);
        table.string('holder_key', 64);
        table.string('certificate', 220);
        table.string('reason', 40);
        table.primary(['batch', 'row']);
      });
      await knex.schema.createTable('batch_facts', (table) => {
        table.string('batch', 40).notNullable().references('id').inTable('batches');
        table.integer('id').notNullable();
        table.text('facts').notNullable();
        table.primary(['batch', 'id']);
      });
      await knex.schema.createTable('batch_problems', (table) => {
        table.string('batch', 40).notNullable().references('id').inTable('batches');
        table.integer('sequence').notNullable();
        table.integer('is_notice').notNullable();
        table.text('problem').notNullable();
        table.primary(['batch', 'sequence']);
      });
      await knex.schema.createTable('batch_chunks', (table) => {
        table.string('batch', 40).notNullable().references('id').inTable('batches');
        table.integer('chunk').notNullable();
        table.string('institution', 13).notNullable();
        table.integer('first_row').notNullable();
        table.integer('last_row').notNullable();
        table.integer('rows').notNullable();
        table.string('state', 8).notNullable();
        table.string('claim', 40);
        table.string('claimed_until', 30);
        table.text('numbers');
        table.text('reservation');
        table.string('digest', 64);
        table.integer('done');
        table.string('done_at', 30);
        table.primary(['batch', 'chunk']);
        table.index(['state', 'institution']);
      });
    },
  },
  {
    name: 'issuer-006-certificates-of-batches',
    async up(knex) {
      await knex.schema.alterTable('certificates', (table) => {
        table.setNullable('unsigned');
      });
      await knex.schema.alterTable('certificates', (table) => {
        table.string('assessment', 60);
        table.text('qr');
      });
      for (let last = ''; ;) {
        const rows = await knex<Certificate>('certificates')
          .where('id', '>', last)
          .orderBy('id')
          .limit(PAGE)
          .select('id', 'unsigned');
        for (const { id, unsigned } of rows)
          await knex('certificates')
            .where({ id })
            .update({ assessment: assessmentOf(unsigned) });
        if (rows.length < PAGE) break;
        last = rows.at(-1)?.id ?? '';
      }
      await knex.schema.alterTable('certificates', (table) => {
        table.index(['institution', 'assessment']);
      });
    },
  },
  {
    name: 'issuer-007-status-lists-taken',
    async up(knex) {
      await knex.schema.alterTable('status_lists', (table) => {
        table.binary('taken');
      });
      const lists = await knex<List>('status_lists').select('institution', 'list', 'entries');
      for (const { institution, list, entries } of lists)
        await knex('status_lists')
          .where({ institution, list })
          .update({ taken: await takenIn(knex, { institution, list, entries }) });
    },
  },
  {
    name: 'issuer-008-approval',
    async up(knex) {
      await knex.schema.alterTable('institutions', (table) => {
        table.integer('requires_approval').notNullable().defaultTo(0);
      });
    },
  },
  {
    name: 'issuer-009-numbers-given-by-hand',
    async up(knex) {
      await knex.raw('create index batch_rows_number on batch_rows (number) where number is not null');
    },
  },
  {
    name: 'issuer-012-batch-sheet-hmac',
    async up(knex) {
      await knex.raw('alter table batches rename column file_sha256 to file_hmac');
      // A plain digest of a short sheet lets document numbers be guessed.
      await knex('batches').update({ file_hmac: null });
    },
  },
  {
    name: 'issuer-013-batch-already',
    async up(knex) {
      await knex.schema.alterTable('batches', (table) => {
        table.integer('already').notNullable().defaultTo(0);
      });
    },
  },
  {
    name: 'issuer-018-batch-sent-back',
    async up(knex) {
      await knex.schema.alterTable('batches', (table) => {
        table.string('sent_back', 500);
      });
    },
  },
  {
    name: 'issuer-025-batch-sent-back-by',
    async up(knex) {
      await knex.schema.alterTable('batches', (table) => {
        table.string('sent_back_by', 64);
        table.string('sent_back_at', 30);
      });
    },
  },
];

interface Certificate {
  id: string;
  institution: string;
  list: number;
  list_index: number;
  unsigned: string;
}

interface List {
  institution: string;
  list: number;
  entries: number;
}

async function takenIn(knex: Knex, { institution, list, entries }: List): Promise<Buffer> {
  const bits = createBitstring(entries);
  const rows = await knex<Certificate>('certificates').where({ institution, list }).select('list_index');
  for (const { list_index } of rows) setBit(bits, list_index, true);
  return Buffer.from(bits);
}

function assessmentOf(unsigned: string): string {
  const { credentialSubject } = JSON.parse(unsigned) as { credentialSubject: { assessment: { id: string } } };
  return decodeURIComponent(credentialSubject.assessment.id.slice('urn:yizheng:assessment:'.length));
}
