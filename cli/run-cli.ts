import { Command, CommanderError } from 'commander';
import { YizhengError } from '../shared/errors.js';
import { registerBatch } from './commands/batch.js';
import { registerBundle } from './commands/bundle.js';
import { registerInspect } from './commands/inspect.js';
import { registerIssue } from './commands/issue.js';
import { registerJose } from './commands/jose.js';
import { registerKeys } from './commands/keys.js';
import { registerInvite } from './commands/invite.js';
import { registerOffer } from './commands/offer.js';
import { registerRecheck } from './commands/recheck.js';
import { registerRegistry } from './commands/registry.js';
import { registerStatus } from './commands/status.js';
import { registerTenant } from './commands/tenant.js';
import { registerVcApi } from './commands/vc-api.js';
import { registerVerifier } from './commands/verifier-export.js';
import { registerVerify } from './commands/verify.js';
import type { CliContext } from './context.js';
import { errorText } from './error-text.js';
import { EXAM_RESULT_EXAMPLE, exampleHelp } from './examples.js';
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.js';
import { chooseLanguage } from './language.js';
import { packageVersion } from './package-version.js';

const EXIT_HELP = `
退出码 Exit codes: 0 认可/完成 accepted · 1 不予认可/被拒 refused · 2 无法判断 undetermined · 3 用法或输入错误 usage or input error`;

/**
 * Runs the `yizheng` command.
 * @param argv arguments without program name
 * @returns the exit code; never throws
 */
export async function runCli(argv: readonly string[], context: CliContext): Promise<ExitCode> {
  const program = await createProgram(context, argv);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.accepted : EXIT.input;
    const language = chooseLanguage(program.opts()['lang'], context.environment);
    if (program.opts()['json'] === true) context.out(`${JSON.stringify({ error: errorJson(error) }, null, 2)}\n`);
    else context.err(`${errorText(error, language)}\n`);
    return exitCodeOf(error);
  }
}

async function createProgram(context: CliContext, argv: readonly string[]): Promise<Command> {
  const program = new Command('yizheng')
    .description('一证:签发、核验技能证书\nIssue and verify skill certificates, mutually recognised, also offline')
    .version(packageVersion(), '-V, --version', '版本 · print the version')
    .helpOption('-h, --help', '帮助 · show help')
    .helpCommand('help [command]', '某个命令的帮助 · help for a command')
    .option('--json', '输出 JSON,供程序使用 · print JSON for machines')
    .option('--lang <language>', '语言 · language: zh-CN | en')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_HELP)
    .showHelpAfterError('(--help 查看用法 · for usage)')
    .exitOverride()
    .configureOutput({ writeOut: context.out, writeErr: context.err });
  registerIssue(program, context);
  program.commands
    .find((command) => command.name() === 'issue')
    ?.addHelpText('after', exampleHelp(EXAM_RESULT_EXAMPLE));
  registerOffer(program, context);
  registerInvite(program, context);
  registerBatch(program, context);
  registerVerify(program, context);
  registerVerifier(program, context);
  registerRecheck(program, context);
  registerInspect(program, context);
  registerStatus(program, context);
  registerKeys(program, context);
  registerTenant(program, context);
  registerRegistry(program, context);
  registerBundle(program, context);
  registerJose(program, context);
  registerVcApi(program, context);
  await registerServeCommand(program, context, argv);
  await registerUpCommand(program, context, argv);
  return program;
}

/** The demo pulls in all services; other commands must not wait for them to load. */
async function registerUpCommand(program: Command, context: CliContext, argv: readonly string[]): Promise<void> {
  if (argv.includes('up')) {
    const { registerUp } = await import('./up.js');
    registerUp(program, context);
  } else {
    program
      .command('up')
      .summary('运行示例联盟 · run the demo alliance')
      .description('运行示例联盟:两省互认,一省不认\nRun the demo alliance on this machine');
  }
}

/** Likewise the services themselves. */
async function registerServeCommand(program: Command, context: CliContext, argv: readonly string[]): Promise<void> {
  if (argv.some((argument) => argument === 'serve' || argument === 'admin-key')) {
    const { registerServe } = await import('./commands/serve.js');
    registerServe(program, context);
  } else {
    program
      .command('serve')
      .summary('运行服务 · run a service')
      .description(
        '运行签发服务、批量处理、登记簿或核验服务\nRun an issuer, a worker for batches, a registry or a verifier',
      );
    program
      .command('admin-key')
      .summary('第一个管理密钥 · first key of an administrator')
      .description('为服务建立管理员的 API 密钥\nMake an API key for the administrator of a service');
  }
}

function errorJson(error: unknown): { code: string; message: string; at?: string } {
  if (!(error instanceof YizhengError)) return { code: 'INTERNAL', message: 'Something went wrong inside yizheng.' };
  return { code: error.code, message: error.message, ...(error.at === undefined ? {} : { at: error.at }) };
}
