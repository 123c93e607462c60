import type { Command } from 'commander';
import { STATUS_REASONS_OF } from '../../shared/certificate/status-reasons.js';
import { confirmBatch, voidSession } from '../batch/confirm-batch.js';
import { actOnBatch, compareSheet, listBatches } from '../batch/manage-batch.js';
import { withResults, withService } from '../batch/options.js';
import { resultsOfBatch, watchCommand } from '../batch/results-command.js';
import { checkSheet, runSheet, type SheetOperation } from '../batch/run-sheet.js';
import { fetchTemplate, TEMPLATE_OPERATIONS } from '../batch/template-command.js';
import type { CliContext } from '../context.js';

/** `yizheng batch …`: many certificates from one sheet, and many changes at once. */
export function registerBatch(program: Command, context: CliContext): void {
  const batch = program
    .command('batch')
    .summary('批量签发与变更 · many certificates at once')
    .description(
      '一张表格签发(或撤销、暂停、更正)许多证书:先逐格检查,确认后办理,可随时离开再回来\n' +
        'Issue, revoke, suspend or correct many certificates from one sheet: every cell is checked first, then it runs; leave and come back at any time',
    );
  const add = (usage: string, chinese: string, english: string): Command =>
    withService(batch.command(usage).summary(`${chinese} · ${english}`).description(`${chinese}\n${english}`));

  add('template [operation]', '下载空白表格和填写说明', 'Download the sheet to fill in, with explanations')
    .option(
      '--out <file>',
      `写到哪个文件,.xlsx 或 .csv · file to write, .xlsx or .csv; operations: ${TEMPLATE_OPERATIONS.join(', ')}`,
      'template.xlsx',
    )
    .action(context.act((call) => fetchTemplate(call)));

  add('check <sheet>', '只检查,不签发:逐格列出问题', 'Check only: names every wrong cell, issues nothing')
    .option('--out <folder>', '问题清单写到哪个文件夹 · folder for the sheet of wrong cells')
    .action(context.act((call) => checkSheet(call, context, 'issue')));

  const sheet = (name: string, operation: SheetOperation, chinese: string, english: string): Command =>
    withResults(add(`${name} <sheet>`, chinese, english))
      .option('--yes', '不再询问;有任何一格不对就不办 · do not ask; nothing is done when any cell is wrong')
      .option('--good-rows', '不再询问;只办没有问题的行 · do not ask; go on with the good rows only')
      .action(context.act((call) => runSheet(call, context, operation)));
  sheet('run', 'issue', '检查、确认、签发、下载结果,一次办完', 'Check, confirm, issue and fetch the results in one go');
  sheet('correct', 'correct', '按表格更正并重发', 'Correct and re-issue by a sheet');
  for (const [name, chinese, english] of [
    ['revoke', '按表格撤销(不可恢复)', 'Revoke by a sheet, for ever'],
    ['suspend', '按表格暂停', 'Suspend by a sheet'],
    ['reinstate', '按表格恢复', 'Reinstate by a sheet'],
  ] as const)
    sheet(name, name, chinese, english).option(
      '--reason <code>',
      `表格没写原因的行用这个 · reason of rows that name none: ${STATUS_REASONS_OF[name].join(' | ')}`,
    );

  add('void-session <assessment>', '一场考核全部作废', 'Void all certificates of one assessment')
    .option('--yes', '不再询问 · do not ask')
    .action(context.act((call) => voidSession(call, context)));
  add('confirm <batch>', '确认一个已检查的批次,看到办完', 'Confirm a batch that was checked, and follow it to its end')
    .option('--good-rows', '只办没有问题的行 · go on with the good rows only')
    .option('--yes', '撤销、作废不再询问 · do not ask before certificates are revoked')
    .action(context.act((call) => confirmBatch(call, context)));
  add(
    'same-sheet <batch> <sheet>',
    '核对一份文件是不是这一批的原表',
    'Check whether a file is the one a batch was made from',
  ).action(context.act((call) => compareSheet(call)));
  add('list', '列出批次', 'List batches').action(context.act((call) => listBatches(call)));
  add(
    'watch <batch>',
    '看进度,直到办完;Ctrl-C 只离开,不停止',
    'Follow a batch to its end; Ctrl-C leaves and does not stop it',
  ).action(context.act((call) => watchCommand(call, context)));
  for (const [name, chinese, english] of [
    ['approve', '批准(须是另一个人)', 'Approve; must be another person than who uploaded it'],
    ['pause', '暂停办理', 'Pause'],
    ['resume', '继续办理', 'Go on'],
    ['cancel', '取消;已签发的仍有效', 'Cancel; what was issued stays issued'],
  ] as const)
    add(`${name} <batch>`, chinese, english).action(context.act((call) => actOnBatch(call, name)));
  withResults(
    add('results <batch>', '下载结果表、批次记录和压缩包', 'Fetch result sheet, batch record and ZIP'),
  ).action(context.act((call) => resultsOfBatch(call, context)));
}
