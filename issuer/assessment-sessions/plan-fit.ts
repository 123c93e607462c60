import { certificateKind } from '../../shared/certificate/kind.js';
import { findLevel, findLevelFramework, type Level } from '../../shared/certificate/level.js';
import { findOccupation } from '../../shared/certificate/occupation.js';
import { YizhengError } from '../../shared/errors.js';
import { allowedOf } from '../batch/sheet/allowed.js';
import { checkExam } from '../batch/sheet/check-exam.js';
import { findColumn } from '../batch/sheet/columns.js';
import { examOf } from '../batch/sheet/exam-of.js';
import type { PlacedColumn } from '../batch/sheet/header.js';
import { kindOf, readCells } from '../batch/sheet/read-cells.js';
import { levelOfKind } from '../batch/sheet/read-level.js';
import { RowChecker } from '../batch/sheet/row-checker.js';
import { scopeProblems } from '../batch/sheet/scope-problems.js';
import type { IssueSheetContext } from '../batch/sheet/types.js';
import { chinaDate } from '../time.js';
import type { LineInput } from './plan-schema.js';
import type { PlanFit, SessionLine } from './types.js';

/** A valid document number that is nobody's, to ask about a plan before there are candidates. */
const NOBODYS_NUMBER = '11010519491231002X';

/** Concern candidates and not the plan, or belong to the one who is asked about in their place. */
const OF_CANDIDATES = 'CANDIDATE_';

/**
 * A line with the occupation's name and the level's framework, as the institution is accredited for it.
 * @throws YizhengError 422: `LEVEL_UNKNOWN`, `OCCUPATION_NAME_MISSING`, `OCCUPATION_NAME_MISMATCH`
 */
export function resolveLine(input: LineInput, context: IssueSheetContext): SessionLine {
  const granted = allowedOf(context.institution, context.view).flatMap(({ action }) => action.scope.level ?? []);
  const level = certificateKind(input.kind).frameworks.includes('mo-dsal')
    ? { framework: 'mo-dsal', value: input.level }
    : levelOfKind(input.level, input.kind, granted);
  if (level === undefined || findLevel(level) === undefined)
    throw new YizhengError('LEVEL_UNKNOWN', 'This kind of certificate has no such level.', {
      at: '/level',
      status: 422,
    });
  const { code, catalogueEdition, trade } = input.occupation;
  const known = findOccupation(code, catalogueEdition)?.name;
  const name = known ?? input.occupation.name;
  if (name === undefined)
    throw new YizhengError(
      'OCCUPATION_NAME_MISSING',
      'This occupation code is not in the table; give its name as the catalogue writes it.',
      { at: '/occupation/name', status: 422 },
    );
  if (input.occupation.name !== undefined && input.occupation.name !== name)
    throw new YizhengError('OCCUPATION_NAME_MISMATCH', `In the ${catalogueEdition} catalogue ${code} is ${name}.`, {
      at: '/occupation/name',
      status: 422,
    });
  return {
    kind: input.kind,
    occupation: { code, catalogueEdition, name, ...(trade !== undefined && { trade }) },
    level,
    method: input.method,
    standard: input.standard,
    standardType: input.standardType,
    ...(input.region !== undefined && { region: input.region }),
    ...(input.filing !== undefined && { filing: input.filing }),
    passMarks: input.passMarks,
  };
}

/**
 * Asks whether what an institution is accredited for covers a plan: everything issuing would ask today of somebody without a name, and
 * whether the scope is in force on the day of the session.
 */
export function fitOf(
  { id, heldOn, line }: { id: string; heldOn: string; line: SessionLine },
  context: IssueSheetContext,
): PlanFit {
  const today = chinaDate(context.now);
  const cells = cellsOf(line, { id, date: heldOn < today ? heldOn : today }, context);
  const columns = Object.keys(cells).map(placed);
  const raw = { row: 0, cells: Object.values(cells) };
  const read = readCells(columns, raw);
  const allowed = allowedOf(context.institution, context.view);
  const problems: PlanFit['problems'] = [];
  let isUnknown = false;
  const kind = kindOf(read);
  if (read.problems.length === 0 && kind !== undefined)
    try {
      checkExam(
        examOf(
          read.values,
          kind,
          allowed.flatMap(({ action }) => action.scope.level ?? []),
        ),
        context,
      );
    } catch (error) {
      if (!(error instanceof YizhengError)) throw error;
      isUnknown = error.status === 503;
      const checked = new RowChecker(columns, context).longWay(raw);
      if ('problems' in checked) problems.push(...checked.problems);
      if (problems.length === 0) problems.push({ code: error.code, parameters: {} });
    }
  else problems.push(...read.problems);
  if (heldOn > today && kind !== undefined)
    for (const { column, code, parameters } of scopeProblems(
      new Map([...read.values, ['issuedOn', heldOn]]),
      kind,
      context,
      allowed,
    ))
      if (!problems.some((known) => known.code === code)) problems.push({ column, code, parameters });
  const shown = problems
    .filter(({ code }) => !code.startsWith(OF_CANDIDATES))
    .map(({ column, value, code, parameters }) => ({
      ...(column !== undefined && { column }),
      ...(value !== undefined && { value }),
      code,
      parameters,
    }));
  return { answer: shown.length === 0 ? 'covered' : isUnknown ? 'unknown' : 'outside', problems: shown };
}

/** The cells of an issuing sheet a line fills, by column. */
export function lineCells(line: SessionLine, session: { id: string; date: string }): Record<string, string> {
  return {
    kind: line.kind,
    occupationCode: line.occupation.code,
    occupationName: line.occupation.name,
    trade: line.occupation.trade ?? '',
    catalogueEdition: line.occupation.catalogueEdition,
    level: levelWord(line.level),
    assessmentId: session.id,
    method: line.method,
    standard: line.standard,
    standardType: line.standardType,
    assessmentDate: session.date,
    batch: line.filing ?? '',
    region: line.region ?? '',
  };
}

function cellsOf(
  line: SessionLine,
  session: { id: string; date: string },
  { institution, view }: IssueSheetContext,
): Record<string, string> {
  const own = (view?.accreditations(institution.authority, institution.did) ?? []).find(
    ({ institutionCode, unifiedSocialCreditCode }) =>
      institutionCode === institution.code && unifiedSocialCreditCode !== undefined,
  );
  return {
    name: '某某',
    idNumber: NOBODYS_NUMBER,
    ...lineCells(line, session),
    certificateNumber: certificateKind(line.kind).numbered ? '' : 'A-1',
    employerCode: own?.unifiedSocialCreditCode ?? '',
    employerName: own?.unifiedSocialCreditCode === undefined ? '' : '某某',
  };
}

/** How a sheet writes a level. */
function levelWord(level: Level): string {
  return findLevelFramework(level.framework)?.values.find(({ value }) => value === level.value)?.nameZh ?? level.value;
}

function placed(key: string, index: number): PlacedColumn {
  const definition = findColumn(key);
  if (!definition) throw new TypeError(`no column ${key}`);
  return { column: key, letter: '', header: '', index, definition };
}
