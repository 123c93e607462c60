import type { FeedContent } from './trust-view.js';

/** An accreditation that presents an authority as an institution of another. */
export interface RefusedAccreditation {
  /** Who published it. */
  authority: string;
  /** The authority it names as an institution. */
  institution: string;
  /** Its statement id. */
  accreditation: string;
}

/**
 * Accreditations whose institution is itself an authority with a feed among these. Nobody may publish a key in the name of an
 * authority: it would let a partner issue certificates that read as the authority's own. An authority that issues certificates does so
 * under a second DID, which it accredits like any other institution.
 */
export function accreditedAuthorities(contents: readonly FeedContent[]): RefusedAccreditation[] {
  const authorities = new Set(contents.map(({ authority }) => authority));
  return contents.flatMap(({ authority, accreditations }) =>
    accreditations
      .filter(({ institution }) => authorities.has(institution))
      .map(({ id, institution }) => ({ authority, institution, accreditation: id })),
  );
}

/** The same feeds without {@link accreditedAuthorities}. */
export function withoutAccreditedAuthorities(contents: readonly FeedContent[]): readonly FeedContent[] {
  const refused = new Set(accreditedAuthorities(contents).map(({ authority }) => authority));
  if (refused.size === 0) return contents;
  const authorities = new Set(contents.map(({ authority }) => authority));
  return contents.map((content) =>
    refused.has(content.authority)
      ? { ...content, accreditations: content.accreditations.filter((row) => !authorities.has(row.institution)) }
      : content,
  );
}

/** As findings of an import or update: code `AUTHORITY_AS_INSTITUTION`. */
export function findAccreditedAuthorities(
  contents: readonly FeedContent[],
): { code: string; authority: string; detail: string }[] {
  return accreditedAuthorities(contents).map(({ authority, institution, accreditation }) => ({
    code: 'AUTHORITY_AS_INSTITUTION',
    authority,
    detail: `${accreditation} presents the authority ${institution} as an institution; it is left out.`,
  }));
}
