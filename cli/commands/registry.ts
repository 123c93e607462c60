import type { Command } from 'commander';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import { isJsonObject, parseJsonObject, type JsonValue } from '../../shared/json/parse-json.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { serviceUrlOption } from '../option-schemas.js';
import { readInput } from '../read-input.js';
import { createServiceClient } from '../service-client.js';
import { registerRegistryExplain } from './registry-explain.js';
import { registerRegistryMap } from './registry-map.js';

const published = z.object({
  sequence: z.number(),
  nextUpdate: z.string(),
  staleAfter: z.string(),
  problems: z.array(z.unknown()),
});
const registryOptions = z.object({ registry: serviceUrlOption, keyFile: z.string() });

/** What an authority says, and where its registry takes it. */
const STATEMENTS = [
  {
    usage: 'accredit <file>',
    path: '/accreditations',
    chinese: '备案一家评价机构',
    english: 'Accredit an institution',
  },
  {
    usage: 'recognise <file>',
    path: '/recognitions',
    chinese: '认可另一主管部门的证书(互认)',
    english: "Recognise another authority's certificates",
  },
  {
    usage: 'event <file>',
    path: '/events',
    chinese: '公布事件:暂停、退出、密钥泄露、拒绝认可',
    english: 'Publish an event: suspension, withdrawal, revoked key, denial',
  },
] as const;

/** `yizheng registry …`: an authority's registry over HTTP. */
export function registerRegistry(program: Command, context: CliContext): void {
  const registry = program
    .command('registry')
    .summary('主管部门的登记簿 · registry of an authority')
    .description(
      '主管部门:备案机构、认可他处、公布事件、发布登记簿\n' +
        'An authority accredits institutions, recognises others, publishes events and its registry',
    );
  for (const { usage, path, chinese, english } of STATEMENTS)
    onRegistry(registry, usage, chinese, english)
      .addHelpText(
        'after',
        '\n<file> 是 JSON,“-”为标准输入;写法见登记服务的 /openapi.json\n<file> is JSON, "-" for standard input; see /openapi.json of the registry',
      )
      .action(context.act((call) => state(call, context, path)));
  onRegistry(
    registry,
    'publish',
    '收集状态列表,发布登记簿和数据包',
    'Collect status lists, publish registry and bundle',
  ).action(context.act((call) => publish(call)));
  registerRegistryExplain(registry, context);
  registerRegistryMap(registry, context);
}

function onRegistry(registry: Command, usage: string, chinese: string, english: string): Command {
  return registry
    .command(usage)
    .summary(`${chinese} · ${english}`)
    .description(`${chinese}\n${english}`)
    .requiredOption('--registry <url>', '登记簿地址 · address of the registry, https://<host>/authorities/<name>')
    .requiredOption('--key-file <file>', 'API 密钥文件,权限 0600 · file with the API key, mode 0600');
}

async function state(call: Call, context: CliContext, path: string): Promise<CommandResult> {
  const { registry, keyFile } = call.options(registryOptions);
  const body = parseJsonObject(await readInput(call.args[0] ?? '-', context));
  const service = await createServiceClient(registry, keyFile);
  const statement = await service.json({ method: 'POST', path, body });
  return {
    json: statement,
    text: [
      `✔ ${call.say('已登记', 'Recorded')} ${idOf(statement)}`,
      call.say('发布后生效:yizheng registry publish', 'It counts once published: yizheng registry publish'),
    ],
  };
}

async function publish({ options, say }: Call): Promise<CommandResult> {
  const { registry, keyFile } = options(registryOptions);
  const service = await createServiceClient(registry, keyFile);
  const publication = await service.json({ method: 'POST', path: '/publish' });
  const shown = published.safeParse(publication);
  if (!shown.success)
    throw new YizhengError('SERVICE_ANSWER', 'The service answered, but not as a registry does.', { status: 502 });
  const { sequence, nextUpdate, staleAfter, problems } = shown.data;
  return {
    json: publication,
    text: [
      `✔ ${say('已发布', 'Published')} #${sequence}`,
      `  ${say('下次更新前', 'next update before')} ${nextUpdate},${say('可用至', 'good until')} ${staleAfter}`,
      ...problems.map((problem) => `  ! ${say('没有收集到', 'not collected')}: ${JSON.stringify(problem)}`),
      `  ${registry}/bundle.json`,
    ],
  };
}

function idOf(statement: JsonValue): string {
  return isJsonObject(statement) && typeof statement['id'] === 'string' ? statement['id'] : '';
}
