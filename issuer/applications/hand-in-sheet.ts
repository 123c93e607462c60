import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateKind } from '../../shared/certificate/kind.js';
import { findLevel } from '../../shared/certificate/level.js';
import { csvText } from '../../shared/sheet/csv-text.js';
import { findColumn } from '../batch/sheet/columns.js';
import type { ApplicationRow } from './application-row.js';
import type { Remaining, Wanted } from './types.js';
import type { HandIn } from './wanted.js';

/** Row of the certificate in the sheet: the header is row 1. */
export const CERTIFICATE_ROW = 2;

/** Exams of which one alone says how the whole was held; every other part is an examination. */
const METHODS = { 'theory-exam': 'theory', 'practical-exam': 'practice' } as const;
const NO_EXAM = ['safety-training', 'hot-work-safety-exam'];

/** The cells of the certificate's row, by column key. A certificate can say how it was assessed; that parts were spared, the application keeps. */
export function rowOf(
  { name, id_type }: Pick<ApplicationRow, 'name' | 'id_type'>,
  wanted: Wanted,
  { assessment, results }: Remaining,
  handIn: HandIn,
): Record<string, string> {
  const { permit, employer } = handIn;
  const exams = results.filter(({ part }) => !NO_EXAM.includes(part));
  const [only] = exams;
  const method =
    exams.length === 1 && only && only.part in METHODS ? METHODS[only.part as keyof typeof METHODS] : 'examination';
  const score = (member: 'theoryScore' | 'practicalScore' | 'comprehensiveScore') =>
    results.find((result) => result[member] !== undefined)?.[member];
  const cells: Record<string, string | undefined> = {
    name,
    idType: id_type,
    idNumber: handIn.idNumber,
    kind: certificateKind(wanted.kind).nameZh,
    occupationCode: wanted.occupation,
    catalogueEdition: wanted.occupation === undefined ? undefined : '2022',
    trade: handIn.trade,
    level: wanted.level && findLevel(wanted.level)?.nameZh,
    assessmentId: assessment.id,
    method,
    standard: assessment.standard,
    standardType: assessment.standardType,
    assessmentDate: assessment.date,
    region: assessment.region,
    theoryScore: score('theoryScore'),
    practicalScore: score('practicalScore'),
    comprehensiveScore: score('comprehensiveScore'),
    issuedOn: handIn.issuedOn,
    expiresOn: handIn.expiresOn,
    certificateNumber: handIn.certificateNumber,
    employerCode: employer?.uscc,
    employerName: employer?.name,
    supplyChainAgreement: employer?.supplyChainAgreement,
    permitCategory: permit?.category,
    permitItem: wanted.item,
    permitFirstIssuedOn: permit?.firstIssuedOn,
    permitReviewBy: permit?.reviewBy,
  };
  return Object.fromEntries(Object.entries(cells).filter((cell): cell is [string, string] => cell[1] !== undefined));
}

/**
 * Writes the row as a sheet on a private disk, hands it to `work`, and removes it whatever comes of it.
 * @param cells by column key
 */
export async function withSheetOf<T>(
  cells: Readonly<Record<string, string>>,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'yizheng-application-'));
  try {
    const headers = Object.keys(cells).map((key) => findColumn(key)?.zh ?? key);
    const path = join(folder, 'sheet.csv');
    await writeFile(path, csvText([headers, Object.values(cells)]), { mode: 0o600, flag: 'wx' });
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
