import type { Command } from 'commander';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import { isJsonObject, parseJsonObject, type JsonValue } from '../../shared/json/parse-json.js';
import type { Language } from '../../shared/verdict/translator.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { codeSentence } from '../error-text.js';
import { exampleHelp, ACCREDITATION_EXAMPLE, EVENT_EXAMPLE, RECOGNITION_EXAMPLE } from '../examples.js';
import { serviceUrlOption } from '../option-schemas.js';
import { readInput } from '../read-input.js';
import { createServiceClient } from '../service-client.js';
import { registerRegistryExplain } from './registry-explain.js';
import { registerRegistryMap } from './registry-map.js';

/** What publishing could not take: a status list of an institution, or the feed of a partner. */
const problemForm = z.looseObject({
  institution: z.string().optional(),
  authority: z.string().optional(),
  url: z.string().optional(),
  code: z.string(),
});
const published = z.object({
  sequence: z.number(),
  nextUpdate: z.string(),
  staleAfter: z.string(),
  problems: z.array(problemForm),
});
const registryOptions = z.object({ registry: serviceUrlOption, keyFile: z.string() });

const waiting = z.object({
  id: z.string(),
  operation: z.string(),
  state: z.enum(['open', 'approved', 'rejected', 'stale']),
  proposedBy: z.string(),
  proposedAt: z.string(),
  urgentReason: z.string().optional(),
});
const CHANGES = z.enum(['accredit', 'recognise', 'event', 'root', 'dual-control']);
const CHANGE_ROUTES = {
  accredit: { method: 'POST', path: '/accreditations' },
  recognise: { method: 'POST', path: '/recognitions' },
  event: { method: 'POST', path: '/events' },
  root: { method: 'POST', path: '/root' },
  'dual-control': { method: 'PUT', path: '/dual-control' },
} as const;
const proposeOptions = registryOptions.extend({ idempotencyKey: z.string().min(8).max(128).optional() });
const proposalsOptions = registryOptions.extend({ state: waiting.shape.state });
const decideOptions = registryOptions.extend({ reason: z.string().min(1).max(200).optional() });

