import type { Command } from 'commander';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { serviceUrlOption } from '../option-schemas.js';
import { createServiceClient } from '../service-client.js';

const SUITES = [
  'eddsa-rdfc-2022',
  'eddsa-jcs-2022',
  'ecdsa-rdfc-2019',
  'ecdsa-jcs-2019',
  'Ed25519Signature2020',
] as const;
const serviceOptions = z.object({ issuer: serviceUrlOption, keyFile: z.string() });
const createOptions = serviceOptions.extend({
  method: z.enum(['web', 'key']),
  cryptosuite: z.enum(SUITES),
  curve: z.enum(['P-256', 'P-384']).optional(),
  status: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(['revocation', 'suspension'])))
    .optional(),
});
const tenant = z.looseObject({
  name: z.string(),
  did: z.string(),
  cryptosuite: z.string(),
  statusPurposes: z.array(z.string()),
  issue: z.string(),
});

/** `yizheng vc-api …`: identities of the general VC service, beside the institutions. */
export function registerVcApi(program: Command, context: CliContext): void {
  const vcApi = program
    .command('vc-api')
    .summary('通用凭证接口的身份 · identities of the VC-API')
    .description(
      '管理通用凭证接口(W3C VC-API)的签发身份;它们能签任何凭证,唯独不能签技能证书\n' +
        'Identities that issue any credential through the W3C VC-API, but never a skill certificate',
    );

  onIssuer(vcApi, 'create <name>', '建立身份', 'Make an identity')
    .option('--method <method>', 'DID 的方法 · DID method: web | key', 'web')
    .option('--cryptosuite <suite>', `签名套件 · cryptosuite: ${SUITES.join(' | ')}`, 'eddsa-rdfc-2022')
    .option('--curve <curve>', 'ECDSA 的曲线,默认 P-256 · curve of ECDSA, P-256 unless given: P-256 | P-384')
    .option('--status <purposes>', '给凭证加的状态,逗号分隔 · status added, comma separated: revocation,suspension')
    .action(
      context.act(async (call) => {
        const { issuer, keyFile, status, curve, ...options } = call.options(createOptions);
        const service = await createServiceClient(issuer, keyFile);
        const made = tenant.safeParse(
          await service.json({
            method: 'POST',
            path: '/vc-api/tenants',
            body: {
              name: call.args[0] ?? '',
              ...options,
              ...(curve !== undefined && { curve }),
              ...(status !== undefined && { statusPurposes: status }),
            },
          }),
        );
        if (!made.success) throw notAnIssuer();
        return shown(call, [made.data], made.data);
      }),
    );

  onIssuer(vcApi, 'list', '列出身份', 'List identities').action(
    context.act(async (call) => {
      const { issuer, keyFile } = call.options(serviceOptions);
      const service = await createServiceClient(issuer, keyFile);
      const answer = z
        .object({ tenants: z.array(tenant) })
        .safeParse(await service.json({ method: 'GET', path: '/vc-api/tenants' }));
      if (!answer.success) throw notAnIssuer();
      return shown(call, answer.data.tenants, answer.data);
    }),
  );
}

function onIssuer(vcApi: Command, usage: string, chinese: string, english: string): Command {
  return vcApi
    .command(usage)
    .summary(`${chinese} · ${english}`)
    .description(`${chinese}\n${english}`)
    .requiredOption('--issuer <url>', '签发服务的地址 · address of the issuing service')
    .requiredOption('--key-file <file>', 'API 密钥文件,权限 0600 · file with the API key, mode 0600');
}

function shown({ say }: Call, tenants: readonly z.infer<typeof tenant>[], json: unknown): CommandResult {
  const lines = tenants.flatMap(({ name, did, cryptosuite, statusPurposes, issue }) => [
    `${name}  ${cryptosuite}  ${statusPurposes.join(', ')}`.trimEnd(),
    `  issuer  ${did}`,
    `  POST    ${issue}`,
  ]);
  return { json, text: lines.length === 0 ? say('还没有身份。', 'No identities yet.') : lines };
}

function notAnIssuer(): YizhengError {
  return new YizhengError('SERVICE_ANSWER', 'The service answered, but not as an issuer does.', { status: 502 });
}
