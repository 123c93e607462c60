import type { Knex } from 'knex';
import { utf8Length } from '../shared/json/parse-json.js';
import { makeDelta } from '../shared/trust/feed-delta.js';
import type { FeedManifest } from '../shared/trust/feed-metadata.js';
import type { Part } from '../shared/trust/feed-part.js';

/** Publications back from which a delta leads to the newest; whoever holds an older one fetches whole parts. */
export const DELTA_PUBLICATIONS = 10;

/**
 * Writes the deltas that lead from the last publications to this one, where one is less than half of the part, and removes those that
 * lead to a publication before the last: a client may be in the middle of that one.
 */
export async function writeDeltas(
  transaction: Knex.Transaction,
  slug: string,
  parts: readonly Part[],
  sequence: number,
): Promise<void> {
  const before = await transaction('registry_manifests')
    .where({ slug })
    .andWhere('sequence', '<', sequence)
    .orderBy('sequence', 'desc')
    .limit(DELTA_PUBLICATIONS)
    .select<{ manifest: string }[]>('manifest');
  const manifests = before.map(({ manifest }) => JSON.parse(manifest) as FeedManifest);
  for (const part of parts) {
    const versions = manifests.flatMap(({ parts: old }) => old.filter(({ name }) => name === part.name));
    const held = new Set(versions.map(({ sha256 }) => sha256).filter((sha256) => sha256 !== part.sha256));
    for (const from of held) {
      const old = await transaction('registry_parts').where({ sha256: from }).first<{ text: string }>('text');
      const delta = makeDelta(part.name, old.text, part.text);
      const text = delta && JSON.stringify(delta);
      if (text === undefined || utf8Length(text) > part.length / 2) continue;
      const key = { slug, part: part.name, from_sha256: from, to_sha256: part.sha256 };
      await transaction('registry_deltas')
        .insert({ ...key, sequence, text })
        .onConflict(Object.keys(key))
        .merge();
    }
  }
  await transaction('registry_deltas')
    .where({ slug })
    .andWhere('sequence', '<', sequence - 1)
    .delete();
}

/** Text of a delta; undefined when there is none. */
export async function readDelta(
  knex: Knex,
  slug: string,
  part: string,
  from: string,
  to: string,
): Promise<string | undefined> {
  const row = await knex('registry_deltas')
    .where({ slug, part, from_sha256: from, to_sha256: to })
    .first<{ text: string } | undefined>('text');
  return row?.text;
}
