import { CERTIFICATE_KINDS } from '../../../../shared/certificate/kind.js';
import { findLevelFramework } from '../../../../shared/certificate/level.js';
import { PARTS, type Detail, type Kind, type Line, type Part } from './schemas.js';

/** What an institution certifies, as the form holds it. */
export interface LineDraft {
  kind: Kind;
  occupation: string;
  occupationName: string;
  trade: string;
  level: string;
  method: Line['method'];
  standard: string;
  standardType: Line['standardType'];
  filing: string;
  region: string;
  /** Pass mark of each part that counts; a part that is left out does not count. */
  marks: Partial<Record<Part, string>>;
}

/** A plan, as the form holds it. */
export interface PlanDraft extends LineDraft {
  id: string;
  heldOn: string;
  endsOn: string;
  registerBy: string;
  place: string;
  seats: string;
  publicationFrom: string;
  publicationUntil: string;
  staff: Detail['staff'];
}

const NEW_LINE: LineDraft = {
  kind: 'skill-level',
  occupation: '',
  occupationName: '',
  trade: '',
  level: '',
  method: 'examination',
  standard: '',
  standardType: 'national',
  filing: '',
  region: '',
  marks: {},
};

/** An empty plan. */
export const NEW_PLAN: PlanDraft = {
  ...NEW_LINE,
  id: '',
  heldOn: '',
  endsOn: '',
  registerBy: '',
  place: '',
  seats: '30',
  publicationFrom: '',
  publicationUntil: '',
  staff: [],
};

/** Levels a kind has, the highest last. */
export function levelsOf(kind: Kind): readonly { value: string; nameZh: string; nameEn: string }[] {
  const [framework = ''] = CERTIFICATE_KINDS.find(({ id }) => id === kind)?.frameworks ?? [];
  return findLevelFramework(framework)?.values ?? [];
}

/** A line, to be changed. */
export function lineDraftOf(line: Line): LineDraft {
  return {
    kind: line.kind,
    occupation: line.occupation.code,
    occupationName: '',
    trade: line.occupation.trade ?? '',
    level: line.level.value,
    method: line.method,
    standard: line.standard,
    standardType: line.standardType,
    filing: line.filing ?? '',
    region: line.region ?? '',
    marks: Object.fromEntries(line.passMarks.map(({ part, mark }) => [part, String(mark)])),
  };
}

/** A plan, to be changed. */
export function planDraftOf(session: Detail): PlanDraft {
  return {
    ...lineDraftOf(session),
    id: session.id,
    heldOn: session.heldOn,
    endsOn: session.endsOn ?? '',
    registerBy: session.registerBy ?? '',
    place: session.place,
    seats: String(session.seats),
    publicationFrom: session.publication?.from ?? '',
    publicationUntil: session.publication?.until ?? '',
    staff: session.staff,
  };
}

/** A line as the issuer takes it. */
export function lineInput(draft: LineDraft): object {
  return {
    kind: draft.kind,
    occupation: {
      code: draft.occupation.trim(),
      ...given('name', draft.occupationName),
      ...given('trade', draft.trade),
    },
    level: draft.level,
    method: draft.method,
    standard: draft.standard.trim(),
    standardType: draft.standardType,
    ...given('filing', draft.filing),
    ...given('region', draft.region),
    passMarks: PARTS.flatMap((part) => {
      const mark = draft.marks[part];
      return mark === undefined ? [] : [{ part, mark: Number(mark) }];
    }),
  };
}

/** A plan as the issuer takes it. */
export function planInput(draft: PlanDraft): object {
  return {
    id: draft.id.trim(),
    ...lineInput(draft),
    heldOn: draft.heldOn,
    ...given('endsOn', draft.endsOn),
    ...given('registerBy', draft.registerBy),
    place: draft.place.trim(),
    seats: Number(draft.seats),
    staff: draft.staff.map(({ role, name, number = '' }) => ({ role, name: name.trim(), ...given('number', number) })),
    ...((draft.publicationFrom !== '' || draft.publicationUntil !== '') && {
      publication: { from: draft.publicationFrom, until: draft.publicationUntil },
    }),
  };
}

function given(key: string, value: string): object {
  return value.trim() === '' ? {} : { [key]: value.trim() };
}
