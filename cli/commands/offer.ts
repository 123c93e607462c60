import type { Command } from 'commander';
import { z } from 'zod';
import { CERTIFICATE_FORMS } from '../../shared/proof/forms/certificate-form.js';
import { drawQrSymbol, qrToTerminal } from '../../shared/carrier/qr-symbol.js';
import { YizhengError } from '../../shared/errors.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { createFile } from '../create-file.js';
import { offerSlip } from '../offer-slip.js';
import { serviceUrlOption } from '../option-schemas.js';
import { createServiceClient, type ServiceClient } from '../service-client.js';

const formats = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(CERTIFICATE_FORMS)).min(1));

const offerOptions = z.object({
  issuer: serviceUrlOption,
  keyFile: z.string(),
  days: z.coerce.number().int().min(1).max(30).optional(),
  formats: formats.optional(),
  txCode: z.boolean(),
  slip: z.string().optional(),
  batch: z
    .string()
    .regex(/^[0-9a-f]{24}$/, { error: 'expected the id of a batch' })
    .optional(),
  out: z.string().optional(),
  json: z.boolean().optional(),
});
type OfferOptions = z.infer<typeof offerOptions>;

const madeSchema = z.object({
  id: z.string(),
  uri: z.string(),
  walletLink: z.string().optional(),
  txCode: z.string().optional(),
  codeWithheld: z.boolean().optional(),
  expiresAt: z.string(),
});

/** `yizheng offer`: hands a certificate, or all of a batch, to the wallets of those it belongs to. */
export function registerOffer(program: Command, context: CliContext): void {
  program
    .command('offer [certificate]')
    .summary('发到证书夹 · offer to a wallet')
    .description(
      '让持证人把证书收进手机里的证书夹(OpenID4VCI):给出二维码和领取码,领取码只显示这一次,请另行交给本人\n' +
        'Let a holder take a certificate into any wallet (OpenID4VCI): gives a QR code and a transaction code, shown this once; give the code to the holder another way',
    )
    .requiredOption('--issuer <url>', '机构地址 · address of the institution, https://<host>/institutions/<code>')
    .requiredOption('--key-file <file>', 'API 密钥文件,权限 0600 · file with the API key, mode 0600')
    .option('--days <n>', '有效天数,默认 7 · days it is valid, 7 unless given')
    .option('--formats <list>', `格式,默认全部 · formats, all unless given: ${CERTIFICATE_FORMS.join(',')}`)
    .option(
      '--no-tx-code',
      '不用领取码:当面领取,十分钟内有效 · no transaction code: taken at the counter within ten minutes',
    )
    .option('--slip <file>', '写一张可打印的领取单(HTML) · write a slip to print (HTML)')
    .option('--batch <id>', '整批证书,写成 CSV · every certificate of a batch, as CSV')
    .option('--out <file>', 'CSV 写到哪个新文件 · new file for the CSV')
    .action(context.act((call) => offer(call)));
}

async function offer(call: Call): Promise<CommandResult> {
  const options = call.options(offerOptions);
  const service = await createServiceClient(options.issuer, options.keyFile);
  const [certificate] = call.args;
  if (options.batch !== undefined) return offerBatch(call, service, options.batch, options);
  if (certificate === undefined)
    throw new YizhengError('OPTION_INVALID', 'Name a certificate by number or id, or a batch with --batch.', {
      at: '<certificate>',
    });
  return offerOne(call, service, certificate, options);
}

async function offerOne(
  call: Call,
  service: ServiceClient,
  certificate: string,
  options: OfferOptions,
): Promise<CommandResult> {
  const answer = madeSchema.safeParse(
    await service.json({
      method: 'POST',
      path: `/certificates/${encodeURIComponent(certificate)}/offers`,
      body: { ...requestOf(options), txCode: options.txCode },
    }),
  );
  if (!answer.success) throw notAnIssuer();
  const made = answer.data;
  if (options.slip !== undefined) await createFile(options.slip, offerSlip({ ...made, certificate }));
  // Drawn by us from what the service said, with terminal colours, so it does not pass the guard for foreign text.
  if (options.json !== true && process.stdout.isTTY)
    process.stdout.write(`\n${qrToTerminal(drawQrSymbol([{ mode: 'byte', data: made.uri }]))}\n\n`);
  const { say } = call;
  return {
    json: { ...made, ...(options.slip === undefined ? {} : { slip: options.slip }) },
    text: [
      `✔ ${say('可领取', 'Offered')} ${certificate}`,
      `  ${say('链接', 'link')}    ${made.uri}`,
      ...(made.walletLink === undefined ? [] : [`  ${say('网页', 'web')}    ${made.walletLink}`]),
      ...(made.txCode === undefined ? [] : [`  ${say('领取码', 'code')}  ${made.txCode}`]),
      ...(made.codeWithheld
        ? [
            `  ${say('领取码', 'code')}  ${say('由另一位工作人员核对持证人证件后告知(工作台 → 证书)', 'told by a second person who has checked the holder’s document (console → Certificates)')}`,
          ]
        : []),
      `  ${say('有效到', 'until')}  ${made.expiresAt}`,
      ...(options.slip === undefined ? [] : [`  ${options.slip}`]),
    ],
  };
}

async function offerBatch(
  call: Call,
  service: ServiceClient,
  batch: string,
  options: OfferOptions,
): Promise<CommandResult> {
  const { out } = options;
  if (out === undefined)
    throw new YizhengError('OPTION_INVALID', '--out: name a new file for the links and codes.', { at: '--out' });
  if (!options.txCode)
    throw new YizhengError('OPTION_INVALID', '--no-tx-code: links of a batch travel, so they need a code.', {
      at: '--no-tx-code',
    });
  const csv = await service.bytes({
    method: 'POST',
    path: `/batches/${batch}/offers.csv?lang=${call.language}`,
    body: requestOf(options),
    accept: 'text/csv',
  });
  await createFile(out, csv);
  return { json: { batch, file: out }, text: `✔ ${out}` };
}

function requestOf({ days, formats: wanted }: OfferOptions): { formats?: string[]; expiresInSeconds?: number } {
  return {
    ...(wanted === undefined ? {} : { formats: wanted }),
    ...(days === undefined ? {} : { expiresInSeconds: days * 86_400 }),
  };
}

function notAnIssuer(): YizhengError {
  return new YizhengError('SERVICE_ANSWER', 'The service answered, but not as an issuer does.', { status: 502 });
}
