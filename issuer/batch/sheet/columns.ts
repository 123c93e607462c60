import type { Column } from './column.js';
import { EXAM_COLUMNS } from './exam-columns.js';
import { KIND_COLUMNS } from './kind-columns.js';
import { STATUS_COLUMNS } from './status-columns.js';
import { asCertificateReference } from './value-readers.js';

/** Columns of a sheet of exam results, in the order of the template. */
export const ISSUE_COLUMNS: readonly Column[] = [...EXAM_COLUMNS, ...KIND_COLUMNS];

/** The certificate a row of corrections is about. */
const CORRECTS: Column = {
  key: 'corrects',
  zh: '原证书编号',
  en: 'Original certificate number',
  aliases: ['原证书号', '被更正证书编号'],
  need: 'always',
  as: 'code',
  read: asCertificateReference,
  format: { zh: '要更正的证书的编号', en: 'the number of the certificate to be corrected' },
  example: 'S000051000001263000001',
};

/** The columns of a sheet, by what it is for; corrections keep their number, so they have no column for a new one. */
export function columnsOf(operation: 'issue' | 'correct' | 'revoke' | 'suspend' | 'reinstate'): readonly Column[] {
  if (operation === 'issue') return ISSUE_COLUMNS;
  if (operation === 'correct') return [CORRECTS, ...ISSUE_COLUMNS.filter(({ key }) => key !== 'certificateNumber')];
  return STATUS_COLUMNS[operation];
}

const byKey = new Map([...ISSUE_COLUMNS, CORRECTS, ...STATUS_COLUMNS.revoke].map((column) => [column.key, column]));

/** The column with this key, or undefined. */
export function findColumn(key: string): Column | undefined {
  return byKey.get(key);
}
