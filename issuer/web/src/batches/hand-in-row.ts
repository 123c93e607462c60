import { csvText } from '../../../../shared/sheet/csv-text.js';
import { call } from '../api/call.js';
import { batchSchema, type Batch, type Operation } from './schemas.js';

/** Columns of the sheet by their Chinese header, and what stands in them. */
export type SheetRow = Readonly<Record<string, string>>;

/**
 * Hands in a single row the way a sheet is: the same checks, the same second person, the same record.
 * @param path of the institution
 * @param key names the act, so that sending it again makes no second batch
 */
export function handInRow(
  path: string,
  operation: Operation,
  row: SheetRow,
  key: string,
  name: string,
): Promise<Batch> {
  const filled = Object.entries(row).filter(([, value]) => value !== '');
  const text = csvText([filled.map(([header]) => header), filled.map(([, value]) => value)]);
  const body = new FormData();
  body.set('operation', operation);
  body.set('file', new File([text], `${name}.csv`, { type: 'text/csv' }));
  return call(`${path}/batches`, batchSchema, { method: 'POST', body, idempotencyKey: key });
}
