import type { Command } from 'commander';
import { z } from 'zod';
import { NODE_CRYPTO } from '../../server/node-feed-crypto.js';
import { decodeReceiptQr, RECEIPT_PREFIX } from '../../shared/verdict/receipt-qr.js';
import { recheckReceipt, type ReceiptRecheck } from '../../shared/verdict/receipt-recheck.js';
import { rootsOf, viewOfThen } from '../../shared/verdict/receipt-roots.js';
import { MAX_RECEIPT_BYTES, parseReceipt, type Receipt } from '../../shared/verdict/receipt-schema.js';
import { receiptRows, recheckText } from '../../shared/verdict/receipt-text.js';
import { BUNDLE_LIMITS } from '../../shared/json/parse-json.js';
import type { CliContext } from '../context.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { packageVersion } from '../package-version.js';
import { readFileChecked, readInput } from '../read-input.js';
import { withTrustOptions } from '../trust-options.js';
import { loadTrust, trustOptions } from '../trust-state.js';

const recheckOptions = trustOptions.extend({ bundleThen: z.string().optional() });
const MARKS = { pass: '✔', fail: '✘', unknown: '?' } as const;

/** `yizheng recheck`: is a receipt intact, did the rules of its time say so, what would be said today; without network. */
export function registerRecheck(program: Command, context: CliContext): void {
  const command = program
    .command('recheck <receipt>')
    .summary('复核回执(可断网) · check a receipt again, offline')
    .description(
      '复核一份核验回执:是否完整、当时的规则是否这么说、今天怎么说。不联网。\n退出码:0 当时的结论得到证实;1 回执被改过或结论不符;2 没有当时的数据包,无法证实\n' +
        'Check a verification receipt again: is it intact, did the rules of that time say so, what would be said today. No network.\nExit code: 0 confirmed, 1 changed or not so, 2 cannot be confirmed without the bundle of that time',
    )
    .option('--bundle-then <file>', '当时的信任数据包 · trust bundle of that time')
    .option('--at <time>', '假定今天是这个时间 · as if today were then');
  withTrustOptions(command).action(
    context.act(async (call) => {
      const options = call.options(recheckOptions);
      const receipt = readReceipt(await readInput(call.args[0] ?? '-', context, MAX_RECEIPT_BYTES));
      const { view, now, state } = await loadTrust(options, context);
      const knownRoots = [
        ...(options.anchor === receipt.anchor.authority && options.anchorRoot ? [options.anchorRoot] : []),
        ...rootsOf(state, receipt.anchor.authority).map((root) => root.digestMultibase),
      ];
      const then =
        options.bundleThen === undefined
          ? undefined
          : viewOfThen(
              await readFileChecked(options.bundleThen, BUNDLE_LIMITS.maxBytes),
              receipt,
              knownRoots,
              NODE_CRYPTO,
            );
      const version = packageVersion();
      const recheck = await recheckReceipt(receipt, {
        trust: view,
        anchor: options.anchor,
        now,
        version,
        then,
        knownRoots,
      });
      const { answers, warnings } = recheckText(recheck, call.language);
      const marks = [MARKS[recheck.intact.answer], MARKS[recheck.then.answer], '·'];
      return {
        exitCode: exitCode(recheck),
        json: recheck,
        text: [
          ...answers.flatMap(({ title, answer, sentence, notes }, i) => [
            `${marks[i] ?? ''} ${title}  ${answer}`,
            `    ${sentence}`,
            ...notes.map((note) => `    · ${note}`),
          ]),
          ...warnings.map((warning) => `  ! ${warning}`),
          '',
          ...receiptRows(receipt, call.language).map(({ label, value }) => `  ${label}: ${value}`),
        ],
      };
    }),
  );
}

/** A receipt file, or the text of the code on a printed one. */
function readReceipt(input: Uint8Array | string): Receipt {
  const text = typeof input === 'string' ? input : new TextDecoder().decode(input.subarray(0, MAX_RECEIPT_BYTES));
  return text.startsWith(RECEIPT_PREFIX) ? decodeReceiptQr(text.trim()) : parseReceipt(input);
}

function exitCode({ intact, then }: ReceiptRecheck): ExitCode {
  if (intact.answer === 'fail' || then.answer === 'fail') return EXIT.refused;
  return then.answer === 'pass' ? EXIT.accepted : EXIT.undetermined;
}
