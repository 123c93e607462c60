import type { Command } from 'commander';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { serviceUrlOption } from '../option-schemas.js';
import { createServiceClient } from '../service-client.js';

/** Why a certificate may change so. */
const REASONS = {
  revoke: ['error', 'fraud', 'superseded', 'batch-void', 'holder-request'],
  suspend: ['investigation', 'holder-request'],
  reinstate: ['cleared', 'holder-request'],
} as const;

type Action = keyof typeof REASONS;

const statusOptions = (action: Action) =>
  z.object({ issuer: serviceUrlOption, keyFile: z.string(), reason: z.enum(REASONS[action]) });
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
  const add = (action: Action, chinese: string, english: string): void => {
    status
      .command(`${action} <certificate>`)
      .summary(`${chinese} · ${english}`)
      .description(
        `${chinese};<certificate> 是证书编号或凭证 id\n${english}; <certificate> is a certificate number or credential id`,
      )
      .requiredOption('--issuer <url>', '机构地址 · address of the institution, https://<host>/institutions/<code>')
      .requiredOption('--key-file <file>', 'API 密钥文件,权限 0600 · file with the API key, mode 0600')
      .requiredOption('--reason <code>', `原因 · reason: ${REASONS[action].join(' | ')}`)
      .action(context.act((call) => changeStatus(call, action)));
  };
  add('revoke', '撤销(不可恢复)', 'Revoke, for ever');
  add('suspend', '暂停', 'Suspend');
  add('reinstate', '恢复', 'Reinstate');
}

async function changeStatus(call: Call, action: Action): Promise<CommandResult> {
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
