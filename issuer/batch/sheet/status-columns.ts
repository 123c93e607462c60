import type { Column } from './column.js';
import { words } from './column-parts.js';
import { asCertificateReference } from './value-readers.js';
import { REASON_WORDS } from './words.js';

/** Columns of a sheet that revokes, suspends or reinstates. */
export const STATUS_COLUMNS: readonly Column[] = [
  {
    key: 'certificate',
    zh: '证书编号',
    en: 'Certificate number',
    aliases: ['证书号', '证书号码'],
    need: 'always',
    as: 'code',
    read: asCertificateReference,
    format: { zh: '证书上的编号', en: 'the number as it stands on the certificate' },
    example: 'S000051000001263000001',
  },
  {
    key: 'reason',
    zh: '原因',
    en: 'Reason',
    aliases: ['理由', '撤销原因', '暂停原因', '恢复原因'],
    need: 'optional',
    ...words(REASON_WORDS),
    example: '信息有误',
  },
];
