import { keepByKey } from './keep-by-key.js';
import type { Migration } from '../server/index.js';
import { keepSkeletons } from './keep-skeletons.js';
import { checkByStatement } from './statement-references.js';
import { countAddedCheaply } from './supervision/keep-counts.js';

/**
 * Digits of a duplicate key the index `certificates_of_document` holds: enough that of millions of certificates hardly two begin alike,
 * in a quarter of the room. A row of a batch writes to another page of it than the row before.
 */
export const DOCUMENT_KEY_BEGINNING = 8;

/**
 * Bytes of a page of SQLite that holds long rows by their key: of a row of more than a quarter of a page, as a draft may be where pages
 * have 4096, the end would go to a page of its own.
 */
const LEAST_PAGE = 8192;

/** Steps that make a certificate cheaper to store; what is stored stays as it is. */
export const leanStorageMigrations: readonly Migration[] = [
  {
    // An index over all result keys took a fifth of the time of storing: every row of a batch writes to another of its pages.
    name: 'issuer-041-certificates-of-result',
    async up(knex) {
      await knex.raw(
        `create index certificates_of_result on certificates (institution, result_key)
          where duplicate_key is null or assessment is null`,
      );
      await knex.schema.alterTable('certificates', (table) => {
        table.dropIndex(['institution', 'result_key']);
      });
    },
  },
  {
    name: 'issuer-042-lean-rows',
    async up(knex) {
      await countAddedCheaply(knex);
      // Packing the signed text makes a row short enough; without this, PostgreSQL goes on and moves parts of some rows out of them.
      const { dialect } = knex.client as { dialect: string };
      if (dialect === 'postgresql') await knex.raw('alter table certificates set (toast_tuple_target = 2700)');
    },
  },
  {
    name: 'issuer-043-lean-indexes',
    async up(knex) {
      await knex.raw(
        `create index certificates_of_document on certificates (substr(duplicate_key, 1, ${DOCUMENT_KEY_BEGINNING}))`,
      );
      // Of states, only what is reserved is ever asked for by itself: a handful of certificates at any time.
      await knex.raw(
        `create index certificates_reserved on certificates (institution, assessment) where state = 'reserved'`,
      );
      await knex.schema.alterTable('certificates', (table) => {
        table.dropIndex(['institution', 'duplicate_key']);
        table.dropIndex(['state']);
      });
      const { dialect } = knex.client as { dialect: string };
      // How many values an expression has is not known before.
      if (dialect === 'postgresql') await knex.raw('analyze certificates');
    },
  },
  {
    name: 'issuer-044-unpacked-rows',
    async up(knex) {
      const { dialect } = knex.client as { dialect: string };
      if (dialect !== 'postgresql') return;
      const { rows } = await knex.raw<{ rows: unknown[] }>(
        `select 1 from pg_settings where name = 'default_toast_compression' and 'lz4' = any(enumvals)`,
      );
      // The packing of old takes a quarter of the time of storing a row and saves less than half of its room; lz4 costs next to nothing.
      if (rows.length === 0) await knex.raw('alter table certificates set (toast_tuple_target = 4000)');
    },
  },
  {
    name: 'issuer-045-references-by-statement',
    async up(knex) {
      await checkByStatement(knex, {
        table: 'certificates',
        column: 'institution',
        parent: 'institutions',
        key: 'code',
      });
      await checkByStatement(knex, { table: 'batch_rows', column: 'batch', parent: 'batches', key: 'id' });
    },
  },
  {
    name: 'issuer-046-rows-by-key',
    async up(knex) {
      const { dialect } = knex.client as { dialect: string };
      if (dialect !== 'sqlite3') return;
      const [{ page_size: page } = { page_size: 0 }] = await knex.raw<{ page_size: number }[]>('pragma page_size');
      if (page >= LEAST_PAGE) await keepByKey(knex, 'batch_rows');
    },
  },
  {
    name: 'issuer-047-credential-skeletons',
    async up(knex) {
      // Names that no column of `certificates` has, so that a join leaves its columns as they are called.
      await knex.schema.createTable('credential_skeletons', (table) => {
        table.increments('skeleton_id');
        table.string('skeleton_owner', 13).notNullable().references('code').inTable('institutions');
        table.string('skeleton_hash', 64).notNullable();
        table.text('skeleton_text').notNullable();
        table.unique(['skeleton_owner', 'skeleton_hash']);
      });
      await knex.schema.alterTable('certificates', (table) => {
        table.text('own_texts');
        table.integer('skeleton');
      });
      await keepSkeletons(knex);
    },
  },
];