/** What an authority says, and where its registry takes it. */
const STATEMENTS = [
  {
    usage: 'accredit <file>',
    example: ACCREDITATION_EXAMPLE,
    path: '/accreditations',
    chinese: '备案一家评价机构',
    english: 'Accredit an institution',
  },
  {
    usage: 'recognise <file>',
    example: RECOGNITION_EXAMPLE,
    path: '/recognitions',
    chinese: '认可另一主管部门的证书(互认)',
    english: "Recognise another authority's certificates",
  },
  {
    usage: 'event <file>',
    example: EVENT_EXAMPLE,
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
  for (const { usage, path, chinese, english, example } of STATEMENTS)
    onRegistry(registry, usage, chinese, english)
      .addHelpText(
        'after',
        '\n<file> 是 JSON,“-”为标准输入;写法见登记服务的 /openapi.json\n<file> is JSON, "-" for standard input; see /openapi.json of the registry',
      )
      .addHelpText('after', exampleHelp(example))
      .action(context.act((call) => state(call, context, path)));
  onRegistry(
    registry,
    'propose <kind> <file>',
    '提出变更,等第二人批准:accredit、recognise、event、root、dual-control',
    'Propose a change for a second person to approve',
  )
    .option('--idempotency-key <key>', '重复请求用的名字 · name under which the request may be repeated')
    .action(context.act((call) => propose(call, context)));
  onRegistry(registry, 'proposals', '列出等待批准的变更', 'List what waits for a second person')
    .option('--state <state>', 'open | approved | rejected | stale', 'open')
    .action(context.act((call) => proposals(call)));
  onRegistry(registry, 'approve <proposal>', '批准他人提出的变更', 'Approve what another person proposed')
    .option('--reason <text>', '理由 · reason')
    .action(context.act((call) => decide(call, 'approve')));
  onRegistry(registry, 'reject <proposal>', '驳回变更,或撤回自己的', 'Reject a proposal, or withdraw one’s own')
    .requiredOption('--reason <text>', '理由 · reason')
    .action(context.act((call) => decide(call, 'reject')));
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
  const proposal = waiting.safeParse(statement);
  if (proposal.success) return waitsFor(call, statement, proposal.data);
  return {
    json: statement,
    text: [
      `✔ ${call.say('已登记', 'Recorded')} ${idOf(statement)}`,
      call.say('发布后生效:yizheng registry publish', 'It counts once published: yizheng registry publish'),
    ],
  };
}

async function propose(call: Call, context: CliContext): Promise<CommandResult> {
  const { registry, keyFile, idempotencyKey } = call.options(proposeOptions);
  const kind = CHANGES.safeParse(call.args[0]);
  if (!kind.success)
    throw new YizhengError('OPTION_INVALID', `Expected one of ${CHANGES.options.join(', ')}.`, { at: 'kind' });
  const body = parseJsonObject(await readInput(call.args[1] ?? '-', context));
  const service = await createServiceClient(registry, keyFile);
  const answer = await service.json({
    ...CHANGE_ROUTES[kind.data],
    body,
    ...(idempotencyKey !== undefined && { headers: { 'Idempotency-Key': idempotencyKey } }),
  });
  const proposal = waiting.safeParse(answer);
  if (proposal.success) return waitsFor(call, answer, proposal.data);
  return {
    json: answer,
    text: [
      `✔ ${call.say('已完成:这类变更不需要第二人', 'Done: this authority asks no second person for it')} ${idOf(answer)}`,
    ],
  };
}

async function proposals({ options, say }: Call): Promise<CommandResult> {
  const { registry, keyFile, state: wanted } = options(proposalsOptions);
  const service = await createServiceClient(registry, keyFile);
  const answer = await service.json({ method: 'GET', path: `/proposals?state=${wanted}` });
  const listed = z.object({ proposals: z.array(waiting) }).safeParse(answer);
  if (!listed.success) throw notARegistry();
  const rows = listed.data.proposals.map(
    ({ id, operation, proposedBy, proposedAt, urgentReason }) =>
      `${id}  ${operation}  ${proposedAt}  ${proposedBy}${urgentReason === undefined ? '' : `  ! ${urgentReason}`}`,
  );
  return { json: answer, text: rows.length > 0 ? rows : say('没有', 'none') };
}

async function decide({ args, options, say }: Call, how: 'approve' | 'reject'): Promise<CommandResult> {
  const { registry, keyFile, reason } = options(decideOptions);
  const service = await createServiceClient(registry, keyFile);
  const path = `/proposals/${encodeURIComponent(args[0] ?? '')}/${how}`;
  const answer = await service.json({ method: 'POST', path, body: reason === undefined ? {} : { reason } });
  const proposal = waiting.safeParse(answer);
  if (!proposal.success) throw notARegistry();
  const done = how === 'approve' ? say('已批准', 'Approved') : say('已驳回', 'Rejected');
  return { json: answer, text: [`✔ ${done} ${proposal.data.operation} ${proposal.data.id}`] };
}

function waitsFor({ say }: Call, json: JsonValue, { id, operation }: { id: string; operation: string }): CommandResult {
  return {
    json,
    text: [
      `… ${say('已提出,等待另一人批准', 'Proposed; it waits for another person')}: ${operation} ${id}`,
      `  yizheng registry approve ${id} --registry … --key-file …`,
    ],
  };
}

function notARegistry(): YizhengError {
  return new YizhengError('SERVICE_ANSWER', 'The service answered, but not as a registry does.', { status: 502 });
}

async function publish({ options, say, language }: Call): Promise<CommandResult> {
  const { registry, keyFile } = options(registryOptions);
  const service = await createServiceClient(registry, keyFile);
  const publication = await service.json({ method: 'POST', path: '/publish' });
  const shown = published.safeParse(publication);
  if (!shown.success) throw notARegistry();
  const { sequence, nextUpdate, staleAfter, problems } = shown.data;
  return {
    json: publication,
    text: [
      `✔ ${say('已发布', 'Published')} #${sequence}`,
      `  ${say('下次更新前', 'next update before')} ${nextUpdate},${say('可用至', 'good until')} ${staleAfter}`,
      ...problems.flatMap((problem) => problemLines(problem, language, say)),
      `  ${registry}/bundle.json`,
    ],
  };
}

/** Who, what is wrong and what to do; what was held before stays in use. */
function problemLines(
  { institution, authority, url, code }: z.infer<typeof problemForm>,
  language: Language,
  say: Call['say'],
): string[] {
  const what =
    authority === undefined
      ? say('机构的状态表没有收集到', 'status list of an institution not collected')
      : say('互认方的登记数据没有取到', 'feed of a partner not fetched');
  const remedy =
    authority === undefined
      ? say(
          '仍用上次收到的状态表;问题解决后再运行 yizheng registry publish。',
          'The list collected before stays in use; once that is mended run yizheng registry publish again.',
        )
      : say(
          '仍用上次取到的数据;问题解决后再运行 yizheng registry publish。',
          'What was fetched before stays in use; once that is mended run yizheng registry publish again.',
        );
  const sentence = codeSentence(code, language);
  return [
    `  ! ${what}: ${authority ?? institution ?? ''}${url === undefined ? '' : `  ${url}`}`,
    `    ${sentence === undefined ? '' : `${sentence} `}[${code}]`,
    `    ${remedy}`,
  ];
}

function idOf(statement: JsonValue): string {
  return isJsonObject(statement) && typeof statement['id'] === 'string' ? statement['id'] : '';
}
