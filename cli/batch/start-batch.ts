import { programName } from '../program-name.js';
import type { Call, CliContext } from '../context.js';
import type { ServiceClient } from '../service-client.js';
import { batchAnswer, readAnswer, type BatchAnswer } from './answers.js';
import { watchWords } from './batch-text.js';
import { batchPath, watchBatch } from './watch-batch.js';

/** What commands to come back with are written with. */
export interface Access {
  issuer: string;
  keyFile: string;
  /** Folder of the results. */
  out?: string;
}

/**
 * Confirms a checked batch and follows it to its end.
 * @returns how it ended; or, where it waits for a second person or the watcher left, how it stands and what to do then
 * @throws YizhengError what the service refuses with
 */
export async function startBatch(
  service: ServiceClient,
  { id, rows }: { id: string; rows: 'all' | 'good' },
  { issuer, keyFile, out }: Access,
  call: Call,
  context: CliContext,
): Promise<{ over: BatchAnswer } | { batch: BatchAnswer; text: string[] }> {
  const { say } = call;
  const access = `--issuer ${issuer} --key-file ${keyFile}`;
  const comeBack = [
    `  ${programName()} batch watch ${id} ${access}`,
    `  ${programName()} batch results ${id} --out ${out ?? say('<文件夹>', '<folder>')} ${access}`,
  ];
  const batch = readAnswer(
    batchAnswer,
    await service.json({ method: 'POST', path: `${batchPath(id)}/confirm`, body: { rows } }),
  );
  if (batch.state === 'waiting-approval')
    return {
      batch,
      text: [
        say('已提交,等待第二人批准:', 'Submitted; a second person must approve it:'),
        `  ${programName()} batch approve ${id} --issuer ${issuer} --key-file <${say('审批人的密钥文件', 'key file of the approver')}>`,
        say('批准后查看进度、领取结果:', 'Then follow it and fetch the results:'),
        ...comeBack,
      ],
    };
  const over = await watchBatch(service, id, watchWords(call), context);
  if (over) return { over };
  return {
    batch,
    text: [
      say(
        '已离开;服务端继续办理。回来看进度、领取结果:',
        'Left; the issuer goes on. To come back and to fetch the results:',
      ),
      ...comeBack,
      say('要停下来:', 'To stop it:'),
      `  ${programName()} batch cancel ${id} ${access}`,
    ],
  };
}
