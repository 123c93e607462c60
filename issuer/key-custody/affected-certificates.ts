import type { Knex } from 'knex';
import { writeCsv } from '../batch/sheet/write-csv.js';

const PAGE = 1000;

interface Row {
  id: string;
  number: string;
  revision: number;
  kind: string;
  status: string;
  assessment: string | null;
  proof_created: string;
}

const HEADER = ['证书编号 number', '版次 revision', '种类 kind', '考核 assessment', '签名时间 signed at', '状态 status', '泄露之后 since the loss', '处理 to do']; // prettier-ignore

/**
 * Every certificate a key signed, as CSV: number, kind, assessment, when, status and what is to be done; no names and no document numbers.
 * @param since instant of the loss, RFC 3339 UTC with whole seconds
 */
export function affectedCertificates(
  knex: Knex,
  of: { institution: string; keyId: string; since: string },
): AsyncGenerator<Uint8Array> {
  return writeCsv(rowsOf(knex, of));
}

async function* rowsOf(
  knex: Knex,
  { institution, keyId, since }: { institution: string; keyId: string; since: string },
): AsyncGenerator<readonly string[]> {
  yield HEADER;
  for (let last = ''; ;) {
    const rows = await knex<Row & { institution: string; key_id: string; state: string }>('certificates')
      .where({ institution, key_id: keyId, state: 'issued' })
      .where('id', '>', last)
      .orderBy('id')
      .limit(PAGE)
      .select('id', 'number', 'revision', 'kind', 'assessment', 'proof_created', 'status');
    for (const row of rows) {
      const isSince = row.proof_created >= since;
      yield [
        row.number,
        String(row.revision),
        row.kind,
        row.assessment ?? '',
        row.proof_created,
        row.status,
        isSince ? '是 yes' : '否 no',
        toDo(row.status, isSince),
      ];
    }
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.id ?? '';
  }
}

function toDo(status: string, isSince: boolean): string {
  if (status === 'revoked') return '已撤销,不用补发 revoked, nothing';
  return isSince ? '先对照考核档案,属实再补发 check against the records, then re-issue' : '用新密钥补发 re-issue';
}
