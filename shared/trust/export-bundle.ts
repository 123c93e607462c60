import { writeBundle } from './bundle.js';
import type { HeldState } from './import-bundle.js';
import { filesOf } from './verify-feed.js';

/**
 * Writes what is held as a bundle file, to carry it to a device without a network. Every feed in it is as its authority signed it; the
 * file has no index, since only the anchor can sign one, so an import says `BUNDLE_INDEX_MISSING`.
 */
export function exportBundle(state: HeldState): string {
  return writeBundle(
    Object.fromEntries(Object.entries(state.feeds).map(([authority, held]) => [authority, filesOf(held)])),
  );
}
