import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIssueSheet, type CheckedRow, type IssueSheetContext } from '../../../../issuer/batch/sheet/index.js';
import type { CellProblem } from '../../../../issuer/batch/types.js';
import type { OpenSheet } from '../../../../issuer/batch/sheet/index.js';
import { createTrustView, type TrustView } from '../../../../shared/trust/trust-view.js';
import type { Accreditation, Scope } from '../../../../shared/trust/types.js';

export const AUTHORITY = 'did:web:hrss.sc.example';
export const KEY = 'did:web:issuer.example:institutions:S000051000001#key-1';
export const INSTITUTION = {
  code: 'S000051000001',
  did: 'did:web:issuer.example:institutions:S000051000001',
  authority: AUTHORITY,
  name: '示例技能评价中心',
};
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A valid 18-character citizen number; `n` up to 300,000 makes it unique. */
export function citizenNumber(n: number): string {
  const day = String(1 + (Math.floor(n / 1000) % 28)).padStart(2, '0');
  const month = String(1 + (Math.floor(n / 28_000) % 12)).padStart(2, '0');
  const digits = `5101051990${month}${day}${String(n % 1000).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return `${digits}${'10X98765432'[sum % 11] ?? ''}`;
}

/** What the authority says, with a changed scope where wanted. */
export function viewWith(scope: Scope = {}): TrustView {
  const accreditation: Accreditation = {
    id: 'urn:yizheng:accreditation:1',
    authority: AUTHORITY,
    institution: INSTITUTION.did,
    legalName: INSTITUTION.name,
    institutionKind: 'social',
    institutionCode: INSTITUTION.code,
    unifiedSocialCreditCode: '91510000MA5U000001',
    signingKeys: [{ id: KEY, type: 'Multikey', publicKeyMultibase: 'z6Mk', validFrom: '2026-01-01T00:00:00+08:00' }],
    actions: [
      {
        action: 'issue',
        validFrom: '2026-01-01T00:00:00+08:00',
        validUntil: '2031-01-01T00:00:00+08:00',
        scope: {
          kind: ['skill-level', 'occ-qualification', 'special-operation', 'training-completion', 'competition-result'],
          occupation: ['6-18-*', '6-31-01-03'],
          level: ['5', '4', '3'].flatMap((value) => [
            { framework: 'cn-skill-5', value },
            { framework: 'cn-occ-qual', value },
          ]),
          region: ['51*'],
          candidates: 'public',
          ...scope,
        },
      },
    ],
  };
  return createTrustView(
    [
      {
        authority: AUTHORITY,
        name: '示例省人社厅',
        sequence: 1,
        manifestSha256: '',
        issuedAt: '2026-11-21T00:00:00Z',
        nextUpdate: '2026-11-22T00:00:00Z',
        staleAfter: '2026-12-21T00:00:00Z',
        accreditations: [accreditation],
        recognitions: [],
        events: [],
        reviews: [],
        supplyChain: [],
        statusLists: [],
      },
    ],
    AUTHORITY,
  );
}

/** What sheets are checked against in these tests. */
export function contextWith(changes: Partial<IssueSheetContext> = {}): IssueSheetContext {
  return {
    operation: 'issue',
    institution: INSTITUTION,
    view: viewWith(),
    verificationMethod: KEY,
    now: new Date('2026-11-21T09:00:00Z'),
    ...changes,
  };
}

/** Headers of {@link goodRow}. */
export const HEADER =
  '姓名,证件类型,证件号码,职业编码,工种,等级,考核计划编号,考核方式,考核标准,标准类型,考核日期,理论成绩,实操成绩'.split(
    ',',
  );

/** Cells of a row nothing is wrong with. */
export function goodRow(n = 1, changes: Record<string, string> = {}): string[] {
  const cells: Record<string, string> = {
    姓名: '张伟',
    证件类型: '居民身份证',
    证件号码: citizenNumber(n),
    职业编码: '6-18-02-04',
    工种: '电焊工',
    等级: '三级/高级工',
    考核计划编号: '2026-PJ-0001',
    考核方式: '考试',
    考核标准: 'GZB 6-18-02-04-2018',
    标准类型: '国家职业标准',
    考核日期: '2026-11-15',
    理论成绩: '80',
    实操成绩: '85.5',
    ...changes,
  };
  return HEADER.map((header) => cells[header] ?? '');
}

/** CSV text of rows, quoted where needed. */
export function csv(rows: readonly (readonly string[])[], delimiter = ','): string {
  const quoted = (cell: string): string => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((cells) => cells.map(quoted).join(delimiter)).join('\r\n') + '\r\n';
}

const folders: string[] = [];

/** Writes a file into a folder of its own. */
export async function fileOf(bytes: string | Uint8Array, name = 'sheet'): Promise<{ path: string; name: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'yizheng-sheet-'));
  folders.push(folder);
  const path = join(folder, 'upload');
  await writeFile(path, bytes);
  return { path, name };
}

/** Removes what {@link fileOf} wrote; call it after the tests. */
export async function removeFiles(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
}

/** Everything a sheet says. */
export interface Whole {
  sheet: OpenSheet<CheckedRow>;
  rows: CheckedRow[];
  problems: CellProblem[];
}

/** Reads a sheet to its end. */
export async function readWhole(bytes: string | Uint8Array, changes: Partial<IssueSheetContext> = {}): Promise<Whole> {
  const sheet = await openIssueSheet(await fileOf(bytes), contextWith(changes));
  const rows: CheckedRow[] = [];
  for await (const row of sheet.rows()) rows.push(row);
  return { sheet, rows, problems: rows.flatMap((row) => ('problems' in row ? row.problems : [])) };
}

/** `code at row letter` of each problem. */
export function places(problems: readonly CellProblem[]): string[] {
  return problems.map(({ code, row, letter }) => `${code} ${letter ?? ''}${row}`);
}

/** The letter of one of {@link HEADER}. */
export function letterOf(header: string): string {
  return String.fromCharCode(65 + HEADER.indexOf(header));
}

/** All bytes of a stream. */
export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
