import { certificateKind } from '../../certificate/kind.js';
import type { CertificateRecord } from '../../certificate/record.js';
import type { TrustView } from '../trust-view.js';
import type { Decision, Recognition } from '../types.js';
import type { AgreedStandards } from './agreed-standard.js';
import type { Note } from './note.js';

/**
 * What the statements on the path of a decision leave open:
 * `OCCUPATIONS_UNLISTED`: the agreement publishes no list of occupations, so ask before relying on it for a certain one (DOMAIN AC-01d;
 * a list that says `*` means all and is no such case); `STANDARD_NOT_AS_AGREED`: assessed against another standard or version than the
 * members agreed on (AC-02b).
 */
export function recognitionNotes(
  record: Pick<CertificateRecord, 'kind' | 'occupation' | 'assessment'>,
  decision: Pick<Decision, 'anchor' | 'path'>,
  view: TrustView,
  agreed: readonly AgreedStandards[] = [],
): Note[] {
  const notes: Note[] = [];
  for (const statement of statementsOn(decision, view)) {
    const name = statement.memorandum?.name ?? statement.legalName;
    if (certificateKind(record.kind).hasOccupation && statement.actions.every((action) => !action.scope.occupation))
      notes.push({ code: 'OCCUPATIONS_UNLISTED', ref: statement.id, params: { agreement: name } });
    const standards = agreed
      .filter(
        (row) =>
          row.enabled &&
          row.memorandum === statement.memorandum?.id &&
          record.occupation?.catalogueEdition === '2022' &&
          row.occupation === record.occupation.code,
      )
      .flatMap((row) => row.standards);
    if (standards.length > 0 && !standards.includes(record.assessment.standard))
      notes.push({
        code: 'STANDARD_NOT_AS_AGREED',
        ref: statement.id,
        params: { agreement: name, standard: record.assessment.standard, agreed: standards.join(', ') },
      });
  }
  return notes;
}

/** The recognition statements on a path, from the anchor down. */
function statementsOn({ anchor, path }: Pick<Decision, 'anchor' | 'path'>, view: TrustView): Recognition[] {
  const found: Recognition[] = [];
  let maker = anchor;
  for (const id of path) {
    const statement = [...view.recognitionsBy(maker).values()].flat().find((row) => row.id === id);
    if (!statement) break;
    found.push(statement);
    maker = statement.homeAuthority ?? statement.subject;
  }
  return found;
}
