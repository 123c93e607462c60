import type { Command } from 'commander';
import { z } from 'zod';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { createReceipt } from '../../shared/verdict/receipt.js';
import { rootOf } from '../../shared/verdict/receipt-roots.js';
import type { Headline } from '../../shared/verdict/types.js';
import { verdictText, type VerdictText } from '../../shared/verdict/verdict-text.js';
import type { CliContext } from '../context.js';
import { createFile } from '../create-file.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { packageVersion } from '../package-version.js';
import { readInput } from '../read-input.js';
import { withTrustOptions } from '../trust-options.js';
import { loadTrust, trustOptions } from '../trust-state.js';

const verifyOptions = trustOptions.extend({ receipt: z.string().optional(), checkedBy: z.string().optional() });
const EXIT_OF_HEADLINE: Readonly<Record<Headline, ExitCode>> = {
  accepted: EXIT.accepted,
  'accepted-with-conditions': EXIT.accepted,
  refused: EXIT.refused,
  undetermined: EXIT.undetermined,
};
const MARKS: Readonly<Record<Headline, string>> = {
  accepted: '✔',
  'accepted-with-conditions': '✔',
  refused: '✘',
  undetermined: '?',
};

/** `yizheng verify`: the five answers about one certificate, without network. */
export function registerVerify(program: Command, context: CliContext): void {
  const command = program
    .command('verify <file>')
    .summary('核验证书(可断网) · verify a certificate, offline')
    .description(
      '核验一张证书:JSON、二维码文字、二维码照片(PNG/JPEG)或 PDF;“-”从标准输入读取。不联网\n' +
        'Verify a certificate: JSON, QR text, photo of its QR code (PNG/JPEG) or PDF; "-" reads standard input. No network',
    )
    .option(
      '--receipt <file>',
      '把核验回执存到文件;已有的文件不覆盖 · keep the verification receipt; an existing file is not overwritten',
    )
    .option('--checked-by <text>', '回执上的核验人(姓名或部门) · who checked, for the receipt')
    .option('--at <time>', '假定核验时间,不更新已存信任数据 · as if it were then; what is held does not change');
  withTrustOptions(command).action(
    context.act(async (call) => {
      const options = call.options(verifyOptions);
      const [{ createCarrierIo }, { verifyOpened }] = await Promise.all([
        import('../../server/carrier-io.js'),
        import('../../shared/verdict/verify-opened.js'),
      ]);
      const opened = await openCarrier(await readInput(call.args[0] ?? '-', context), createCarrierIo());
      const { view, state, findings, now } = await loadTrust(options, context);
      for (const finding of findings) context.err(`! ${finding.code} ${finding.authority ?? ''} ${finding.detail}\n`);
      const verdict = await verifyOpened(opened, { trust: view, anchor: options.anchor, now });
      if (options.receipt !== undefined) {
        const version = packageVersion();
        const receipt = createReceipt({ verdict, json: opened.json, trust: view, anchorRoot: rootOf(state), version, checkedBy: options.checkedBy }); // prettier-ignore
        await createFile(options.receipt, `${JSON.stringify(receipt, null, 2)}\n`);
        context.err(`${call.say('回执已存到', 'Receipt kept in')} ${options.receipt}\n`);
      }
      return {
        exitCode: EXIT_OF_HEADLINE[verdict.headline],
        json: verdict,
        text: lines(MARKS[verdict.headline], verdictText(verdict, call.language)),
      };
    }),
  );
}

function lines(mark: string, text: VerdictText): string[] {
  const rows = (list: VerdictText['certificate']): string[] => list.map(({ label, value }) => `  ${label}: ${value}`);
  const section = (list: string[]): string[] => (list.length === 0 ? [] : ['', ...list]);
  return [
    `${mark} ${text.headline}`,
    ...text.conditions.map((condition) => `  · ${condition}`),
    ...section(rows(text.certificate)),
    '',
    ...text.questions.flatMap(({ title, answer, sentence, asOf, notes }) => [
      `  ${title}  ${answer}`,
      `    ${sentence}${asOf === '' ? '' : ` (${asOf})`}`,
      ...notes.map((note) => `    · ${note}`),
    ]),
    ...section(rows(text.context)),
    ...text.warnings.map((warning) => `  ! ${warning}`),
  ];
}
