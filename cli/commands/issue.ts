import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import { parseJsonObject } from '../../shared/json/parse-json.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { serviceUrlOption } from '../option-schemas.js';
import { readInput } from '../read-input.js';
import { createServiceClient } from '../service-client.js';

/** What is handed out for one certificate, by file name. */
const FILES = ['credential.json', 'qr.txt', 'qr.svg', 'qr.png', 'certificate.pdf'] as const;

const issueOptions = z.object({ issuer: serviceUrlOption, keyFile: z.string(), out: z.string() });
const issued = z.object({
  id: z.string(),
  certificateNumber: z.string(),
  qr: z.object({ version: z.number(), withinBudget: z.boolean() }),
});

/** `yizheng issue`: one exam result in, one certificate with everything to hand out. */
export function registerIssue(program: Command, context: CliContext): void {
  program
    .command('issue <exam-result>')
    .summary('签发证书 · issue a certificate')
    .description(
      '把一份考核结果(JSON,“-”为标准输入)交给签发服务,取回凭证、二维码和 PDF;同一份结果重复提交只签发一次\n' +
        'Send one exam result (JSON, "-" for standard input) to the issuer; writes credential, QR code and PDF. ' +
        'The same result sent again is issued once',
    )
    .requiredOption('--issuer <url>', '机构地址 · address of the institution, https://<host>/institutions/<code>')
    .requiredOption('--key-file <file>', 'API 密钥文件,权限 0600 · file with the API key, mode 0600')
    .requiredOption(
      '--out <folder>',
      '写到哪个文件夹;每张证书一个子文件夹 · folder to write to; each certificate gets one of its own in it',
    )
    .action(context.act((call) => issue(call, context)));
}

async function issue(call: Call, context: CliContext): Promise<CommandResult> {
  const { issuer, keyFile, out } = call.options(issueOptions);
  const exam = await readInput(call.args[0] ?? '-', context);
  parseJsonObject(exam);
  const text = typeof exam === 'string' ? exam : new TextDecoder().decode(exam);
  const service = await createServiceClient(issuer, keyFile);
  const answer = issued.safeParse(
    await service.json({
      method: 'POST',
      path: '/certificates',
      body: text,
      headers: { 'idempotency-key': `cli.${service.digest(text)}` },
    }),
  );
  if (!answer.success)
    throw new YizhengError('SERVICE_ANSWER', 'The service answered, but not as an issuer does.', { status: 502 });
  const { id, certificateNumber, qr } = answer.data;
  const path = `/certificates/${encodeURIComponent(id)}`;
  const folder = join(out, certificateNumber);
  const files: [string, Uint8Array][] = [];
  for (const name of FILES)
    files.push([join(folder, name), await service.bytes({ method: 'GET', path: `${path}/${name}`, accept: '*/*' })]);
  await writeFiles(folder, files);
  return {
    json: { id, certificateNumber, qr, files: files.map(([file]) => file) },
    text: [
      `✔ ${call.say('已签发', 'Issued')} ${certificateNumber}`,
      ...files.map(([file]) => `  ${file}`),
      ...(qr.withinBudget
        ? []
        : [
            call.say(
              `! 二维码较密(版本 ${qr.version}),请放大打印。`,
              `! The QR code is dense (version ${qr.version}); print it larger.`,
            ),
          ]),
    ],
  };
}

async function writeFiles(folder: string, files: readonly [string, Uint8Array][]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const [file, bytes] of files) await writeFile(file, bytes, { mode: 0o600 });
  } catch (cause) {
    throw new YizhengError(
      'FILE_UNWRITABLE',
      `${folder} cannot be written to; run it again, nothing is issued twice.`,
      {
        cause,
      },
    );
  }
}
