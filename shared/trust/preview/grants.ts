import { certificateKind, type KindId } from '../../certificate/kind.js';
import type { Level } from '../../certificate/level.js';
import type { Accreditation, RecognizedAction, Scope } from '../types.js';
import type { NamedByStatements } from './named-by-statements.js';
import { occupationClasses, regionClasses, type PatternClass } from './partition.js';

/** One thing an accreditation grants, so narrow that all of it fares alike. */
export interface Grant {
  kind: KindId;
  occupation?: PatternClass;
  level?: Level;
  region: PatternClass;
  /** Id of the standard, or `*` for any other national one; absent where no statement asks for standards. */
  standard?: string;
  quota?: NonNullable<Scope['quota']>;
  /** Unified social credit code of an employer whose people may be assessed, where not everybody's may. */
  employer?: string;
}

const OTHER_STANDARD = '*';

/** What one action of an accreditation grants, divided by what statements name. */
export function* grantsOf(
  { scope }: RecognizedAction,
  { unifiedSocialCreditCode }: Pick<Accreditation, 'unifiedSocialCreditCode'>,
  named: Pick<NamedByStatements, 'occupations' | 'regions' | 'standards'>,
): Generator<Grant> {
  const regions = (scope.region ?? []).flatMap((pattern) => regionClasses(pattern, named.regions));
  const standards = named.standards.size === 0 ? [undefined] : [...named.standards, OTHER_STANDARD];
  const employer = scope.candidates === 'public' ? undefined : unifiedSocialCreditCode;
  for (const kind of scope.kind ?? [])
    for (const occupation of occupationsOf(kind, scope, named.occupations))
      for (const level of levelsOf(kind, scope))
        for (const region of regions)
          for (const standard of standards)
            yield {
              kind,
              region,
              ...(occupation && { occupation }),
              ...(level && { level }),
              ...(standard !== undefined && { standard }),
              ...(scope.quota && { quota: scope.quota }),
              ...(employer !== undefined && { employer }),
            };
}

/** Text that two grants have in common when they grant the same. */
export function grantKey({ kind, occupation, level, region, standard }: Grant): string {
  return [kind, occupation?.pattern, level?.framework, level?.value, region.pattern, standard].join(' ');
}

function occupationsOf(
  id: KindId,
  { occupation = [] }: Scope,
  named: ReadonlySet<string>,
): (PatternClass | undefined)[] {
  const isItem = (pattern: string): boolean => pattern.startsWith('permit:');
  if (certificateKind(id).hasOccupation)
    return occupation.filter((pattern) => !isItem(pattern)).flatMap((pattern) => occupationClasses(pattern, named));
  const items = [...named].filter(isItem);
  const granted = occupation.filter(isItem);
  if (items.length === 0 && granted.length === 0) return [undefined];
  return (granted.length > 0 ? granted : ['permit:*']).flatMap((pattern) => occupationClasses(pattern, items));
}

function levelsOf(id: KindId, { level = [] }: Scope): (Level | undefined)[] {
  const { frameworks } = certificateKind(id);
  return frameworks.length === 0 ? [undefined] : level.filter(({ framework }) => frameworks.includes(framework));
}
