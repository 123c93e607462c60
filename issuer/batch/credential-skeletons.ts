import { hash } from 'node:crypto';
import type { Knex } from 'knex';
import type { ApartTexts } from '../../keys/bulk-signer.js';

interface StoredSkeleton {
  skeleton_id: number;
  skeleton_hash: string;
}

/** Ids of skeletons, by text. @throws TypeError for one that was not stored */
export interface SkeletonIds {
  of(skeleton: string): number;
}

/**
 * Ids of what certificates about to be stored share, which is stored where it is not yet.
 * @param transaction the certificates' own
 */
export async function skeletonIds(
  transaction: Knex.Transaction,
  institution: string,
  parts: readonly ApartTexts[],
): Promise<SkeletonIds> {
  const texts = new Set(parts.flatMap(({ skeletons }) => skeletons));
  const hashes = new Map([...texts].map((text) => [hash('sha256', text), text]));
  const ids = new Map<string, number>();
  const found: SkeletonIds = {
    of(skeleton) {
      const id = ids.get(skeleton);
      if (id === undefined) throw new TypeError('A skeleton was not stored.');
      return id;
    },
  };
  if (texts.size === 0) return found;
  const take = ({ skeleton_id: id, skeleton_hash: own }: StoredSkeleton): void => {
    const text = hashes.get(own);
    if (text !== undefined) ids.set(text, id);
  };
  const known: StoredSkeleton[] = await transaction('credential_skeletons')
    .where({ skeleton_owner: institution })
    .whereIn('skeleton_hash', [...hashes.keys()])
    .select('skeleton_id', 'skeleton_hash');
  known.forEach(take);
  const missing = [...hashes].filter(([, text]) => !ids.has(text));
  for (const [skeletonHash, text] of missing) {
    const [added]: StoredSkeleton[] = await transaction('credential_skeletons')
      .insert({ skeleton_owner: institution, skeleton_hash: skeletonHash, skeleton_text: text })
      .returning(['skeleton_id', 'skeleton_hash']);
    if (added) take(added);
  }
  return found;
}
