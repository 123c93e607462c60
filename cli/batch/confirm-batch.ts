import { z } from 'zod';
import { programName } from '../program-name.js';
import { YizhengError } from '../../shared/errors.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { EXIT } from '../exit-code.js';
import { createServiceClient, type ServiceClient } from '../service-client.js';
import { batchAnswer, readAnswer, type BatchAnswer } from './answers.js';
import { serviceOptions } from './options.js';
import { endCode, endLine } from './run-sheet.js';
import { startBatch, type Access } from './start-batch.js';
import { askForEver, isIrreversible, standDown } from './take-back.js';
import { readBatch } from './watch-batch.js';

const confirmOptions = z.object({
  ...serviceOptions,
  goodRows: z.boolean().optional(),
  yes: z.boolean().optional(),
});
const voidOptions = z.object({ ...serviceOptions, yes: z.boolean().optional() });

/**
 * `yizheng batch confirm`: starts a batch that was checked and follows it to its end. Before certificates are revoked for ever it asks
 * again. Exit code as `run`.
 * @throws YizhengError `CONFIRMATION_NEEDED` where nobody can be asked
 */
export async function confirmBatch(call: Call, context: CliContext): Promise<CommandResult> {
  const { issuer, keyFile, goodRows, yes } = call.options(confirmOptions);
  const service = await createServiceClient(issuer, keyFile);
  const id = call.args[0] ?? '';
  const checked = await readBatch(service, id);
  const rows = goodRows === true ? 'good' : 'all';
  const isRefused = rows === 'all' && checked.wrong > 0;
  if (isIrreversible(checked) && checked.state === 'checked' && checked.ready > 0 && !isRefused && yes !== true) {
    requirePerson(context);
    if (!(await askForEver(service, checked, call, context.terminal))) return notAgreed(service, id, call);
  }
  return finish(service, { id, rows }, { issuer, keyFile }, call, context);
}

/**
 * `yizheng batch void-session`: withdraws every certificate of one assessment (E13), after saying which and how many, and follows that to
 * its end. Exit code as `run`.
 * @throws YizhengError `CONFIRMATION_NEEDED` where nobody can be asked
 */
export async function voidSession(call: Call, context: CliContext): Promise<CommandResult> {
  const { issuer, keyFile, yes } = call.options(voidOptions);
  if (yes !== true) requirePerson(context);
  const service = await createServiceClient(issuer, keyFile);
  const body = { assessmentId: call.args[0] ?? '' };
  const checked: BatchAnswer = readAnswer(
    batchAnswer,
    await service.json({ method: 'POST', path: '/batches/void-session', body }),
  );
  if (yes !== true && !(await askForEver(service, checked, call, context.terminal)))
    return notAgreed(service, checked.id, call);
  return finish(service, { id: checked.id, rows: 'all' }, { issuer, keyFile }, call, context);
}

function requirePerson({ terminal }: CliContext): void {
  if (!terminal.canAsk)
    throw new YizhengError('CONFIRMATION_NEEDED', 'Nobody can be asked here: add --yes.', { at: '--yes' });
}

async function notAgreed(service: ServiceClient, id: string, call: Call): Promise<CommandResult> {
  const { batch, text } = await standDown(service, id, call);
  return { exitCode: EXIT.refused, json: { batch }, text };
}

async function finish(
  service: ServiceClient,
  wanted: { id: string; rows: 'all' | 'good' },
  access: Access,
  call: Call,
  context: CliContext,
): Promise<CommandResult> {
  const started = await startBatch(service, wanted, access, call, context);
  if (!('over' in started)) return { exitCode: EXIT.undetermined, json: { batch: started.batch }, text: started.text };
  const { over } = started;
  return {
    exitCode: endCode(over),
    json: { batch: over },
    text: [
      endLine(over, call),
      call.say('领取结果:', 'To fetch the results:'),
      `  ${programName()} batch results ${over.id} --out ${call.say('<文件夹>', '<folder>')} --issuer ${access.issuer} --key-file ${access.keyFile}`,
    ],
  };
}
