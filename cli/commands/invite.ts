import type { Command } from 'commander';
import { z } from 'zod';
import { ROLES } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { serviceUrlOption } from '../option-schemas.js';
import { createServiceClient } from '../service-client.js';

const inviteOptions = z.object({
  issuer: serviceUrlOption.optional(),
  registry: serviceUrlOption.optional(),
  keyFile: z.string(),
  name: z.string().trim().min(1).max(100),
  roles: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(ROLES)).min(1)),
});
const invitationSchema = z.object({ token: z.string(), expiresAt: z.string() });

/** `yizheng invite`: somebody may come into the console of an institution or of an authority. */
export function registerInvite(program: Command, context: CliContext): void {
  program
    .command('invite')
    .summary('邀请人员 · invite a person')
    .description(
      '邀请一个人进入评价机构或主管部门的工作台:给出链接,七天内有效,只能用一次,只显示这一次\n' +
        'Invite a person to the console of an institution or an authority: gives a link, good for seven days, once, and shown only now',
    )
    .option('--issuer <url>', '机构地址 · address of the institution, https://<host>/institutions/<code>')
    .option('--registry <url>', '主管部门地址 · address of the authority, https://<host>/authorities/<name>')
    .requiredOption(
      '--key-file <file>',
      '管理员的 API 密钥文件,权限 0600 · file with an administrator’s API key, mode 0600',
    )
    .requiredOption('--name <name>', '同事认识的名字 · the name colleagues know')
    .requiredOption('--roles <list>', `角色 · roles: ${ROLES.join(',')}`)
    .action(context.act((call) => inviteOne(call)));
}

async function inviteOne(call: Call): Promise<CommandResult> {
  const { issuer, registry, keyFile, name, roles } = call.options(inviteOptions);
  const tenant = issuer ?? registry;
  if (tenant === undefined || (issuer !== undefined && registry !== undefined))
    throw new YizhengError('OPTION_INVALID', 'Give either --issuer or --registry.', { at: '--issuer' });
  const service = await createServiceClient(tenant, keyFile);
  const answer = invitationSchema.safeParse(
    await service.json({ method: 'POST', path: '/invitations', body: { name, roles } }),
  );
  if (!answer.success)
    throw new YizhengError('SERVICE_ANSWER', 'The service answered something else; is it an issuer or a registry?', {
      status: 502,
    });
  const { token, expiresAt } = answer.data;
  const address = `${new URL(tenant).origin}/#invitation=${token}`;
  return {
    json: { address, expiresAt },
    text: [
      call.say(
        `✔ 请把这个链接当面或用可靠方式交给${name}(有效到 ${expiresAt.slice(0, 10)},只能用一次):`,
        `✔ Hand this link to ${name} in person or by a way you trust (until ${expiresAt.slice(0, 10)}, once):`,
      ),
      `  ${address}`,
    ],
  };
}
