import type { Command } from 'commander';
import { openCarrier, type OpenedCarrier } from '../../shared/carrier/open-carrier.js';
import { findLevel, type Level } from '../../shared/certificate/level.js';
import { YizhengError } from '../../shared/errors.js';
import type { ShownCertificate } from '../../shared/certificate/shown-certificate.js';
import { readCertificate } from '../../shared/verdict/read-certificate.js';
import { translator } from '../../shared/verdict/translator.js';
import type { Call, CliContext } from '../context.js';
import { readInput } from '../read-input.js';

const CARRIERS: Readonly<Record<OpenedCarrier['carrier'], readonly [chinese: string, english: string]>> = {
  json: ['JSON 文件', 'JSON file'],
  qr: ['二维码文字', 'QR text'],
  image: ['二维码照片', 'picture of a QR code'],
  pdf: ['PDF 文件', 'PDF file'],
  'cbor-ld': ['CBOR-LD 二维码', 'CBOR-LD QR code'],
  jwt: ['签名文本(JWT)', 'signed text (JWT)'],
  'sd-jwt': ['可选披露证书(SD-JWT)', 'certificate with selective disclosure (SD-JWT)'],
};
const FORMS: Readonly<Record<NonNullable<OpenedCarrier['form']>, readonly [chinese: string, english: string]>> = {
  compact: ['紧凑写法', 'compact form'],
  dictionary: ['通用写法', 'general form'],
};

/** `yizheng inspect`: shows what a carrier holds, and says that it judged nothing. */
export function registerInspect(program: Command, context: CliContext): void {
  program
    .command('inspect <file>')
    .summary('查看内容,不核验 · show what it holds, without judging')
    .description(
      '显示证书文件或二维码里写了什么;不核验真伪,不能作为认可的依据\n' +
        'Show what a certificate file or QR code says; nothing is verified, do not rely on it',
    )
    .action(
      context.act(async (call) => {
        const { createCarrierIo } = await import('../../server/carrier-io.js');
        const opened = await openCarrier(await readInput(call.args[0] ?? '-', context), createCarrierIo());
        const { carrier, form, host, document } = opened;
        return {
          json: { verified: false, carrier, form: form ?? null, host: host ?? null, document },
          text: inspection(call, opened),
        };
      }),
    );
}

function inspection({ say, language }: Call, { carrier, form, host, json, document }: OpenedCarrier): string[] {
  const record = recordOf(json);
  const label = translator(language);
  const column = language === 'en' ? 1 : 0;
  return [
    say('【未核验】以下只是它自己写的内容,真伪未知。', '[NOT VERIFIED] This is only what it says of itself.'),
    `${say('载体', 'carrier')}: ${CARRIERS[carrier][column]}${form === undefined ? '' : say('(', ' (') + FORMS[form][column] + say(')', ')')}`,
    ...(host === undefined
      ? []
      : [`${say('二维码里的网址(不可信)', 'host in the QR code (proves nothing)')}: ${host}`]),
    ...(record === undefined
      ? [say('不是本系统的证书格式。', 'Not written as one of our certificates.')]
      : [
          `${label('label.certificateNumber')}: ${record.certificateNumber}`,
          `${label('label.name')}: ${record.holder.name ?? say('(没有出示)', '(not shown)')}`,
          ...(record.occupation ? [`${label('label.occupation')}: ${record.occupation.name} (${record.occupation.code})`] : []), // prettier-ignore
          ...(record.level ? [`${label('label.level')}: ${levelName(record.level, column)}`] : []),
          `${label('label.institution')}: ${record.issuer.name}  ${record.issuer.id}`,
          `${label('label.authority')}: ${record.authority.name}  ${record.authority.id}`,
          `${label('label.issuedOn')}: ${record.issuedOn}`,
        ]),
    '',
    JSON.stringify(document, null, 2),
  ];
}

function levelName(level: Level, column: 0 | 1): string {
  const found = findLevel(level);
  const code = `${level.framework} ${level.value}`;
  return found === undefined ? code : `${column === 0 ? found.nameZh : found.nameEn} (${code})`;
}

function recordOf(json: string): ShownCertificate | undefined {
  try {
    return readCertificate(json)?.record;
  } catch (error) {
    if (error instanceof YizhengError) return undefined;
    throw error;
  }
}
