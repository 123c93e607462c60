import type { Command } from 'commander';
import { YizhengError } from '../../shared/errors.js';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { explain, type Explanation, type ExplanationStep } from '../../shared/trust/explain.js';
import type { Decision } from '../../shared/trust/types.js';
import {
  askCertificate,
  decideOptionsOf,
  type CertificateQuestion,
} from '../../shared/verdict/certificate-question.js';
import type { Headline } from '../../shared/verdict/types.js';
import { verdictText } from '../../shared/verdict/verdict-text.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { didOption } from '../option-schemas.js';
import { readInput } from '../read-input.js';
import { withTrustOptions } from '../trust-options.js';
import { loadTrust, trustOptions } from '../trust-state.js';

const EXIT_OF_HEADLINE: Readonly<Record<Headline, ExitCode>> = {
  accepted: EXIT.accepted,
  'accepted-with-conditions': EXIT.accepted,
  refused: EXIT.refused,
  undetermined: EXIT.undetermined,
};
const MARKS: Readonly<Record<ExitCode, string>> = { 0: '✔', 1: '✘', 2: '?', 3: '!' };
const STEP_MARKS: Readonly<Record<ExplanationStep['type'], string>> = {
  recognition: '→',
  accreditation: '→',
  refusal: '✘',
  event: '!',
  result: '=',
  warning: '!',
  note: '·',
};

/** `yizheng registry explain`: why a certificate or an issuer is recognised or not, and what would have to change. Without network. */
export function registerRegistryExplain(registry: Command, context: CliContext): void {
  const command = registry
    .command('explain <what>')
    .summary('解释为什么认可或不认可 · explain why something is recognised or not')
    .description(
      '逐条说明认可的依据:哪份声明、谁说的、起止、效果、还欠什么;不认可时说明哪条规则没满足、须改变什么\n' +
        'Explain the path: which statement, by whom, since when, what it grants, what is owed; for a refusal what would have to change',
    )
    .addHelpText(
      'after',
      '\n<what> 是证书(JSON、二维码文字、照片、PDF,“-”为标准输入)或发证机构、主管部门的 DID\n' +
        '<what> is a certificate (JSON, QR text, photo, PDF, "-" for standard input) or the DID of an issuer or authority',
    )
    .option('--at <time>', '假定时间 · as if it were then');
  withTrustOptions(command).action(context.act((call) => explainWhat(call, context)));
}

async function explainWhat(call: Call, context: CliContext): Promise<CommandResult> {
  const options = call.options(trustOptions);
  const what = call.args[0] ?? '-';
  const asked = what.startsWith('did:') ? didArgument(what) : undefined;
  const opened = asked === undefined ? await open(what, context) : undefined;
  const { view, findings, now } = await loadTrust(options, context);
  for (const finding of findings) context.err(`! ${finding.code} ${finding.authority ?? ''} ${finding.detail}\n`);
  const { anchor } = options;
  const { language } = call;
  if (!opened) {
    const explanation = explain(asked ?? what, view, { anchor, now, language });
    return { json: explanation, text: lines(undefined, explanation, call) };
  }
  const question = await askCertificate(opened, { trust: view, anchor, now });
  const text = verdictText(question.verdict, language);
  const explanation: Explanation = question.facts
    ? explain(question.facts, view, { anchor, now, language, ...decideOptionsOf(question) })
    : { headline: text.questions[0]?.sentence ?? text.headline, steps: [], wouldHaveToChange: [] };
  const exitCode = exitCodeOf(question, explanation.decision);
  const others = text.questions
    .filter(({ question: name }) => name !== 'recognised' && name !== 'holder')
    .filter(({ question: name }) => question.verdict.questions[name].answer !== 'pass')
    .map(({ title, answer, sentence }) => `  ! ${title} ${answer}:${sentence}`);
  return {
    exitCode,
    json: { headline: question.verdict.headline, explanation, questions: question.verdict.questions },
    text: [...lines(MARKS[exitCode], explanation, call), ...(others.length > 0 ? ['', ...others] : [])],
  };
}

/** The verdict's exit code; a refusal of the decision alone counts as well. */
function exitCodeOf({ verdict }: CertificateQuestion, decision: Decision | undefined): ExitCode {
  return decision?.outcome === 'not-recognised' ? EXIT.refused : EXIT_OF_HEADLINE[verdict.headline];
}

function didArgument(text: string): string {
  const did = didOption.safeParse(text);
  if (did.success) return did.data;
  throw new YizhengError('OPTION_INVALID', 'Expected a certificate file or a DID.', { at: 'what' });
}

async function open(what: string, context: CliContext) {
  const { createCarrierIo } = await import('../../server/carrier-io.js');
  return openCarrier(await readInput(what, context), createCarrierIo());
}

function lines(mark: string | undefined, { headline, steps, wouldHaveToChange }: Explanation, { say }: Call): string[] {
  const changes =
    wouldHaveToChange.length === 0
      ? []
      : ['', say('要改变结果:', 'What would have to change:'), ...wouldHaveToChange.map((change) => `  · ${change}`)];
  return [
    mark === undefined ? headline : `${mark} ${headline}`,
    ...steps.flatMap(({ type, text, details }) => [
      '',
      `  ${STEP_MARKS[type]} ${text}`,
      ...details.map((detail) => `      ${detail}`),
    ]),
    ...changes,
  ];
}
