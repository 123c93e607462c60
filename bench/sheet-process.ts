import type { DatabaseKind } from '../test/database/fresh-database.js';
import { issueSheet } from './end-to-end.js';

const [, , kind = '', rows = '', warmUp = ''] = process.argv;
process.send?.(await issueSheet(kind as DatabaseKind, Number(rows), Number(warmUp)));
process.disconnect();
