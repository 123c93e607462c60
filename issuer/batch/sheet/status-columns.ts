import type { StatusAction } from '../../../shared/certificate/status-reasons.js';
import type { Column } from './column.js';
import { words } from './column-parts.js';
import { asCertificateReference } from './value-readers.js';
import { reasonWords } from '../../../shared/sheet/words.js';

const CERTIFICATE: Column = {
  key: 'certificate',
  zh: '证书编号',
  en: 'Certificate number',
  aliases: ['证书号', '证书号码'],
  need: 'always',
  as: 'code',
  read: asCertificateReference,
  format: { zh: '证书上的编号', en: 'the number as it stands on the certificate' },
  example: 'S000051000001263000001',
};
const EXAMPLES: Readonly<Record<StatusAction, string>> = {
  revoke: '信息有误',
  suspend: '正在调查',
  reinstate: '已查清',
};

const columnsFor = (action: StatusAction): readonly Column[] => [
  CERTIFICATE,
  {
    key: 'reason',
    zh: '原因',
    en: 'Reason',
    aliases: ['理由', '撤销原因', '暂停原因', '恢复原因'],
    need: 'optional',
    ...words(reasonWords(action)),
    example: EXAMPLES[action],
  },
];

/** Columns of a sheet that revokes, suspends or reinstates; each takes the reasons that are grounds for it. */
export const STATUS_COLUMNS: Readonly<Record<StatusAction, readonly Column[]>> = {
  revoke: columnsFor('revoke'),
  suspend: columnsFor('suspend'),
  reinstate: columnsFor('reinstate'),
};
