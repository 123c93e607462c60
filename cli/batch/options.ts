import type { Command } from 'commander';
import { z } from 'zod';
import { serviceUrlOption } from '../option-schemas.js';

/** Options every command about batches takes. */
export const serviceOptions = { issuer: serviceUrlOption, keyFile: z.string() };

/** What a batch can hand out for each certificate. */
export const FILE_KINDS = ['qr', 'pdf', 'credential'] as const;

const rowNumber = z.coerce.number({ error: 'expected the number of a row' }).int().min(1).optional();

/** Options of commands that write results. */
export const resultOptions = {
  out: z.string(),
  files: z
    .string()
    .transform((text) => (text === 'none' ? [] : text.split(',')))
    .pipe(z.array(z.enum(FILE_KINDS, { error: `Expected one of ${FILE_KINDS.join(', ')}, none` })))
    .default(['qr', 'pdf']),
  from: rowNumber,
  to: rowNumber,
};

/** Adds the options of {@link serviceOptions} to a command. */
export function withService(command: Command): Command {
  return command
    .requiredOption('--issuer <url>', '机构地址 · address of the institution, https://<host>/institutions/<code>')
    .requiredOption('--key-file <file>', 'API 密钥文件,权限 0600 · file with the API key, mode 0600');
}

/** Adds the options of {@link resultOptions} to a command. */
export function withResults(command: Command): Command {
  return command
    .requiredOption('--out <folder>', '结果写到哪个文件夹 · folder the results are written to')
    .option(
      '--files <list>',
      '压缩包里放什么:qr,pdf,credential 或 none;默认 qr,pdf · what the ZIP holds: qr,pdf,credential or none; qr,pdf unless told',
    )
    .option('--from <row>', '从表格的第几行起 · first row of the sheet')
    .option('--to <row>', '到表格的第几行止 · last row of the sheet');
}
