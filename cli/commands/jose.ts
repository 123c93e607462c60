import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { z } from 'zod';
import { readVerificationMethodFile } from '../../keys/verification-method-file.js';
import { YizhengError } from '../../shared/errors.js';
import { CREDENTIAL_LIMITS, parseJsonObject } from '../../shared/json/parse-json.js';
import { secureDocument } from '../../shared/proof/jose/secure-document.js';
import { assertSecuredShape } from '../../shared/proof/jose/secured-shape.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { EXIT } from '../exit-code.js';
import { parseDisclosures } from '../jose/disclosures.js';
import { FEATURES, type Feature } from '../jose/features.js';
import { verifyWithKey } from '../jose/verify-with-key.js';
import { instantOption } from '../option-schemas.js';
import { readFileChecked } from '../read-input.js';
import { replaceFile } from '../replace-file.js';

const common = z.object({
  input: z.string(),
  key: z.string(),
  feature: z.enum(Object.keys(FEATURES) as [Feature, ...Feature[]]),
  output: z.string().min(1),
});
const issueOptions = common.extend({ disclosures: z.string().max(4000).optional() });
const verifyOptions = common.extend({ at: instantOption.optional() });
/** What others read out of the output file. */
interface JoseResult {
  result: 'success' | 'failure';
  /** The secured text, or the verified document as JSON; of a failure code and sentence. */
  data: string;
  /** Verified, but these would refuse it today; only without `--at`. */
  notes?: string[];
}

/** `yizheng jose`: secures and verifies documents with a key from a file, as suites of others call it (docs/standards.md). */
export function registerJose(program: Command, context: CliContext): void {
  const group = program
    .command('jose')
    .summary('VC-JOSE-COSE 互操作 · VC-JOSE-COSE with a given key')
    .description(
      '用文件里的密钥签或验 VC-JOSE-COSE;只回答签名对不对,不判断签发者、时间和认可\n' +
        'Secure or verify VC-JOSE-COSE with the key of a file: says whether the signature holds, judges neither issuer nor trust',
    );
  withCommonOptions(
    group.command('issue').summary('签 · secure').description('签一份凭证或出示\nSecure a credential or presentation'),
  )
    .option('--disclosures <paths>', 'SD-JWT 可不出示的项 · members a holder may leave out: a.b,c[0] or a JSON list')
    .action(context.act((call) => report(call, call.options(issueOptions).output, () => issue(call))));
  withCommonOptions(
    group.command('verify').summary('验 · verify').description('验一份凭证或出示\nVerify a credential or presentation'),
  )
    .option('--at <time>', '按这个时间判断有效期 · judge its times at this instant')
    .action(context.act((call) => report(call, call.options(verifyOptions).output, () => verify(call, context))));
}

function withCommonOptions(command: Command): Command {
  return command
    .requiredOption('--input <file>', '要签的 JSON,或要验的文本 · JSON to secure, or text to verify')
    .requiredOption('--key <file>', '验证方法(JWK)· verification method with publicKeyJwk, secretKeyJwk')
    .requiredOption('--feature <name>', Object.keys(FEATURES).join(' | '))
    .requiredOption('--output <file>', '结果写到这里 · where {result, data} goes');
}

async function issue(call: Call): Promise<JoseResult> {
  const { input, key, feature, disclosures } = call.options(issueOptions);
  const { form, kind } = FEATURES[feature];
  const { signer } = readVerificationMethodFile(await readFileChecked(key));
  if (signer === undefined)
    throw new YizhengError('KEY_FILE_PUBLIC', 'The key file holds no private key to sign with.');
  const document = parseJsonObject(await readFileChecked(input, CREDENTIAL_LIMITS.maxBytes));
  assertSecuredShape(document, kind);
  const data = await secureDocument(document, {
    form,
    kind,
    signer,
    disclosable: parseDisclosures(disclosures),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
  });
  return { result: 'success', data };
}

async function verify(call: Call, context: CliContext): Promise<JoseResult> {
  const { input, key, feature, at } = call.options(verifyOptions);
  const text = new TextDecoder().decode(await readFileChecked(input, 256 * 1024)).trim();
  const { document, problems } = await verifyWithKey(text, {
    ...FEATURES[feature],
    method: readVerificationMethodFile(await readFileChecked(key)),
    now: at ?? context.now().toISOString(),
  });
  const [problem] = problems;
  if (at !== undefined && problem !== undefined) return { result: 'failure', data: problem };
  return {
    result: 'success',
    data: JSON.stringify(document),
    ...(problems.length > 0 && { notes: problems }),
  };
}

/** Whatever goes wrong is a failure written down, so that a suite never waits for a file. */
async function report(call: Call, output: string, work: () => Promise<JoseResult>): Promise<CommandResult> {
  const result = await work().catch((error: unknown): JoseResult => {
    if (!(error instanceof YizhengError)) throw error;
    return { result: 'failure', data: `${error.code}: ${error.message}` };
  });
  await replaceFile(output, `${JSON.stringify(result, null, 2)}\n`);
  const passed = result.result === 'success';
  const notes = result.notes === undefined ? '' : ` (${result.notes.join(', ')})`;
  return {
    exitCode: passed ? EXIT.accepted : EXIT.refused,
    json: result,
    text: passed
      ? `${call.say('签名对', 'done')}${notes}: ${output}`
      : `${call.say('不通过', 'failed')}: ${result.data}`,
  };
}
