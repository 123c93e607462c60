import type { DatabaseKind } from '../test/database/fresh-database.js';
import { issueSheets } from './end-to-end.js';

const [, , kind = '', rows = '', sheets = '', warmUp = ''] = process.argv;
process.send?.(
  await issueSheets(kind as DatabaseKind, Number(rows), { sheets: Number(sheets), warmUp: Number(warmUp) }),
);
process.disconnect();
