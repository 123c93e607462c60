import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import type { Call, CommandResult } from '../context.js';
import { programName } from '../program-name.js';
import { createServiceClient } from '../service-client.js';
import { operationName } from './batch-text.js';
import { download } from './download.js';
import { serviceOptions } from './options.js';

/** What there are sheets for. */
export const TEMPLATE_OPERATIONS = ['issue', 'correct', 'revoke', 'suspend', 'reinstate'] as const;

const options = z.object({
  ...serviceOptions,
  out: z.string().regex(/\.(?:xlsx|csv)$/i, { error: 'expected a file name ending in .xlsx or .csv' }),
});

/** `yizheng batch template`: the sheet to fill in, with what this institution may issue. */
export async function fetchTemplate(call: Call): Promise<CommandResult> {
  const { issuer, keyFile, out } = call.options(options);
  const operation = call.args[0] ?? 'issue';
  if (!(TEMPLATE_OPERATIONS as readonly string[]).includes(operation))
    throw new YizhengError('OPTION_INVALID', `operation: Expected one of ${TEMPLATE_OPERATIONS.join(', ')}.`, {
      at: 'operation',
    });
  const service = await createServiceClient(issuer, keyFile);
  const format = out.toLowerCase().endsWith('.csv') ? 'csv' : 'xlsx';
  await download(service, { path: `/batch-templates/${operation}.${format}?lang=${call.language}`, file: out });
  const name = operationName(operation, call.say);
  const verb = operation === 'issue' ? 'run' : operation;
  const next = `${programName()} batch ${verb} ${out} --out <folder> --issuer ${issuer} --key-file ${keyFile}`;
  return {
    json: { file: out, operation },
    text: [
      `✔ ${out}`,
      call.say(
        `填好后${name}(先检查、再询问):${next}`,
        `Fill it in, then ${name} (it is checked first, and asks): ${next}`,
      ),
    ],
  };
}
