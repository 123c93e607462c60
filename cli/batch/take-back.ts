import { parseCsvLine } from './csv-line.js';
import type { Call } from '../context.js';
import type { ServiceClient } from '../service-client.js';
import type { Terminal } from '../terminal.js';
import { batchAnswer, readAnswer, type BatchAnswer } from './answers.js';
import { count } from './batch-text.js';
import { batchPath } from './watch-batch.js';

/** Certificates a question names. */
const NAMED = 3;
/** Rows looked at to find them. */
const LOOKED_AT = 200;

/** Can what this batch does never be undone? */
export function isIrreversible({ operation }: Pick<BatchAnswer, 'operation'>): boolean {
  return operation === 'revoke' || operation === 'void-session';
}

/** Did the person say yes? */
export function isYes(answer: string): boolean {
  return /^(?:y|yes|是|好)$/i.test(answer);
}

/**
 * Asks before a batch revokes for ever: what, how many, the first of them by number and name, and that it cannot be undone.
 * @throws YizhengError what the service refuses with
 */
export async function askForEver(
  service: ServiceClient,
  batch: BatchAnswer,
  { say }: Pick<Call, 'say'>,
  terminal: Terminal,
): Promise<boolean> {
  const named = await firstCertificates(service, batch);
  const rest = batch.ready > named.length;
  const list = named.map((one) => `  ${one}\n`).join('') + (rest ? say('  ……\n', '  …\n') : '');
  const all = count(batch.ready);
  const left =
    batch.wrong === 0
      ? ''
      : say(`表格里有问题的 ${count(batch.wrong)} 行不办。\n`, `${count(batch.wrong)} wrong rows are left out.\n`);
  const question =
    batch.operation === 'void-session'
      ? say(
          `考核 ${batch.assessmentId ?? ''} 有 ${all} 张有效证书:\n${list}全部作废,不能恢复。确定作废?[y/N] `,
          `Assessment ${batch.assessmentId ?? ''} has ${all} certificates in force:\n${list}Void them all? This cannot be undone. [y/N] `,
        )
      : say(
          `将撤销 ${all} 张证书:\n${list}${left}撤销后不能恢复。确定撤销?[y/N] `,
          `${all} certificates will be revoked:\n${list}${left}Revoke them? This cannot be undone. [y/N] `,
        );
  return isYes(await terminal.ask(question));
}

/**
 * Cancels a batch that was not agreed to, so that nobody starts it by accident.
 * @returns how it stands, and what to say
 */
export async function standDown(
  service: ServiceClient,
  id: string,
  { say }: Pick<Call, 'say'>,
): Promise<{ batch: BatchAnswer; text: string }> {
  const path = `${batchPath(id)}/cancel`;
  return {
    batch: readAnswer(batchAnswer, await service.json({ method: 'POST', path })),
    text: say(
      '没有撤销任何证书;这一批已取消,不能再确认。',
      'No certificate was revoked; the batch is cancelled and cannot be confirmed any more.',
    ),
  };
}

/** Number and name of the first certificates of a batch that waits. */
async function firstCertificates(service: ServiceClient, { id }: BatchAnswer): Promise<string[]> {
  const { pieces } = await service.open({
    method: 'GET',
    path: `${batchPath(id)}/result.csv?to=${LOOKED_AT}&lang=en`,
    accept: '*/*',
  });
  const bytes: Uint8Array[] = [];
  for await (const piece of pieces) bytes.push(piece);
  const [, ...lines] = Buffer.concat(bytes).toString('utf8').split(/\r?\n/).map(parseCsvLine);
  return lines
    .filter(([, , number = '', state]) => number !== '' && state === 'waiting')
    .slice(0, NAMED)
    .map(([, name = '', number = '']) => `${number} ${name}`);
}
