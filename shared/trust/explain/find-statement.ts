import type { TrustView } from '../trust-view.js';
import type { Accreditation, Recognition, RegistryEvent } from '../types.js';

/** What the reference of a reason points to. */
export interface Referenced {
  recognition?: Recognition;
  accreditation?: Accreditation;
  event?: RegistryEvent;
}

/**
 * Finds what a reason refers to. Ids are their makers' own, so the anchor's statement is meant before anyone else's of the same id,
 * then that of the authority the certificate names.
 * @param makers DIDs in that order
 */
export function findStatement(ref: string, view: TrustView, makers: readonly string[]): Referenced {
  for (const maker of makers) {
    const feed = view.feedOf(maker);
    if (!feed) continue;
    const recognition = feed.recognitions.find((row) => row.id === ref);
    if (recognition) return { recognition };
    const accreditation = view.accreditation(maker, ref);
    if (accreditation) return { accreditation };
    const event = feed.events.find((row) => row.id === ref);
    if (event) return { event };
  }
  return {};
}

/** The recognitions on a path from the anchor down, and the accreditation it ends in. */
export function statementsOnPath(
  anchor: string,
  path: readonly string[],
  view: TrustView,
): { recognitions: Recognition[]; accreditation?: Accreditation } {
  const recognitions: Recognition[] = [];
  let maker = anchor;
  for (const id of path) {
    const row = view.feedOf(maker)?.recognitions.find((item) => item.id === id);
    if (!row) {
      const accreditation = view.accreditation(maker, id);
      return accreditation ? { recognitions, accreditation } : { recognitions };
    }
    recognitions.push(row);
    maker = row.homeAuthority ?? row.subject;
  }
  return { recognitions };
}
