import type { Command } from 'commander';
import { z } from 'zod';
import { STATUS_REASONS_OF, type StatusAction } from '../../shared/certificate/status-reasons.js';
import { YizhengError } from '../../shared/errors.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { EXIT } from '../exit-code.js';
import { serviceUrlOption } from '../option-schemas.js';
import { readSettings, variableOf } from '../serve/settings.js';
import { createServiceClient } from '../service-client.js';
import { withToken } from '../token-options.js';

const statusOptions = (action: StatusAction) =>
  z.object({ issuer: serviceUrlOption, keyFile: z.string(), reason: z.enum(STATUS_REASONS_OF[action]) });
const changed = z.object({
  id: z.string(),
  status: z.enum(['active', 'suspended', 'revoked']),
  statusReason: z.string().optional(),
  changed: z.boolean(),
});

/** `yizheng status …`: what happens to a certificate after it was issued. */
export function registerStatus(program: Command, context: CliContext): void {
  const status = program
    .command('status')
    .summary('撤销、暂停、恢复 · revoke, suspend, reinstate')
    .description(
      '改变一张证书的状态;核验方在下一个数据包里看到\nChange the status of a certificate; verifiers see it with the next bundle',
    );
  const add = (action: StatusAction, chinese: string, english: string): void => {
    status
      .command(`${action} <certificate>`)
      .summary(`${chinese} · ${english}`)
      .description(
        `${chinese};<certificate> 是证书编号或凭证 id\n${english}; <certificate> is a certificate number or credential id`,
      )
      .requiredOption('--issuer <url>', '机构地址 · address of the institution, https://<host>/institutions/<code>')
      .requiredOption('--key-file <file>', 'API 密钥文件,权限 0600 · file with the API key, mode 0600')
      .requiredOption('--reason <code>', `原因 · reason: ${STATUS_REASONS_OF[action].join(' | ')}`)
      .action(context.act((call) => changeStatus(call, action)));
  };
  add('revoke', '撤销(不可恢复)', 'Revoke, for ever');
  add('suspend', '暂停', 'Suspend');
  add('reinstate', '恢复', 'Reinstate');
  addExport(status, context);
}

function addExport(status: Command, context: CliContext): void {
  const command = status
    .command('export')
    .summary('把状态列表写成静态文件 · write the status lists as static files')
    .description(
      '在签发服务的机器上运行:把变了的状态列表签好,写到与网址相同的路径,供静态主机或 CDN 使用;没变的不动\n' +
        'Runs beside the issuer: signs the status lists that changed and writes them to the paths of their addresses, for a static host or ' +
        'CDN; what did not change is left alone',
    )
    .requiredOption('--out <folder>', '写到哪个文件夹 · folder to write to')
    .option('--base-url <url>', `签发服务的地址 · address of the issuer (${variableOf('baseUrl')})`)
    .option('--keystore <file>', `密钥库文件 · keystore file (${variableOf('keystore')})`)
    .option(
      '--passphrase-file <file>',
      `口令文件,权限 0600 · file with the passphrase, mode 0600 (${variableOf('passphraseFile')})`,
    ) // prettier-ignore
    .option('--passphrase-fd <number>', '口令的文件描述符 · open file descriptor with the passphrase')
    .option(
      '--database-url-file <file>',
      '写有数据库地址的文件,权限 0600;或用 DATABASE_URL · file with the database address, mode 0600; or DATABASE_URL',
    ); // prettier-ignore
  withToken(command, variableOf).action(
    context.act(async (call) => {
      const settings = readSettings('status-export', call, context);
      // The issuer is heavy; the other commands do not wait for it to load.
      const { exportStatusLists } = await import('../serve/export-status.js');
      const done = await exportStatusLists(settings, context);
      const late = done.overdue === 0 ? [] : [call.say(`✘ ${done.overdue} 个列表该签而没有签成;原因见日志。`, `✘ ${done.overdue} lists are due and could not be signed; the log says why.`)]; // prettier-ignore
      return {
        exitCode: done.overdue === 0 ? EXIT.accepted : EXIT.undetermined,
        json: done,
        text: [
          call.say(`✔ 写了 ${done.written.length} 个,共 ${done.lists} 个`, `✔ ${done.written.length} of ${done.lists} lists written`), // prettier-ignore
          ...late,
        ],
      };
    }),
  );
}

async function changeStatus(call: Call, action: StatusAction): Promise<CommandResult> {
  const { issuer, keyFile, reason } = call.options(statusOptions(action));
  const service = await createServiceClient(issuer, keyFile);
  const path = `/certificates/${encodeURIComponent(call.args[0] ?? '')}/status`;
  const answer = changed.safeParse(await service.json({ method: 'POST', path, body: { action, reason } }));
  if (!answer.success)
    throw new YizhengError('SERVICE_ANSWER', 'The service answered, but not as an issuer does.', { status: 502 });
  const { id, status } = answer.data;
  const names = {
    active: call.say('有效', 'active'),
    suspended: call.say('暂停', 'suspended'),
    revoked: call.say('已撤销', 'revoked'),
  };
  return {
    json: answer.data,
    text: `✔ ${id}: ${names[status]}${answer.data.changed ? '' : call.say('(本来如此)', ' (as before)')}`,
  };
}
