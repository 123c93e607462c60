import type { Knex } from 'knex';
import type { JsonObject } from '../shared/json/parse-json.js';
import { sha256Hex } from '../shared/trust/digest.js';
import type { Change } from './change.js';
import { readDualControl } from './dual-control.js';

/**
 * Digest of what a change builds on: the statements about the same subjects and those it cites, the version of the root, or what dual
 * control asks for now. When it differs at approval, the proposal was made for another state of affairs.
 */
export async function proposalBasis(transaction: Knex, slug: string, change: Change): Promise<string> {
  return sha256Hex(JSON.stringify(await basis(transaction, slug, change)));
}

async function basis(transaction: Knex, slug: string, change: Change): Promise<unknown> {
  switch (change.operation) {
    case 'root':
      return transaction('registry_roots').where({ slug }).max('version as version').first();
    case 'dual-control':
      return readDualControl(transaction, slug);
    default: {
      const { subjects, cited } = mentions(change.input as JsonObject);
      return transaction('registry_statements')
        .where({ slug })
        .andWhere((either) => {
          void either.whereIn('subject', subjects).orWhereIn('id', cited);
        })
        .orderBy('id')
        .select('id', 'statement');
    }
  }
}

function mentions({ institution, subject, about, id, statement, supersedes }: JsonObject): {
  subjects: string[];
  cited: string[];
} {
  const texts = (values: unknown[]): string[] => values.filter((value) => typeof value === 'string');
  return {
    subjects: texts([institution, subject, about]),
    cited: texts([id, statement, ...(Array.isArray(supersedes) ? supersedes : [])]),
  };
}
