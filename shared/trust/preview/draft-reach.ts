import type { TrustView } from '../trust-view.js';
import type { Accreditation, Recognition, RegistryEvent, StatementKind, StatementTypes } from '../types.js';

/** Whom a draft speaks of: institutions and authorities by DID. */
export interface DraftReach {
  /** Named by the draft or by what it replaces. */
  named: ReadonlySet<string>;
  /** Authorities whose institutions the draft may concern: those named, and whom they recognise, as far as recognition may go. */
  authorities: ReadonlySet<string>;
  /** Key the draft speaks of, where it does. */
  keys: ReadonlySet<string>;
}

/** A statement of one of the five kinds, as it would be said. */
export interface Draft {
  kind: StatementKind;
  statement: StatementTypes[StatementKind];
}

/**
 * Whom a draft may concern. A decision about anybody else's certificates does not read it.
 * @param cited statements it replaces or revokes
 * @param views with and without the draft
 * @param maxDepth most recognitions in a chain
 */
export function draftReach(
  { kind, statement }: Draft,
  cited: readonly (Accreditation | Recognition)[],
  views: readonly TrustView[],
  maxDepth: number,
): DraftReach {
  const named = new Set([...subjectsOf(kind, statement), ...cited.flatMap((row) => subjectsOfGrant(row))]);
  const authorities = new Set(named);
  let level = [...named];
  for (let depth = 1; depth < maxDepth && level.length > 0; depth++) {
    const next = level.flatMap((maker) => views.flatMap((view) => [...view.recognitionsBy(maker).keys()]));
    level = [...new Set(next)].filter((did) => !authorities.has(did));
    for (const did of level) authorities.add(did);
  }
  return { named, authorities, keys: keysOf(kind, statement, cited) };
}

function subjectsOf(kind: StatementKind, statement: StatementTypes[StatementKind]): string[] {
  switch (kind) {
    case 'accreditation':
    case 'recognition':
      return subjectsOfGrant(statement as Accreditation | Recognition);
    case 'supply-chain':
      return [(statement as StatementTypes['supply-chain']).chainLeader];
    default:
      return [(statement as RegistryEvent).about];
  }
}

function subjectsOfGrant(row: Accreditation | Recognition): string[] {
  if ('institution' in row) return [row.institution];
  return row.homeAuthority === undefined ? [row.subject] : [row.subject, row.homeAuthority];
}

function keysOf(
  kind: StatementKind,
  statement: StatementTypes[StatementKind],
  cited: readonly (Accreditation | Recognition)[],
): Set<string> {
  if (kind === 'event') {
    const { keyId } = statement as RegistryEvent;
    return new Set(keyId === undefined ? [] : [keyId]);
  }
  if (kind !== 'accreditation') return new Set();
  const before = cited.flatMap((row) => ('signingKeys' in row ? row.signingKeys : []));
  const { signingKeys } = statement as Accreditation;
  const changed = [...signingKeys, ...before].filter(({ id }) => {
    const old = before.find((key) => key.id === id);
    const now = signingKeys.find((key) => key.id === id);
    return before.length > 0 && (old?.validUntil !== now?.validUntil || old === undefined || now === undefined);
  });
  return new Set(changed.map(({ id }) => id));
}
